// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// Static mappings if connections are tracked, and the memory of mappings that have ended.
@Suite("Forwarded flows")
struct ForwardedFlowTests {
  private func forward(
    _ table: inout PacketTable, _ transport: TransportProtocol, _ port: UInt16, to inside: String
  ) throws {
    let target = try #require(PacketTable.endpoint(inside))
    try table.nat.addStaticMapping(transport, port: port, to: target, at: table.now)
  }

  /// A flow keeps the target that it began with, even if the rule changes or goes.
  @Test func aFlowOutlivesItsRule() throws {
    var table = PacketTable(.linux)
    try forward(&table, .udp, 80, to: "alice:8080")
    table.play(
      """
      in  udp bob:1 > home:80      | bob:1 > alice:8080 +2
      out udp alice:8080 > bob:1   | home:80 > bob:1 ~2
      out udp alice:8080 > dave:1  | home:8080 > dave:1 +3     # what it begins itself leaves as any other flow
      """)
    try table.nat.removeStaticMapping(.udp, port: 80, at: table.now)
    table.play(
      """
      in  udp bob:1 > home:80      | bob:1 > alice:8080 ~2
      in  udp dave:9 > home:80     | filtered =2
      """)
    try forward(&table, .udp, 80, to: "carol:8080")
    table.play(
      """
      in  udp bob:1 > home:80      | bob:1 > alice:8080 ~2
      in  udp dave:1 > home:80     | dave:1 > carol:8080 +5
      out udp alice:8080 > bob:1   | home:80 > bob:1 ~2
      out udp carol:8080 > dave:1  | home:80 > dave:1 ~5
      """)
    #expect(table.nat.mappings.filter(\.isForwarded).map(\.id) == [2, 5])
  }

  /// The router's own flow is older than the rule, and goes on without it until it times out.
  @Test func anOlderFlowMissesTheRule() throws {
    var table = PacketTable(.linux)
    table.play("in udp bob:1 > home:80 | no-mapping")
    try forward(&table, .udp, 80, to: "alice:8080")
    table.play(
      """
      in udp bob:1 > home:80  | no-mapping
      in udp bob:2 > home:80  | bob:2 > alice:8080 +2
      wait 31s
      in udp bob:1 > home:80  | bob:1 > alice:8080 +3
      """)
    #expect(table.nat.heldFlows(at: table.now).isEmpty)
  }

  /// A rule takes no port: a flow of an inside host may have it, and is found before the rule is.
  @Test func aRuleSharesItsPort() throws {
    var table = PacketTable(.linux)
    table.play("out udp alice:80 > bob:1 | home:80 > bob:1 +1")
    try forward(&table, .udp, 80, to: "carol:8080")
    table.play(
      """
      in  udp bob:1 > home:80    | bob:1 > alice:80 ~1
      in  udp dave:1 > home:80   | dave:1 > carol:8080 +3
      out udp alice:80 > dave:2  | home:80 > dave:2 +4
      in  udp dave:2 > home:80   | dave:2 > alice:80 ~4
      """)
  }

  @Test func tcpIsTrackedFromTheSideThatAsked() throws {
    var table = PacketTable(.linux)
    try forward(&table, .tcp, 80, to: "alice:8080")
    table.play(
      """
      in  tcp bob:1 > home:80 syn        | bob:1 > alice:8080 +2
      out tcp alice:8080 > bob:1 syn ack | home:80 > bob:1 ~2
      in  tcp bob:1 > home:80 ack        | bob:1 > alice:8080 ~2
      in  tcp bob:2 > home:80 fin ack    | invalid
      in  tcp dave:1 > home:80 syn       | dave:1 > alice:8080 +3
      out tcp alice:8080 > dave:1 rst    | home:80 > dave:1 =3
      """)
    #expect(table.nat.mappings.map(\.state) == [nil, "established"])
    let closed = table.nat.endedMapping(.tcp, external: Endpoint(table.nat.externalAddresses[0], 80))
    #expect(closed?.end?.cause == .reset(packet: 6))
  }

