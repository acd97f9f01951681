// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// RFC 7857, which updates RFC 4787, 5382 and 5508: one test per section.
@Suite struct RFC7857Tests {
  private static let opening = """
    out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 +1
    in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
    out tcp alice:1 > bob:80 ack        | home:62000 > bob:80 ~1
    """

  /// The segments, and the connection's state after each.
  private static let life: [(segment: String, state: String)] = [
    ("out tcp alice:1 > bob:80 syn", "syn-sent"), ("in tcp bob:80 > home:62000 syn ack", "syn-received"),
    ("out tcp alice:1 > bob:80 ack", "established"), ("out tcp alice:1 > bob:80 fin ack", "fin-wait"),
    ("in tcp bob:80 > home:62000 ack", "close-wait"), ("in tcp bob:80 > home:62000 fin ack", "last-ack"),
    ("out tcp alice:1 > bob:80 ack", "time-wait"), ("out tcp alice:1 > bob:80 syn", "syn-sent"),
    ("in tcp bob:80 > home:62000 rst ack", "closed"),
  ]

  @Test("RFC 7857 §2: connections are followed from SYN to the last FIN or RST") func section2() {
    var table = PacketTable(.home)
    for (segment, state) in Self.life {
      _ = table.pass(segment)
      #expect(table.nat.mappings.map(\.state) == [state], "after \(segment)")
    }
  }

  @Test("RFC 7857 §2.1: opening and closing have timeouts of their own, 4 minutes unless set") func section21() {
    for (opening, closing) in [(nil, nil), (Interval.seconds(30), Interval.minutes(6))] {
      var behavior = NATBehavior()
      if let opening { behavior.lifetimes.tcpStates.setOpening(opening) }
      if let closing { behavior.lifetimes.tcpStates.setClosing(closing) }
      var table = PacketTable(behavior)
      table.play("out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1")
      #expect(table.nat.mappings.map(\.expiresAt) == [Instant.zero + (opening ?? .minutes(4))])
      for (segment, _) in Self.life.dropFirst().prefix(5) { _ = table.pass(segment) }
      #expect(table.nat.mappings.map(\.expiresAt) == [Instant.zero + (closing ?? .minutes(4))])
    }
  }

