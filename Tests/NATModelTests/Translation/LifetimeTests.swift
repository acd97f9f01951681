// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// How long a mapping lives and what keeps it alive (RFC 4787 §4.3, RFC 5382 §5, RFC 5508 §3.2).
@Suite("Lifetimes")
struct LifetimeTests {
  /// A mapping lives up to, not including, its last instant.
  @Test(arguments: [
    ("udp", "", "299.999999s", "5m"), ("tcp", "syn", "239.999999s", "4m"), ("icmp", "", "59.999999s", "1m"),
  ])
  func theLastInstant(transport: String, flags: String, alive: String, dead: String) {
    let (alices, bobs, mapped) =
      transport == "icmp" ? ("alice:7", "bob", "home:62000") : ("alice:7", "bob:1", "home:62000")
    let seen = transport == "icmp" ? "bob:62000" : "bob:1"
    let back = transport == "icmp" ? "bob:7" : "bob:1"
    for (moment, outcome) in [(alive, "\(back) > alice:7 =1"), (dead, "expired =1")] {
      var table = PacketTable(.home)
      table.play(
        """
        out \(transport) \(alices) > \(bobs) \(flags) | \(mapped) > \(seen) +1
        at \(moment)
        in \(transport) \(transport == "icmp" ? "bob:62000 > home:62000" : "bob:1 > home:62000") | \(outcome)
        """)
    }
  }

