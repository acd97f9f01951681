// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

@Suite struct EmbeddingPrefixTests {
  /// The table of RFC 6052 §2.4, all for 192.0.2.33.
  @Test(
    arguments: [
      ("2001:db8::/32", "2001:db8:c000:221::"), ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
      ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"), ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
      ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"),
      ("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33"), ("64:ff9b::/96", "64:ff9b::192.0.2.33"),
    ])
  func publishedExamples(prefix: String, embedded: String) throws {
    let prefix = try #require(IPPrefix(prefix).flatMap { EmbeddingPrefix($0) })
    let ipv4 = try #require(IPAddress("192.0.2.33"))
    #expect(prefix.embed(ipv4) == IPAddress(embedded))
    #expect(prefix.embedded(in: try #require(IPAddress(embedded))) == ipv4)
  }

  @Test(arguments: ["64:ff9b::/95", "192.0.2.0/24", "2001:db8::/33", "2001:db8:0:0:100::/96", "::/0"])
  func otherPrefixesHaveNoPlace(prefix: String) throws {
    #expect(EmbeddingPrefix(try #require(IPPrefix(prefix))) == nil)
  }

  @Test func onlyGlobalAddressesAreWellKnown() throws {
    let own = try #require(IPPrefix("2001:db8:64::/96").flatMap { EmbeddingPrefix($0) })
    let home = try #require(IPAddress("192.168.1.10"))
    #expect(!EmbeddingPrefix.wellKnown.mayStand(for: home) && own.mayStand(for: home))
    #expect(EmbeddingPrefix.wellKnown.mayStand(for: try #require(IPAddress("88.90.100.110"))))
    #expect(own.embedded(in: try #require(IPAddress("2001:db8:65::1"))) == nil)
  }
}
