// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

@Suite struct PrefixTranslationTests {
  private static func translation(_ inside: String, _ outside: String) throws -> PrefixTranslation {
    let (inside, outside) = (try #require(IPPrefix(inside)), try #require(IPPrefix(outside)))
    return try #require(PrefixTranslation(inside: inside, outside: outside))
  }

  /// The example of RFC 6296 §3.6, and the subnet after it.
  @Test(
    arguments: [
      ("fd01:203:405:1::1234", "2001:db8:1:d550::1234"), ("fd01:203:405:2::5678", "2001:db8:1:d551::5678"),
    ])
  func publishedExample(inside: String, outside: String) throws {
    let prefixes = try Self.translation("fd01:203:405::/48", "2001:db8:1::/48")
    #expect(prefixes.outward(try #require(IPAddress(inside))) == IPAddress(outside))
    #expect(prefixes.inward(try #require(IPAddress(outside))) == IPAddress(inside))
  }

  /// Whatever the address and the length, it comes back as itself, and no checksum over it changes.
  @Test(arguments: [("fd01:203:405::", 48), ("fd00::", 32), ("fd01:203:405:1100::", 56), ("fd01:203:405:1::", 64)])
  func neutralAndReversible(address: String, length: Int) throws {
    let (first, second) = (try #require(IPAddress(address)), try #require(IPAddress("2001:db8:9f3:7a40::")))
    let inside = try #require(IPPrefix(containing: first, length: length))
    let outside = try #require(IPPrefix(containing: second, length: length))
    let prefixes = try #require(PrefixTranslation(inside: inside, outside: outside))
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let host: UInt64 = length == 64 ? 0 : generator.next() >> UInt64(length)
      let original = IPAddress(uncheckedHigh: inside.address.high | host, low: generator.next() | 1)
      guard let changed = prefixes.outward(original) else { continue }
      #expect(outside.contains(changed) && prefixes.inward(changed) == original)
      #expect(Self.checksum(changed) == Self.checksum(original))
    }
  }

  /// The address's part of a transport's checksum: its words modulo 0xFFFF.
  private static func checksum(_ address: IPAddress) -> UInt64 {
    [address.high, address.low].reduce(0) { sum, bits in
      sum + [0, 16, 32, 48].reduce(0) { $0 + bits >> UInt64($1) & 0xFFFF }
    } % 0xFFFF
  }

  @Test func addressesThatHaveNoOther() throws {
    let short = try Self.translation("fd01:203:405::/48", "2001:db8:1::/48")
    #expect(short.outward(try #require(IPAddress("fd01:203:405:ffff::1"))) == nil)
    #expect(short.outward(try #require(IPAddress("fd01:203:406:1::1"))) == nil)
    let long = try Self.translation("fd01:203:405:1::/64", "2001:db8:1:2::/64")
    #expect(long.outward(try #require(IPAddress("fd01:203:405:1::"))) == nil)
    #expect(long.outward(try #require(IPAddress("fd01:203:405:1:ffff:ffff:ffff:ffff"))) == nil)
    #expect(
      PrefixTranslation(inside: try #require(IPPrefix("fd00::/48")), outside: try #require(IPPrefix("2001:db8::/32")))
        == nil)
  }

  /// No row for the exchange: only the firewall has one, and it refuses strangers as ever.
  @Test func inTheNAT() throws {
    var table = PacketTable(.home)
    table.change { $0.prefixTranslation = try? Self.translation("2001:db8:1::/48", "2001:db8:77::/48") }
    let outside = try #require(PacketTable.address("alice6out"))
    #expect(table.nat.behavior.prefixTranslation?.outward(try #require(PacketTable.address("alice6"))) == outside)
    table.play(
      """
      in  udp bob6:1 > alice6out:5000 | firewall
      out udp alice6:5000 > bob6:1    | alice6out:5000 > bob6:1 +1
      in  udp bob6:1 > alice6out:5000 | bob6:1 > alice6:5000 =1
      in  udp bob6:2 > alice6out:5000 | filtered =1
      in  icmp dave6 > alice6out time-exceeded about udp alice6out:5000 > bob6:1 | dave6 > alice6 about alice6:5000 > bob6:1 =1
      out icmp alice6 > bob6 port-unreachable about udp bob6:1 > alice6:5000 | alice6out > bob6 about bob6:1 > alice6out:5000
      out udp alice6:5000 > alice6out:7000 | firewall
      at 5m
      in  udp bob6:1 > alice6out:5000 | expired =1
      """)
  }

  @Test func withoutFirewallEverybodyReachesEveryPort() {
    var table = PacketTable(.open)
    table.change { $0.prefixTranslation = try? Self.translation("2001:db8:1::/48", "2001:db8:77::/48") }
    table.play(
      """
      in  udp bob6:1 > alice6out:5000      | bob6:1 > alice6:5000
      out udp alice6:5000 > bob6:1         | alice6out:5000 > bob6:1
      out udp carol6:1 > alice6out:5000    | 2001:db8:77:ff89::11:1 > alice6:5000 back
      """)
    #expect(table.nat.count == 0, "nothing is remembered")
  }
}