  @Test("RFC 7857 §2.2: a reset passes, and the connection is kept 4 minutes more") func section22() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play(
      """
      wait 1h
      in tcp bob:80 > home:62000 rst | bob:80 > alice:1 =1
      wait 3m59s
      in tcp bob:80 > home:62000 rst | bob:80 > alice:1 =1
      wait 1s
      in tcp bob:80 > home:62000 ack | expired =1
      """)
    // A reset that was not theirs: they go on, and so does the mapping.
    var forged = PacketTable(.home)
    forged.play(Self.opening)
    forged.play(
      """
      in  tcp bob:80 > home:62000 rst  | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 ack psh | home:62000 > bob:80 ~1
      """)
    #expect(forged.nat.mappings.map(\.expiresAt) == [.zero + .minutes(124)])
  }

  @Test("RFC 7857 §3: one outside port for two hosts towards different remotes, if so set") func section3() {
    var behavior = NATPreset.symmetric.behavior
    behavior.portAssignment = .overload
    var table = PacketTable(behavior)
    table.play(
      """
      out tcp alice:5000 > bob:1 syn  | home:5000 > bob:1 +1
      out tcp carol:5000 > dave:1 syn | home:5000 > dave:1 +2
      in  tcp dave:1 > home:5000      | dave:1 > carol:5000 =2
      """)
    #expect(!table.pass("out tcp carol:5000 > bob:1 syn").hasPrefix("home:5000 "))
  }

  @Test("RFC 7857 §4: paired pooling, and a host without a free port on its address is refused") func section4() {
    var behavior = NATPreset.fullCone.behavior
    behavior.portAssignment = .random(5_000...5_000)
    var table = PacketTable(behavior, addresses: ["home", "home2"])
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      out udp alice:2 > bob:1 | ports-exhausted
      out udp carol:1 > bob:1 | home2:5000 > bob:1 +2
      """)
  }

  @Test("RFC 7857 §5, §6: mappings and filters are each protocol's own") func section5and6() {
    var behavior = NATPreset.fullCone.behavior
    behavior.portAssignment = .preserve
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:5 > bob:1     | home:5 > bob:1 +1
      in  tcp bob:1 > home:5 syn  | no-mapping
      in  icmp bob:5 > home       | no-mapping
      out tcp alice:5 > bob:1 syn | home:5 > bob:1 +2
      out tcp carol:5 > bob:1 syn | home:6 > bob:1 +3
      """)
  }

  @Test("RFC 7857 §7: a packet that is turned away keeps no mapping alive") func section7() {
    var behavior = NATPreset.restrictedCone.behavior
    behavior.refresh = .both
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:1 > bob:1     | home:62000 > bob:1 +1
      at 4m
      in  udp dave:1 > home:62000 | filtered =1
      at 5m
      in  udp bob:1 > home:62000  | expired =1
      """)
  }

  @Test("RFC 7857 §7.1: outbound errors and resets keep no mapping alive") func section71() {
    var table = PacketTable(.fullCone)
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out tcp alice:1 > bob:1 syn  | home:62000 > bob:1 +2
      at 3m
      out icmp alice > bob port-unreachable about udp bob:1 > alice:1 | home > bob about bob:1 > home:62000 =1
      in  tcp dave:9 > home:62000 syn  | dave:9 > alice:1 =2
      out tcp alice:1 > dave:9 rst ack | home:62000 > dave:9 =2
      at 4m
      in  tcp bob:1 > home:62000 syn ack | expired =2
      at 5m
      in  udp bob:1 > home:62000   | expired =1
      """)
  }

  @Test("RFC 7857 §8: parity can be kept, and need not be", arguments: [false, true]) func section8(parity: Bool) {
    var behavior = NATBehavior()
    behavior.preservesParity = parity
    var table = PacketTable(behavior)
    table.play("out udp alice:5001 > bob:1 | home:\(parity ? 62_001 : 62_000) > bob:1 +1")
  }

  @Test("RFC 7857 §9: ports are drawn at random from a wide range") func section9() {
    var behavior = NATBehavior()
    behavior.portAssignment = .random(1_024...65_535)
    var table = PacketTable(behavior)
    for port in 2_000..<2_100 { _ = table.pass("out udp alice:\(port) > bob:1") }
    let ports = table.nat.mappings.map { Int($0.external.port) }
    #expect(Set(zip(ports.dropFirst(), ports).map { $0 - $1 }).count > 90 && ports != ports.sorted())
  }

  @Test("RFC 7857 §10: fragments of two hosts never have one identification outside") func section10() {
    var table = PacketTable(.home)
    var outside: [UInt32?] = []
    for host in ["192.168.1.10", "192.168.1.11"] {
      for piece in Packet(
        .udp, from: Endpoint("\(host):5") ?? "0.0.0.0:0", to: "88.90.100.110:1", payload: .filler(100)
      )
      .fragments(within: 100, identification: 7) {
        outside += table.nat.translateFragment(piece, from: .inside, at: .zero, number: 1, using: &table.generator)
          .map(\.packet.fragment?.identification)
      }
    }
    #expect(outside == [1, 1, 2, 2])
  }

  @Test("RFC 7857 §11: a ping's mapping ends with its last session's timeout") func section11() {
    var table = PacketTable(.home)
    table.play(
      """
      out icmp alice:7 > bob  | home:62000 > bob:62000 +1
      at 50s
      out icmp alice:7 > dave | home:62000 > dave:62000 ~1
      at 1m49s
      in icmp dave:62000 > home echo-reply | dave:7 > alice:7 =1
      at 1m50s
      in icmp dave:62000 > home echo-reply | expired =1
      """)
  }

  @Test("RFC 7857 §12: pings to the router's outside endpoint are hairpinned") func section12() {
    var behavior = NATPreset.fullCone.behavior
    behavior.hairpinning = true
    var table = PacketTable(behavior)
    table.play(
      """
      out icmp alice:7 > bob             | home:62000 > bob:62000 +1
      out icmp carol:62000 > home        | home:7 > alice:7 back +2
      """)
  }
}
