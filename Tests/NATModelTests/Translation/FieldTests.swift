// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// Behaviour of routers in the field that the standards do not mention.
@Suite("In the field")
struct FieldTests {
  private func table(_ edit: (inout NATBehavior) -> Void) -> PacketTable {
    var table = PacketTable()
    table.change(edit)
    return table
  }

  @Test func theInsidePortOrNone() {
    var table = table { $0.portAssignment = .preserveOrRefuse }
    table.play(
      """
      out udp alice:3074 > bob:1  | home:3074 > bob:1 +1
      out udp carol:3074 > dave:1 | ports-exhausted
      out udp carol:3075 > dave:1 | home:3075 > dave:1 +2
      out tcp carol:3074 > dave:1 syn | home:3074 > dave:1 +3
      """)
  }

  @Test func aRangeOfSharedPorts() throws {
    var table = table {
      $0.portAssignment = .overloadWithin(5_000...5_001)
      $0.mapping = .addressAndPortDependent
    }
    table.play(
      """
      out udp alice:5000 > bob:1 | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2
      out udp carol:5000 > bob:1 | home:5001 > bob:1 +3
      out udp carol:5001 > bob:1 | ports-exhausted
      out icmp alice:7 > bob:7 echo-request | home:7 > bob:7 +4
      """)
  }

  @Test func theMiddleOfAConnection() {
    var table = table { $0.midstream = .dropped }
    table.play(
      """
      out tcp alice:5 > bob:80 ack | invalid
      out tcp alice:5 > bob:80 syn | home:62000 > bob:80 +1
      out tcp alice:5 > bob:80 ack | home:62000 > bob:80 ~1
      wait 3h
      out tcp alice:5 > bob:80 ack | invalid
      """)
    table.change { $0.midstream = .pickedUp }
    table.play("out tcp alice:5 > bob:80 ack | home:62001 > bob:80 +2")
  }

  @Test(arguments: [FlowTracking.mappings, .connections], EndpointDependence.allCases)
  func whatIsNobodysGoesToTheDefaultHost(_ tracking: FlowTracking, _ mapping: EndpointDependence) throws {
    var table = table {
      $0.tracking = tracking
      $0.mapping = mapping
    }
    try table.nat.setDefaultHost(PacketTable.address("erin"))
    table.play(
      """
      in  udp bob:1 > home:7000  | bob:1 > erin:7000 +1
      in  udp dave:1 > home:7000 | dave:1 > erin:7000 +2
      in  udp dave:1 > home:7000 | dave:1 > erin:7000 =2
      out udp erin:7000 > dave:1 | home:7000 > dave:1 ~2
      out udp erin:7000 > bob:1  | home:7000 > bob:1 ~1
      out udp alice:5 > bob:9    | home:62000 > bob:9 +3
      in  udp bob:9 > home:62000 | bob:9 > alice:5 =3
      in  udp dave:9 > home:62000 | filtered =3
      in  tcp bob:5 > home:22 syn | bob:5 > erin:22 +4
      out tcp erin:22 > bob:5 syn ack | home:22 > bob:5 ~4
      in  tcp bob:6 > home:23 rst | no-mapping
      in  icmp bob:7 > home:7 echo-request | no-mapping
      out udp erin:8000 > dave:1 | home:62001 > dave:1 +5
      """)
    try table.nat.setDefaultHost(nil)
    table.play("in udp bob:2 > home:7001 | no-mapping")
    #expect(throws: StaticMappingError.noSuchMapping) { try table.nat.setDefaultHost(nil) }
  }

