// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// Connection tracking, by the packet. Tests/KernelDifferential compares all of it with a kernel, if there is one.
@Suite("Connection tracking")
struct TrackingTests {
  private func states(_ table: PacketTable) -> [String?] { table.nat.mappings.map(\.state) }

  @Test func anOrdinaryConnection() {
    var table = PacketTable(.linux)
    let life: [(segment: String, state: String, lifetime: Interval)] = [
      ("out tcp alice:5 > bob:80 syn | home:5 > bob:80 +1", "syn-sent", .seconds(120)),
      ("in  tcp bob:80 > home:5 syn ack | bob:80 > alice:5 ~1", "syn-received", .seconds(60)),
      ("out tcp alice:5 > bob:80 ack | home:5 > bob:80 ~1", "established", .hours(120)),
      ("in  tcp bob:80 > home:5 fin ack | bob:80 > alice:5 ~1", "fin-wait", .seconds(120)),
      ("out tcp alice:5 > bob:80 ack | home:5 > bob:80 ~1", "close-wait", .seconds(60)),
      ("out tcp alice:5 > bob:80 fin ack | home:5 > bob:80 ~1", "last-ack", .seconds(30)),
      ("in  tcp bob:80 > home:5 ack | bob:80 > alice:5 ~1", "time-wait", .seconds(120)),
      ("out tcp alice:5 > bob:80 syn | home:5 > bob:80 +2", "syn-sent", .seconds(120)),
      // A second request from either side does not change the first one's lifetime.
      ("in  tcp bob:80 > home:5 syn | bob:80 > alice:5 =2", "simultaneous-open", .seconds(119)),
      ("out tcp alice:5 > bob:80 syn ack | home:5 > bob:80 ~2", "syn-received", .seconds(60)),
      ("in  tcp bob:80 > home:5 ack | bob:80 > alice:5 ~2", "established", .hours(120)),
      ("in  tcp bob:80 > home:5 rst | bob:80 > alice:5 ~2", "closed", .seconds(10)),
    ]
    for step in life {
      table.play("wait 1s\n\(step.segment)")
      let mapping = table.nat.mappings.first
      #expect(mapping?.state == step.state && mapping?.expiresAt == table.now + step.lifetime, "after \(step.segment)")
    }
  }

  /// Three repetitions of an acknowledgement are taken for retransmissions, until another one comes. The kernel's
  /// nf_conntrack_proto_tcp.c counts them in `tcp_in_window`.
  @Test func anAcknowledgementThatComesAgain() {
    let (open, doubtful) = (Interval.hours(120), Interval.seconds(300))
    typealias Step = (segment: String, acknowledges: UInt32, lifetime: Interval)
    let (out, back) = ("out tcp alice:5 > bob:80 ack", "in  tcp bob:80 > home:5 ack")
    let thrice: [Step] = [(out, 7, open), (out, 7, open), (out, 7, open)]
    let lives: [[Step]] = [
      thrice + [(out, 7, doubtful), (out, 7, doubtful), (back, 1, open)],
      [(back, 1, open), (back, 1, open), (back, 1, open), (back, 1, doubtful), (out, 7, open), (back, 1, open)],
      // Another number, as after several segments of data that were on their way together, is another thing.
      thrice + [(out, 8, open), (out, 9, open), (out, 9, open), (out, 9, open), (out, 9, doubtful)],
      // So it is if the other side has sent something in between, even the same again.
      thrice + [(back, 1, open), (out, 7, open), (out, 7, open), (out, 7, open)],
      // A request that is ignored changes nothing by itself.
      thrice + [(out, 7, doubtful), ("out tcp alice:5 > bob:80 syn", 0, doubtful), (out, 7, open)],
      thrice + [("out tcp alice:5 > bob:80 rst", 0, .seconds(10))],
    ]
    for life in lives {
      var table = PacketTable(.linux)
      table.play(
        """
        out tcp alice:5 > bob:80 syn     | home:5 > bob:80 +1
        in  tcp bob:80 > home:5 syn ack  | bob:80 > alice:5 ~1
        out tcp alice:5 > bob:80 ack psh | home:5 > bob:80 ~1
        in  tcp bob:80 > home:5 ack psh  | bob:80 > alice:5 ~1
        """)
      for (number, step) in life.enumerated() {
        _ = table.pass(step.segment, acknowledges: step.acknowledges)
        let mapping = table.nat.mappings.first
        #expect(mapping?.expiresAt == table.now + step.lifetime, "step \(number) of \(life)")
      }
    }
  }

  @Test func segmentsOutsideAConnectionAreNotTranslated() {
    var table = PacketTable(.linux)
    table.play(
      """
      out tcp alice:5 > bob:80 fin ack   | alice:5 > bob:80       # leaves as it is
      out tcp alice:5 > bob:80 rst       | alice:5 > bob:80
      out tcp alice:5 > bob:80 syn       | home:5 > bob:80 +1
      out tcp alice:5 > bob:80 ack       | alice:5 > bob:80       # nobody has answered yet
      in  tcp bob:80 > home:5 fin ack    | invalid =1
      in  tcp bob:80 > home:5 syn ack    | bob:80 > alice:5 ~1
      in  tcp bob:80 > home:5 syn        | invalid =1
      out tcp alice:5 > bob:80 syn fin   | alice:5 > bob:80
      out tcp alice:6 > bob:80 ack       | home:6 > bob:80 +2     # may be in the middle of a connection
      """)
    #expect(states(table) == ["syn-received", "mid-stream"])
    table.change { $0.untracked = .dropped }
    table.play("out tcp alice:7 > bob:80 fin ack | invalid")
  }