  /// Whoever has closed a connection may ask for another from the same port, and the rule lets it in anew.
  @Test func aClosedConnectionIsOpenedAgain() throws {
    var table = PacketTable(.linux)
    try forward(&table, .tcp, 80, to: "alice:8080")
    table.play(
      """
      in  tcp bob:1 > home:80 syn        | bob:1 > alice:8080 +2
      out tcp alice:8080 > bob:1 syn ack | home:80 > bob:1 ~2
      in  tcp bob:1 > home:80 ack        | bob:1 > alice:8080 ~2
      in  tcp bob:1 > home:80 fin ack    | bob:1 > alice:8080 ~2
      out tcp alice:8080 > bob:1 fin ack | home:80 > bob:1 ~2
      in  tcp bob:1 > home:80 ack        | bob:1 > alice:8080 ~2
      in  tcp bob:1 > home:80 syn        | bob:1 > alice:8080 +3
      """)
    #expect(table.nat.mappings.map(\.state) == [nil, "syn-sent"])
  }

  /// A packet whose TTL ends at the router begins nothing, whatever the rule would do with it.
  @Test func aDyingPacketBeginsNothing() throws {
    var table = PacketTable(.linux)
    try forward(&table, .udp, 80, to: "alice:8080")
    let bob = try #require(PacketTable.endpoint("bob:1"))
    let packet = Packet(.udp, from: bob, to: try #require(PacketTable.endpoint("home:80")))
    #expect(
      table.nat.translateDying(packet, from: .outside, at: table.now, number: 1) == .drop(.ttlExpired, .none))
    #expect(table.nat.mappings.count == 1)
  }

  /// The other way round, a static mapping is a mapping again.
  @Test func withoutTrackingItIsAMapping() throws {
    var table = PacketTable(.linux)
    try forward(&table, .udp, 80, to: "alice:8080")
    table.change { $0 = NATPreset.home.behavior }
    table.play(
      """
      in  udp bob:1 > home:80      | bob:1 > alice:8080 =1
      out udp alice:8080 > dave:1  | home:80 > dave:1 ~1
      """)
    table.change { $0 = NATPreset.linux.behavior }
    table.play("out udp alice:8080 > dave:2 | home:8080 > dave:2 +2")
  }

  /// The way a mapping ended is remembered.
  @Test func theCauseOfAMappingsEndIsRemembered() throws {
    var table = PacketTable(.linux)
    let home = table.nat.externalAddresses[0]
    func cause(_ transport: TransportProtocol, _ port: UInt16) -> Mapping.Cause? {
      table.nat.endedMapping(transport, external: Endpoint(home, port))?.end?.cause
    }
    table.play(
      """
      out tcp alice:5 > bob:80 syn | home:5 > bob:80 +1
      in  tcp bob:80 > home:5 rst  | bob:80 > alice:5 =1
      in  tcp bob:80 > home:5 ack  | no-mapping
      """)
    #expect(cause(.tcp, 5) == .reset(packet: 2))
    try forward(&table, .udp, 80, to: "alice:8080")
    try table.nat.removeStaticMapping(.udp, port: 80, at: table.now)
    table.play("in udp bob:1 > home:80 | no-mapping")
    #expect(cause(.udp, 80) == .unforwarded)
    table.play("out udp alice:7 > bob:1 | home:7 > bob:1 +3")
    table.nat.removeDynamicMappings(at: table.now)
    table.play("in udp bob:1 > home:7 | no-mapping")
    #expect(cause(.udp, 7) == .emptied)
    table.play("out udp alice:8 > bob:1 | home:8 > bob:1 +4\nwait 31s\nin udp bob:1 > home:8 | expired =4")
    #expect(cause(.udp, 8) == .timedOut)
    // The endpoint's present owner is what counts.
    table.play("out udp alice:7 > dave:1 | home:7 > dave:1 +5")
    #expect(cause(.udp, 7) == nil)
    var plain = PacketTable()
    plain.play("out udp alice:7 > bob:1 | home:62000 > bob:1 +1")
    try forward(&plain, .udp, 80, to: "alice:7")
    plain.play("in udp bob:1 > home:62000 | no-mapping")
    #expect(plain.nat.endedMapping(.udp, external: Endpoint(home, 62_000))?.end?.cause == .replaced)
  }
}
