// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@Suite("Prefixes and scopes")
struct PrefixTests {
  @Test(arguments: [
    "0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "192.168.1.4/31", "192.168.1.7/32", "::/0", "2001:db8::/32",
    "2001:db8::/64", "2001:db8:0:0:8000::/65", "2001:db8::1/128",
  ])
  func readsAndPrints(text: String) {
    #expect(IPPrefix(text)?.description == text)
  }

  @Test(arguments: [
    "", "/", "/24", "192.168.1.0", "192.168.1.0/", "192.168.1.0/33", "192.168.1.0/-1", "192.168.1.0/+8",
    "192.168.1.0/08",
    "192.168.1.1/24", "192.168.1.0/24/24", "2001:db8::/129", "2001:db8::1/64", "::1/127",
    "192.168.1.0/99999999999999999999",
  ])
  func refuses(text: String) {
    #expect(IPPrefix(text) == nil)
  }

  @Test(
    arguments: [
      ("192.168.1.0/24", "192.168.1.255", 256), ("0.0.0.0/0", "255.255.255.255", 1 << 32),
      ("10.0.0.0/31", "10.0.0.1", 2),
      ("10.0.0.1/32", "10.0.0.1", 1), ("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", UInt64.max),
      ("2001:db8::/65", "2001:db8::7fff:ffff:ffff:ffff", 1 << 63),
      ("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .max),
      ("2001:db8::5/128", "2001:db8::5", 1),
    ] as [(String, String, UInt64)])
  func endsAndCounts(text: String, last: String, count: UInt64) throws {
    let prefix = try #require(IPPrefix(text))
    #expect(prefix.lastAddress == IPAddress(last))
    #expect(prefix.addressCount == count)
  }

  @Test(arguments: [
    // prefix, address, contained, usable by a host
    ("192.168.1.0/24", "192.168.1.0", true, false), ("192.168.1.0/24", "192.168.1.1", true, true),
    ("192.168.1.0/24", "192.168.1.254", true, true), ("192.168.1.0/24", "192.168.1.255", true, false),
    ("192.168.1.0/24", "192.168.2.1", false, false), ("192.168.1.0/24", "192.168.0.255", false, false),
    ("10.0.0.0/31", "10.0.0.0", true, true), ("10.0.0.0/31", "10.0.0.1", true, true),
    ("10.0.0.7/32", "10.0.0.7", true, true), ("0.0.0.0/0", "8.8.8.8", true, true),
    ("0.0.0.0/0", "::1", false, false), ("::/0", "2001:db8::1", true, true),
    ("2001:db8::/64", "2001:db8::", true, false), ("2001:db8::/64", "2001:db8::1", true, true),
    ("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true, true), ("2001:db8::/64", "2001:db8:0:1::1", false, false),
    ("::/0", "8.8.8.8", false, false), ("2001:db8::/127", "2001:db8::", true, true),
    ("2001:db8::/64", "192.168.1.1", false, false),
  ])
  func contains(text: String, address: String, isContained: Bool, isHost: Bool) throws {
    let prefix = try #require(IPPrefix(text))
    let address = try #require(IPAddress(address))
    #expect(prefix.contains(address) == isContained)
    #expect(prefix.isHostAddress(address) == isHost)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/9", "10.128.0.0/9", false), ("::/0", "10.0.0.0/8", false),
    ("0.0.0.0/0", "10.0.0.1/32", true), ("2001:db8::/32", "2001:db8:1::/48", true),
  ])
  func overlaps(left: String, right: String, overlap: Bool) throws {
    let (left, right) = (try #require(IPPrefix(left)), try #require(IPPrefix(right)))
    #expect(left.overlaps(right) == overlap && right.overlaps(left) == overlap)
  }

  @Test func aPrefixIsMadeFromAnyOfItsAddresses() throws {
    let address = try #require(IPAddress("192.168.1.77"))
    #expect(IPPrefix(containing: address, length: 24)?.description == "192.168.1.0/24")
    #expect(IPPrefix(containing: address, length: 33) == nil)
    #expect(IPPrefix(containing: address, length: -1) == nil)
  }

  /// The first and the last address of each scope, and their neighbours on the other side of the boundary.
  @Test(
    arguments: [
      ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified), ("1.0.0.0", .public), ("9.255.255.255", .public),
      ("10.0.0.0", .private), ("10.255.255.255", .private), ("11.0.0.0", .public), ("100.63.255.255", .public),
      ("100.64.0.0", .shared), ("100.127.255.255", .shared), ("100.128.0.0", .public), ("126.255.255.255", .public),
      ("127.0.0.0", .loopback), ("127.255.255.255", .loopback), ("128.0.0.0", .public), ("169.253.255.255", .public),
      ("169.254.0.0", .linkLocal), ("169.254.255.255", .linkLocal), ("169.255.0.0", .public),
      ("172.15.255.255", .public),
      ("172.16.0.0", .private), ("172.31.255.255", .private), ("172.32.0.0", .public), ("192.0.1.255", .public),
      ("192.0.2.0", .documentation), ("192.0.2.255", .documentation), ("192.0.3.0", .public),
      ("192.167.255.255", .public),
      ("192.168.0.0", .private), ("192.168.255.255", .private), ("192.169.0.0", .public), ("198.51.99.255", .public),
      ("198.51.100.0", .documentation), ("198.51.100.255", .documentation), ("198.51.101.0", .public),
      ("203.0.112.255", .public), ("203.0.113.0", .documentation), ("203.0.113.255", .documentation),
      ("203.0.114.0", .public),
      ("223.255.255.255", .public), ("224.0.0.0", .multicast), ("239.255.255.255", .multicast),
      ("240.0.0.0", .reserved),
      ("255.255.255.254", .reserved), ("255.255.255.255", .broadcast),
      ("::", .unspecified), ("::1", .loopback), ("::2", .public), ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", .public),
      ("2001:db8::", .documentation), ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", .documentation),
      ("2001:db9::", .public),
      ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .public), ("3fff::", .documentation), ("3fff:fff::1", .documentation),
      ("3fff:1000::", .public), ("fbff:ffff::", .public), ("fc00::", .private), ("fdff:ffff::1", .private),
      ("64:ff9b:1::1", .private), ("64:ff9b:2::1", .public), ("64:ff9b::1", .public), ("fe00::", .public),
      ("fe7f:ffff::", .public), ("fe80::", .linkLocal), ("febf:ffff::1", .linkLocal),
      ("fec0::", .public), ("feff:ffff::", .public), ("ff00::", .multicast), ("ffff::1", .multicast),
    ] as [(String, AddressScope)])
  func scope(text: String, scope: AddressScope) throws {
    let address = try #require(IPAddress(text))
    #expect(address.scope == scope)
    #expect(scope.isRoutedOnInternet == (scope == .public || scope == .documentation))
  }
}
