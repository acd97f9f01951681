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
      """)
  }
}
