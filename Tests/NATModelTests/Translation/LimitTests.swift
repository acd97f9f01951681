// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// Full tables, used-up ports, static mappings, and the NAT's memory of mappings that timed out.
@Suite("Limits and memory")
struct LimitTests {
  @Test func aFullTableRefusesTheNewcomerOnly() throws {
    var table = PacketTable(.home)
    table.change { $0.maximumMappings = 2 }
    try table.nat.addStaticMapping(.udp, port: 80, to: #require(PacketTable.endpoint("erin:80")), at: .zero)
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +2
      out udp alice:2 > bob:1 | home:62001 > bob:1 +3
      out udp carol:1 > bob:1 | table-full
      out udp alice6:1 > bob6:1 | table-full
      out udp alice:1 > dave:1 | home:62000 > dave:1 ~2
      in  udp bob:1 > home:62001 | bob:1 > alice:2 =3
      at 5m
      out udp carol:1 > bob:1 | home:62002 > bob:1 +4
      """)
  }

  @Test func eachHostHasItsOwnLimit() {
    var table = PacketTable(.home)
    table.change { $0.maximumMappingsPerHost = 2 }
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      out tcp alice:2 > bob:1 syn | home:62000 > bob:1 +2
      out udp alice:3 > bob:1 | table-full
      out udp alice:1 > dave:1 | home:62000 > dave:1 ~1
      out udp carol:1 > bob:1 | home:62001 > bob:1 +3
      at 4m
      out udp alice:3 > bob:1 | home:62002 > bob:1 +4
      out udp alice:4 > bob:1 | table-full
      """)
    table.change { $0.maximumMappingsPerHost = nil }
    table.play("out udp alice:4 > bob:1 | home:62003 > bob:1 +5")
    table.change { $0.maximumMappingsPerHost = 3 }
    table.play("out udp alice:5 > bob:1 | table-full   # those from before the limit count")
  }

  @Test(arguments: [PortAssignment.sequential(first: 62_000), .preserve, .random(1_024...65_535)])
  func portsExhausted(assignment: PortAssignment) {
    var behavior = NATBehavior()
    behavior.portAssignment = assignment
    var table = PacketTable(behavior)
    guard let alice = PacketTable.endpoint("alice:1024"), let bob = PacketTable.endpoint("bob:1"),
      let carol = PacketTable.endpoint("carol:5000")
    else { return }
    for port in UInt16(1_024)...65_535 {
      var packet = Packet(.udp, from: Endpoint(alice.address, port), to: bob)
      let translation = table.nat.translate(
        &packet, from: .inside, at: .zero, number: 1, using: &table.generator)
      guard case .forward = translation else {
        Issue.record("port \(port): \(translation)")
        return
      }
    }
    #expect(Set(table.nat.mappings.map(\.external.port)).count == 64_512)
    #expect(table.send(Packet(.udp, from: carol, to: bob), from: .inside) == "ports-exhausted")
    var segment = Packet(.tcp, from: carol, to: bob)
    segment.tcpFlags = .syn
    #expect(table.send(segment, from: .inside).hasSuffix("+64513"))
    #expect(table.send(Packet(.udp, from: alice, to: bob), from: .inside).hasSuffix("~1"), "flows go on")
    table.play("wait 5m")
    #expect(table.send(Packet(.udp, from: carol, to: bob), from: .inside).hasSuffix("+64514"))
  }