  @Test func aHostWithAnAddressOfItsOwn() throws {
    var table = PacketTable(NATBehavior(), addresses: ["home", "home2"])
    let (own, erin) = (try #require(PacketTable.address("home2")), try #require(PacketTable.address("erin")))
    table.play("out udp erin:1 > bob:1 | home:62000 > bob:1 +1")
    try table.nat.pair(own, with: erin, at: table.now)
    table.play(
      """
      in  udp bob:1 > home:62000 | no-mapping
      in  udp bob:1 > home2:7000 | bob:1 > erin:7000
      out udp erin:1 > bob:1     | home2:1 > bob:1
      in  tcp dave:1 > home2:80 ack | dave:1 > erin:80
      in  icmp bob:7 > home2:7 echo-request | bob:7 > erin:7
      out udp alice:1 > bob:1    | home:62001 > bob:1 +2
      out udp carol:1 > bob:1    | home:62002 > bob:1 +3
      in  icmp isp > home2 port-unreachable about udp home2:1 > bob:1 | isp > erin about erin:1 > bob:1
      out icmp erin > bob port-unreachable about udp bob:1 > erin:7000 | home2 > bob about bob:1 > home2:7000
      out udp alice:1 > home2:80 | hairpin-off
      out udp erin:1 > home:62001 | hairpin-off
      """)
    table.change { $0.hairpinning = true }
    table.play(
      """
      out udp alice:1 > home2:80 | home:62001 > erin:80 back ~2
      out udp erin:80 > home:62001 | home2:80 > alice:1 back =2
      out udp erin:80 > home2:81 | home2:80 > erin:81 back
      """)
    #expect(throws: StaticMappingError.hasOwnAddress(erin, external: own)) {
      try table.nat.addStaticMapping(.udp, port: 80, to: Endpoint(erin, 80), at: table.now)
    }
    try table.nat.unpair(own)
    table.play("out udp erin:1 > bob:1 | home2:62000 > bob:1 +4")
  }

  @Test func eachHostHasPortsOfItsOwn() {
    var table = table {
      $0.portAssignment = .blocks(size: 2, within: 5_000...5_004)
      $0.lifetimes.icmp = .minutes(5)
    }
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      out udp carol:1 > bob:1 | home:5002 > bob:1 +2
      out udp alice:2 > bob:1 | home:5001 > bob:1 +3
      out udp alice:3 > bob:1 | ports-exhausted
      out tcp alice:3 > bob:1 syn | home:5000 > bob:1 +4
      out icmp carol:7 > bob:7 echo-request | home:5002 > bob:5002 +5
      out udp erin:1 > bob:1 | ports-exhausted
      """)
    #expect(table.nat.takeCrowded().map(\.used) == [2])
    table.play(
      """
      wait 6m
      out udp erin:1 > bob:1 | home:5000 > bob:1 +6
      """)
    #expect(table.nat.portBlocks.map(\.ports) == [5_000...5_001])
  }

  /// A host keeps its block on one outside address, whatever the pooling; the next address has blocks of its own.
  @Test func blocksOfSeveralAddresses() {
    var table = PacketTable(NATBehavior(), addresses: ["home", "home2"])
    table.change {
      $0.portAssignment = .blocks(size: 2, within: 5_000...5_001)
      $0.pooling = .arbitrary
    }
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      out udp alice:2 > bob:1 | home:5001 > bob:1 +2
      out udp carol:1 > bob:1 | home2:5000 > bob:1 +3
      out udp erin:1 > bob:1  | ports-exhausted
      """)
    table.change { $0.portAssignment = .blocks(size: 1, within: 5_000...5_003) }
    #expect(table.nat.portBlocks.map(\.ports.lowerBound) == [5_000, 5_000])
    table.play("out udp erin:1 > bob:1 | home2:5001 > bob:1 +4")
  }

  @Test func onlyForwardsAreTurnedRound() throws {
    var table = table {
      $0.hairpinning = true
      $0.hairpinsForwardsOnly = true
    }
    let web = try #require(PacketTable.endpoint("erin:80"))
    try table.nat.addStaticMapping(.udp, port: 80, to: web, at: table.now)
    table.play(
      """
      out udp carol:1 > bob:1    | home:62000 > bob:1 +2
      out udp alice:1 > home:80  | home:62001 > erin:80 back +3
      out udp alice:1 > home:62000 | hairpin-off
      out udp erin:80 > home:62001 | home:80 > alice:1 back ~1
      out udp erin:80 > home:62000 | hairpin-off
      """)
  }
}
