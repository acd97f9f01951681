// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// RFC 5382, NAT Behavioral Requirements for TCP.
@Suite struct RFC5382Tests {
  private static let opening = """
    out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 +1
    in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
    out tcp alice:1 > bob:80 ack        | home:62000 > bob:80 ~1
    """

  @Test("RFC 5382 REQ-1: one outside endpoint towards every remote") func req1() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play(
      "out tcp alice:1 > dave:80 syn | home:62000 > dave:80 ~1\nout tcp alice:1 > bob:81 syn | home:62000 > bob:81 ~1")
  }

  @Test("RFC 5382 REQ-2: connections open from inside, from outside and from both sides") func req2() throws {
    var inside = PacketTable(.home)
    inside.play(Self.opening)
    var both = PacketTable(.home)
    both.play(
      """
      out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 +1
      in  tcp bob:80 > home:62000 syn     | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 syn ack    | home:62000 > bob:80 ~1
      in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
      """)
    var outside = PacketTable(.fullCone)
    outside.play(
      """
      out tcp alice:1 > dave:9 syn        | home:62000 > dave:9 +1
      in  tcp dave:9 > home:62000 rst ack | dave:9 > alice:1 =1
      in  tcp bob:80 > home:62000 syn     | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 syn ack    | home:62000 > bob:80 ~1
      in  tcp bob:80 > home:62000 ack     | bob:80 > alice:1 =1
      """)
    for table in [inside, both, outside] { #expect(table.nat.mappings.map(\.state) == ["established"]) }
  }

  @Test("RFC 5382 REQ-3: filtering is as set, for TCP as for UDP") func req3() {
    for (filtering, stranger) in [
      (EndpointDependence.endpointIndependent, "dave:9 > alice:1 =1"), (.addressDependent, "filtered =1"),
    ] {
      var behavior = NATPreset.fullCone.behavior
      behavior.filtering = filtering
      var table = PacketTable(behavior)
      table.play(
        "out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1\nin tcp bob:9 > home:62000 syn | bob:9 > alice:1 =1")
      table.play("in tcp dave:9 > home:62000 syn | \(stranger)")
    }
  }

  @Test("RFC 5382 REQ-4: an unsolicited SYN is answered after six seconds, or never", arguments: [true, false])
  func req4(bothOpen: Bool) throws {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    homes.network.configure(homes.homeA, behavior)
    try homes.network.connect(from: homes.bob, port: 80, to: "49.36.10.25:62000")
    homes.network.wait(.milliseconds(6_019))
    #expect(homes.network.answers(to: 1).isEmpty && homes.network.end(of: 1) == "no-mapping at home-a")
    if bothOpen { try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80") }
    homes.network.wait(.milliseconds(1))
    homes.network.run()
    let answers = homes.network.answers(to: 1).map(\.packet.icmp)
    #expect(answers == (bothOpen ? [] : [.portUnreachable]))
    // REQ-4a: if a router tells strangers nothing, it never answers.
    homes.network.configure(homes.homeA, NATBehavior())
    let silent = try homes.network.connect(from: homes.bob, port: 81, to: "49.36.10.25:1")
    homes.network.run()
    #expect(homes.network.answers(to: silent).isEmpty)
  }

  @Test("RFC 5382 REQ-4: the requests that are held are bounded") func req4Bound() {
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    var table = PacketTable(behavior)
    for port in 1...1_000 { _ = table.pass("in tcp bob:\(port) > home:9 syn") }
    _ = table.pass("in tcp bob:1 > home:9 syn")
    #expect(table.nat.heldCount == 256 && table.nat.nextAnswer == .zero + .seconds(6))
    table.nat.configure(NATBehavior(), at: .zero)
    #expect(table.nat.heldCount == 0 && table.nat.nextAnswer == .never)
  }

  @Test("RFC 5382 REQ-5: idle connections live 2 h 4 min, opening and closing ones 4 min") func req5() {
    var table = PacketTable(.home)
    table.play("out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1")
    #expect(table.nat.mappings.map(\.expiresAt) == [.zero + .minutes(4)])
    var open = PacketTable(.home)
    open.play(Self.opening)
    #expect(open.nat.mappings.map(\.expiresAt) == [.zero + .minutes(124)])
    open.play(
      """
      wait 1m
      out tcp alice:1 > bob:80 fin ack    | home:62000 > bob:80 ~1
      in  tcp bob:80 > home:62000 fin ack | bob:80 > alice:1 =1
      """)
    #expect(open.nat.mappings.map(\.expiresAt) == [.zero + .minutes(5)])
    // REQ-5a: as they are set.
    var behavior = NATBehavior()
    behavior.lifetimes.tcpEstablished = .hours(3)
    var longer = PacketTable(behavior)
    longer.play(Self.opening)
    #expect(longer.nat.mappings.map(\.expiresAt) == [.zero + .hours(3)])
  }

  @Test("RFC 5382 REQ-6: a segment's payload is never changed") func req6() {
    var table = PacketTable(.home)
    let text = Payload.data(Array("PORT 192,168,1,10,19,136".utf8))
    var packet = Packet(.tcp, from: "192.168.1.10:5000", to: "88.90.100.110:21", payload: text)
    packet.tcpFlags = [.psh, .ack]
    packet.sequenceNumber = 77
    _ = table.nat.translate(&packet, from: .inside, at: .zero, number: 1, using: &table.generator)
    #expect(packet.source == "49.36.10.25:62000" && packet.payload == text && packet.sequenceNumber == 77)
  }

  @Test("RFC 5382 REQ-7: no port overloading", arguments: NATPreset.allCases.filter { ![.linux, .open].contains($0) })
  func req7(preset: NATPreset) {
    var table = PacketTable(preset)
    for port in UInt16(2_000)..<2_100 {
      for host in ["alice", "carol"] { _ = table.pass("out tcp \(host):\(port) > bob:\(port) syn") }
    }
    #expect(Set(table.nat.mappings.map(\.external)).count == 200)
  }

  @Test("RFC 5382 REQ-8: hairpinning") func req8() {
    var behavior = NATPreset.fullCone.behavior
    behavior.hairpinning = true
    var table = PacketTable(behavior)
    table.play(
      """
      out tcp alice:1 > bob:80 syn         | home:62000 > bob:80 +1
      out tcp carol:1 > home:62000 syn     | home:62001 > alice:1 back +2
      out tcp alice:1 > home:62001 syn ack | home:62000 > carol:1 back ~1
      """)
  }

  @Test("RFC 5382 REQ-9: destination unreachable is translated") func req9() {
    var table = PacketTable(.home)
    table.play("out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1")
    for kind in ["network", "host", "port"] {
      table.play(
        "in icmp isp > home \(kind)-unreachable about tcp home:62000 > bob:80 | isp > alice about alice:1 > bob:80 =1")
    }
  }

  @Test("RFC 5382 REQ-10: no ICMP message ends a mapping or a connection") func req10() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    for kind in ICMPKind.allCases where kind.isError {
      table.play(
        "in icmp isp > home \(kind.name) about tcp home:62000 > bob:80 | isp > alice about alice:1 > bob:80 =1")
    }
    #expect(table.nat.mappings.map(\.state) == ["established"])
    #expect(table.nat.mappings.map(\.expiresAt) == [.zero + .minutes(124)])
  }
}