  @Test func staticMappings() throws {
    var table = PacketTable(.symmetric)
    let (alice, carol) = (
      try #require(PacketTable.endpoint("alice:8080")), try #require(PacketTable.endpoint("carol:80"))
    )
    table.play("out tcp alice:8080 > bob:1 syn | home:62000 > bob:1 +1")
    #expect(throws: StaticMappingError.portInUse(id: 1, isStatic: false)) {
      try table.nat.addStaticMapping(.tcp, port: 62_000, to: alice, at: .zero)
    }
    #expect(try table.nat.addStaticMapping(.tcp, port: 80, to: alice, at: .zero) == 2)
    #expect(throws: StaticMappingError.portInUse(id: 2, isStatic: true)) {
      try table.nat.addStaticMapping(.tcp, port: 80, to: carol, at: .zero)
    }
    try table.nat.addStaticMapping(.udp, port: 80, to: carol, at: .zero)
    try table.nat.addStaticMapping(.tcp, port: 81, to: alice, at: .zero)
    table.play(
      """
      in  tcp dave:9 > home:80 syn     | dave:9 > alice:8080 =2
      out tcp alice:8080 > dave:9 syn ack | home:80 > dave:9 ~2
      in  tcp dave:9 > home:81 syn     | dave:9 > alice:8080 =4
      in  udp dave:9 > home:80         | dave:9 > carol:80 =3
      wait 1000h
      in  tcp isp:9 > home:80 syn      | isp:9 > alice:8080 =2     # no filter, no end
      """)
    #expect(table.nat.mappings.map(\.line).first == "2 tcp alice:8080 home:80 permits *")
    #expect(table.nat.mappings.first?.expiresAt == nil && table.nat.nextExpiry == .never)
    try table.nat.removeStaticMapping(.tcp, port: 80, at: table.now)
    table.play(
      """
      in  tcp dave:9 > home:80 syn     | no-mapping
      out tcp alice:8080 > dave:9 syn  | home:81 > dave:9 ~4
      """)
    try table.nat.removeStaticMapping(.tcp, port: 81, at: table.now)
    table.play("out tcp alice:8080 > dave:9 syn | home:62001 > dave:9 +5")
    for port in [UInt16(80), 62_001] {
      #expect(throws: StaticMappingError.noSuchMapping) {
        try table.nat.removeStaticMapping(.tcp, port: port, at: table.now)
      }
    }
    var nowhere = NAT(externalAddresses: [])
    #expect(throws: StaticMappingError.noExternalAddress) {
      try nowhere.addStaticMapping(.tcp, port: 80, to: alice, at: .zero)
    }
  }

  /// A reused port is judged by its new row and, once that has ended, by that row's end.
  @Test func aPortUsedAgain() {
    var behavior = NATBehavior()
    behavior.portAssignment = .preserve
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      at 5m
      in  udp bob:1 > home:5000   | expired =1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2
      in  udp bob:1 > home:5000   | filtered =2
      at 10m
      in  udp bob:1 > home:5000   | expired =2
      in  tcp bob:1 > home:5000   | no-mapping
      """)
  }

  @Test func theLast4096AreRemembered() throws {
    var table = PacketTable(.home)
    let bob = try #require(PacketTable.endpoint("bob:1"))
    let alice = try #require(PacketTable.address("alice"))
    let home = try #require(PacketTable.address("home"))
    for number in 0..<4_100 {
      var segment = Packet(.tcp, from: Endpoint(alice, UInt16(number + 1)), to: bob)
      segment.tcpFlags = .syn
      _ = table.send(segment, from: .inside)
      table.now = table.now + .seconds(1)
    }
    table.now = table.now + .hours(1)
    table.nat.expire(at: table.now)
    #expect(table.nat.expiredTotal == 4_100 && table.nat.count == 0)
    #expect(table.nat.expiredMappings(since: 0).map(\.id) == Array(5...4_100))
    #expect(table.nat.expiredMappings(since: 4_098).map(\.id) == [4_099, 4_100])
    #expect(table.nat.endedMapping(.tcp, external: Endpoint(home, 62_003)) == nil)
    #expect(table.nat.endedMapping(.tcp, external: Endpoint(home, 62_004))?.id == 5)
    #expect(table.nat.endedMapping(.udp, external: Endpoint(home, 62_004)) == nil)
    table.play(
      """
      in tcp bob:1 > home:62003 | no-mapping
      in tcp bob:1 > home:62004 | expired =5
      """)
  }

  @Test func mappingsAreFoundByNumber() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      wait 1s
      out udp alice:2 > bob:1 | home:62001 > bob:1 +2
      at 5m
      out udp alice:3 > bob:1 | home:62002 > bob:1 +3
      """)
    #expect(table.nat.mapping(id: 1) == nil && table.nat.mapping(id: 0) == nil && table.nat.mapping(id: -1) == nil)
    #expect(table.nat.mapping(id: 2)?.line == "2 udp alice:2 home:62001 permits bob:1")
    #expect(table.nat.mapping(id: 3)?.createdBy == 3)
  }
}
