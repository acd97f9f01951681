// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@Suite("Addresses as text")
struct AddressTextTests {
  /// RFC 5952 §4 and §5 by their own examples, and RFC 4291 §2.2's spellings: what is read, and how it prints.
  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("192.168.1.10", "192.168.1.10"),
    ("2001:0db8::0001", "2001:db8::1"),  // §4.1 leading zeros
    ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),  // §4.2.1 shorten as much as possible
    ("2001:db8::0:1", "2001:db8::1"),
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),  // §4.2.2 one group is not shortened
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // §4.2.3 the longest run
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),  // §4.2.3 the first of equal runs
    ("2001:DB8::ABCD", "2001:db8::abcd"),  // §4.3 lowercase
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"), ("0:0:0:0:0:0:0:1", "::1"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("FF01::101", "ff01::101"), ("::13.1.68.3", "::d01:4403"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("0:0:1::", "0:0:1::"),
  ])
  func reads(text: String, canonical: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == canonical)
    #expect(IPAddress(canonical) == address)
    #expect(address.isIPv4 == !canonical.contains(":"))
  }

  @Test(arguments: [
    "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.04", "1.2.3.4 ",
    "+1.2.3.4", "1.2.3.-4", "1.2.3.1000", "0x1.2.3.4", "١.2.3.4", "1,2,3,4",
    ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1::", "12345::", "g::",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "1.2.3.4::", "::1.2.3", "::256.1.1.1", "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "fe80::1%eth0", "[::1]", "::1/64", "1:2:3:4:5:6:7:8:", "::-1", "::é", "::ffff:1.2.3.4", "::ffff:0:0",
    "0:0:0:0:0:FFFF:1:2",
    "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
  ])
  func refuses(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func everyFamilyCountsItsBits() {
    #expect(AddressFamily.ipv4.bitWidth == 32 && AddressFamily.ipv6.bitWidth == 128)
    #expect(IPAddress("1.2.3.4")?.ipv4Bits == 0x0102_0304)
    #expect(IPAddress(ipv4: 0xC0A8_010A).description == "192.168.1.10")
    #expect(IPAddress(ipv6High: 0, low: 0xFFFF_0102_0304) == nil, "an IPv4-mapped address has its IPv4 spelling only")
    #expect(IPAddress(ipv6High: 1, low: 0xFFFF_0102_0304)?.description == "::1:0:ffff:102:304")
  }

  /// A printed address is read again as the same address.
  @Test func printingAndReadingAreInverse() {
    var generator = SeededGenerator(seed: 5952)
    for _ in 0..<2_000 {
      // Groups that are often zero, so that runs of every place and length come up.
      let words = (0..<2).map { _ in
        (0..<4).reduce(UInt64(0)) { word, _ in
          word << 16 | (generator.below(2) == 0 ? 0 : generator.next() & (generator.below(2) == 0 ? 0xF : 0xFFFF))
        }
      }
      guard let address = IPAddress(ipv6High: words[0], low: words[1]) else { continue }
      let text = address.description
      #expect(IPAddress(text) == address)
      #expect(!text.contains(":::") && !text.hasPrefix("0:0:0") || text.contains("::"))
      let four = IPAddress(ipv4: UInt32(truncatingIfNeeded: words[0]))
      #expect(IPAddress(four.description) == four)
    }
  }

  @Test(arguments: [
    ("192.0.2.1:4000", true), ("192.0.2.1:0", true), ("192.0.2.1:65535", true), ("[2001:db8::1]:4000", true),
    ("[::]:1", true), ("192.0.2.1", false), ("192.0.2.1:", false), ("192.0.2.1:65536", false), ("192.0.2.1:-1", false),
    ("192.0.2.1:+1", false), ("[192.0.2.1]:1", false), ("2001:db8::1:4000", false), ("[2001:db8::1]", false),
    ("[2001:db8::1]4000", false), ("[]:1", false), (":1", false), ("", false), ("192.0.2.1: 1", false),
    ("[::1:1", false), ("::1]:1", false),
  ])
  func readsEndpoints(text: String, isEndpoint: Bool) {
    #expect(Endpoint(text)?.description == (isEndpoint ? text : nil))
  }
}