  @Test func aResetForAnAnswerIsTheEnd() {
    var table = PacketTable(.linux)
    table.play(
      """
      out tcp alice:5 > bob:80 syn   | home:5 > bob:80 +1
      in  tcp bob:80 > home:5 rst    | bob:80 > alice:5 =1
      in  tcp bob:80 > home:5 rst    | no-mapping
      """)
    #expect(table.nat.count == 0)
  }

  @Test func anEchoRequestAnswersNothing() {
    var table = PacketTable(.linux)
    table.play(
      """
      out icmp alice:7 > bob:7 echo-request | home:7 > bob:7 +1
      in  icmp bob:7 > home:7 echo-request  | no-mapping
      in  icmp bob:7 > home:7 echo-reply    | bob:7 > alice:7 ~1
      out icmp alice:8 > bob:8 echo-reply   | alice:8 > bob:8
      """)
  }

  /// The outside port of a packet from alice's port 5000.
  private func port(_ table: inout PacketTable, to remote: String) throws -> UInt16 {
    var packet = Packet(
      .udp, from: try #require(PacketTable.endpoint("alice:5000")), to: try #require(PacketTable.endpoint(remote)))
    _ = table.nat.translate(&packet, from: .inside, at: table.now, number: 9, using: &table.generator)
    return packet.source.port
  }

  /// An inside endpoint's new row takes the outside port of its newest one; when that ends, of the next older one.
  @Test func theNewestRowsPort() throws {
    var table = PacketTable(.linux)
    table.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2
      """)
    let drawn = try port(&table, to: "dave:1")
    #expect(drawn != 5_000 && drawn >= 1_024)
    let next = try port(&table, to: "dave:2")
    #expect(next == drawn)
    for place in stride(from: 10, through: 60, by: 10) {
      table.play("at \(place)s\nout udp alice:5000 > bob:1 | home:5000 > bob:1 ~1")
    }
    #expect(table.nat.count == 1)
    let later = try port(&table, to: "dave:3")
    #expect(later == 5_000)
  }

  /// A datagram that came first and was the router's own keeps its endpoints from inside hosts, for as long as UDP
  /// lives.
  @Test func theRoutersOwnFlowKeepsItsEndpoints() throws {
    var table = PacketTable(.linux)
    table.play("in udp bob:1 > home:5000 | no-mapping")
    var packet = Packet(
      .udp, from: try #require(PacketTable.endpoint("alice:5000")), to: try #require(PacketTable.endpoint("bob:1")))
    let sent = packet
    _ = table.nat.translate(&packet, from: .inside, at: table.now, number: 9, using: &table.generator)
    #expect(packet.source.port != 5_000)
    table.play("out udp alice:5000 > dave:1 | home:\(packet.source.port) > dave:1 +2")
    table.play("in udp bob:1 > home:5000 | no-mapping")
    table.play("wait 31s")
    packet = sent
    _ = table.nat.translate(&packet, from: .inside, at: table.now, number: 9, using: &table.generator)
    #expect(packet.source.port == 5_000)
  }

  @Test func ownFlowsAreBounded() throws {
    var table = PacketTable(.linux)
    let home = try #require(PacketTable.endpoint("home:5000"))
    for number in 0..<UInt32(3 * OwnFlows.capacity) {
      var packet = Packet(.udp, from: Endpoint(IPAddress(ipv4: 0x5858_0000 + number), 1), to: home)
      _ = table.nat.translate(&packet, from: .outside, at: .zero, number: 1, using: &table.generator)
    }
    #expect(table.nat.ownFlows.count == OwnFlows.capacity)
    // A single remote does not take more room by sending more.
    table.play(String(repeating: "in udp 88.88.0.1:1 > home:5000 | no-mapping\n", count: 3))
    #expect(table.nat.ownFlows.count == OwnFlows.capacity)
    table.play("wait 31s\nin udp bob:1 > home:5000 | no-mapping")
    #expect(table.nat.ownFlows.count == 1)
  }

  /// A packet whose TTL ends here keeps a flow alive but does not make one.
  @Test func aDyingPacketIsSeen() throws {
    var table = PacketTable(.linux)
    table.play("out udp alice:1 > bob:1 | home:1 > bob:1 +1\nat 20s")
    let alice = try #require(PacketTable.endpoint("alice:1"))
    for remote in ["bob:1", "bob:2"] {
      let packet = Packet(.udp, from: alice, to: try #require(PacketTable.endpoint(remote)))
      let translation = table.nat.translateDying(packet, from: .inside, at: table.now, number: 1)
      #expect(translation == .drop(.ttlExpired, .none))
    }
    #expect(table.nat.mappings.map(\.expiresAt) == [.zero + .seconds(50)])
    let own = Packet(.udp, from: alice, to: try #require(PacketTable.endpoint("home:9")))
    let hairpin = table.nat.translateDying(own, from: .inside, at: table.now, number: 1)
    #expect(hairpin == .drop(.hairpinOff, .none))
  }
}