  @Test func outboundPacketsRefresh() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:1 > bob:1  | home:62000 > bob:1 +1
      wait 4m
      out udp alice:1 > dave:1 | home:62000 > dave:1 ~1   # towards anyone
      wait 4m59s
      in udp bob:1 > home:62000 | bob:1 > alice:1 =1      # inbound ones do not
      in udp isp:1 > home:62000 | filtered =1
      wait 1s
      in udp bob:1 > home:62000 | expired =1
      """)
  }

  @Test func refreshBothWays() {
    var table = PacketTable(.home)
    table.change { $0.refresh = .both }
    table.play(
      """
      out udp alice:1 > bob:1   | home:62000 > bob:1 +1
      wait 4m
      in udp bob:1 > home:62000 | bob:1 > alice:1 ~1
      wait 4m
      in udp isp:1 > home:62000 | filtered =1     # who is turned away keeps nothing alive (RFC 4787 REQ-6)
      wait 59.999999s
      in udp bob:1 > home:62000 | bob:1 > alice:1 ~1
      wait 5m
      in udp bob:1 > home:62000 | expired =1
      """)
  }

  @Test func rowsEndInTheOrderOfTheirLastUse() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      wait 1s
      out udp alice:2 > bob:1 | home:62001 > bob:1 +2
      wait 1s
      out udp alice:3 > bob:1 | home:62002 > bob:1 +3
      wait 1s
      out udp alice:1 > bob:1 | home:62000 > bob:1 ~1
      """)
    #expect(table.nat.nextExpiry <= .zero + .seconds(301))
    table.nat.expire(at: .zero + .seconds(400))
    #expect(table.nat.expiredMappings(since: 0).map(\.id) == [2, 3, 1])
    #expect(table.nat.expiredMappings(since: 1).map(\.expiresAt) == [.zero + .seconds(302), .zero + .seconds(303)])
    #expect(table.nat.expiredTotal == 3 && table.nat.nextExpiry == .never)
    #expect(table.nat.expiredMappings(since: 3).isEmpty && table.nat.expiredMappings(since: 99).isEmpty)
  }

  @Test func udpStreams() {
    var table = PacketTable(.home)
    table.change {
      $0.lifetimes.udp = .seconds(30)
      $0.lifetimes.udpStream = .seconds(180)
    }
    table.play(
      """
      out udp alice:1 > bob:1   | home:62000 > bob:1 +1
      out udp alice:2 > bob:1   | home:62001 > bob:1 +2
      in udp bob:1 > home:62000 | bob:1 > alice:1 =1     # packets both ways: a stream from the next refresh on
      out udp alice:1 > bob:1   | home:62000 > bob:1 ~1
      at 30s
      in udp bob:1 > home:62001 | expired =2
      at 179.999999s
      in udp bob:1 > home:62000 | bob:1 > alice:1 =1
      at 3m
      in udp bob:1 > home:62000 | expired =1
      """)
  }

  @Test func netfiltersStreamsBeginTwoSecondsOn() {
    var table = PacketTable(.linux)
    table.play(
      """
      out udp alice:5000 > bob:1 | home:5000 > bob:1 +1
      at 1s
      in udp bob:1 > home:5000  | bob:1 > alice:5000 ~1
      at 30.999999s
      in udp bob:1 > home:5000  | bob:1 > alice:5000 ~1    # now for 120 s
      at 150.999998s
      in udp bob:1 > home:5000  | bob:1 > alice:5000 ~1
      wait 2m
      in udp bob:1 > home:5000  | expired =1
      """)
  }

  @Test func changedLifetimesHoldForNewRows() {
    var table = PacketTable(.home)
    table.play("out udp alice:1 > bob:1 | home:62000 > bob:1 +1")
    table.change { $0.lifetimes.udp = .seconds(10) }
    table.play(
      """
      out udp alice:2 > bob:1   | home:62001 > bob:1 +2
      at 10s
      in udp bob:1 > home:62001 | expired =2
      out udp alice:1 > bob:1   | home:62000 > bob:1 ~1
      at 309.999999s
      in udp bob:1 > home:62000 | bob:1 > alice:1 =1
      at 310s
      in udp bob:1 > home:62000 | expired =1
      """)
    for seconds in Int64(1)...40 {
      table.change { $0.lifetimes.udp = .seconds(seconds) }
      _ = table.play(udp: "alice:\(seconds)", to: "bob:1")
    }
    let born = table.now
    #expect(table.nat.mappings.map(\.expiresAt) == (1...40).map { born + .seconds($0) })
    #expect(table.nat.nextExpiry == born + .seconds(1))
  }

  @Test func aCarriersFreedPortRests() {
    var behavior = NATPreset.cgnat.behavior
    behavior.portAssignment = .random(5_000...5_000)
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      at 5m
      out udp alice:2 > bob:1 | ports-exhausted
      at 419.999999s
      out udp alice:2 > bob:1 | ports-exhausted
      at 7m
      out udp alice:2 > bob:1 | home:5000 > bob:1 +2
      """)
  }

  @Test func aRestingPortOutlivesAChangeOfAddresses() throws {
    var behavior = NATPreset.cgnat.behavior
    behavior.portAssignment = .random(5_000...5_000)
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      at 5m
      out udp alice:2 > bob:1 | ports-exhausted
      """)
    let addresses = ["home2", "home", "home"].compactMap(PacketTable.address)
    table.nat.setExternalAddresses(addresses, at: table.now)
    #expect(table.nat.externalAddresses.count == 2, "an address counts once")
    table.play(
      """
      out udp alice:3 > bob:1 | home2:5000 > bob:1 +2
      at 419s
      out udp carol:4 > bob:1 | ports-exhausted
      at 7m
      out udp carol:4 > bob:1 | home:5000 > bob:1 +3
      """)
  }

  @Test func aStaticMappingKeepsARestingPort() throws {
    var behavior = NATPreset.cgnat.behavior
    behavior.portAssignment = .random(5_000...5_001)
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:1 > bob:1 | home:5001 > bob:1 +1
      out udp alice:2 > bob:1 | home:5000 > bob:1 +2
      at 5m
      out udp alice:1 > bob:1 | ports-exhausted
      """)
    try table.nat.addStaticMapping(.udp, port: 5_000, to: #require(PacketTable.endpoint("carol:80")), at: table.now)
    table.play(
      """
      at 7m
      out udp alice:1 > bob:1 | home:5001 > bob:1 +4
      out udp alice:2 > bob:1 | ports-exhausted
      """)
  }
}
