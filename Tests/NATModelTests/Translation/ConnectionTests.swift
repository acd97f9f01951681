// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// TCP connections as a NAT sees them (RFC 5382 §5, RFC 7857 §2).
@Suite("TCP connections")
struct ConnectionTests {
  private static let opening = """
    out tcp alice:1 > bob:80 syn       | home:62000 > bob:80 +1
    in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
    out tcp alice:1 > bob:80 ack       | home:62000 > bob:80 ~1
    """

  private func states(_ table: PacketTable) -> [String?] { table.nat.mappings.map(\.state) }

  @Test func openingAndClosing() {
    var table = PacketTable(.home)
    table.play("out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1")
    #expect(states(table) == ["syn-sent"])
    table.play("in tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1")
    #expect(states(table) == ["syn-received"])
    table.play("out tcp alice:1 > bob:80 ack | home:62000 > bob:80 ~1")
    #expect(states(table) == ["established"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(124))
    table.play("out tcp alice:1 > bob:80 fin ack | home:62000 > bob:80 ~1")
    #expect(states(table) == ["fin-wait"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(124), "one side may go on talking for long")
    table.play(
      """
      wait 1m
      in tcp bob:80 > home:62000 fin ack | bob:80 > alice:1 =1
      """)
    #expect(states(table) == ["last-ack"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(5), "transitory from the second FIN on")
    table.play(
      """
      wait 1m
      out tcp alice:1 > bob:80 ack | home:62000 > bob:80 ~1   # time-wait
      wait 3m59.999999s
      in tcp bob:80 > home:62000 ack | bob:80 > alice:1 =1
      wait 1us
      in tcp bob:80 > home:62000 ack | expired =1
      """)
  }

  @Test func theEstablishedLifetime() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play(
      """
      at 2h3m59.999999s
      in tcp bob:80 > home:62000 ack | bob:80 > alice:1 =1
      at 2h4m
      in tcp bob:80 > home:62000 ack | expired =1
      """)
  }

  @Test func aSynThatNobodyAnswersIsTransitory() {
    var table = PacketTable(.home)
    table.play(
      """
      out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1
      at 3m
      out tcp alice:1 > bob:80 syn | home:62000 > bob:80 ~1
      at 6m59.999999s
      in tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
      at 7m
      in tcp bob:80 > home:62000 syn ack | expired =1
      """)
  }

  @Test(arguments: [
    "out tcp alice:1 > bob:80 rst | home:62000 > bob:80 =1", "in tcp bob:80 > home:62000 rst | bob:80 > alice:1 =1",
  ])
  func reset(line: String) {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play("wait 1h")
    table.play(line)
    #expect(states(table) == ["closed"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(64))
    // A new connection between the same endpoints.
    table.play(
      """
      out tcp alice:1 > bob:80 syn       | home:62000 > bob:80 ~1
      in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
      """)
    #expect(states(table) == ["syn-received"])
    table.play("out tcp alice:1 > bob:80 ack | home:62000 > bob:80 ~1")
    #expect(states(table) == ["established"])
  }

  @Test func reopenedAfterTheClose() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play(
      """
      in  tcp bob:80 > home:62000 fin ack | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 fin ack    | home:62000 > bob:80 ~1
      out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 ~1
      """)
    #expect(states(table) == ["syn-sent"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(4))
  }

  /// RFC 5382 REQ-2: both SYNs cross, and the connection opens.
  @Test func simultaneousOpen() {
    var table = PacketTable(.home)
    table.play(
      """
      out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 +1
      in  tcp bob:80 > home:62000 syn     | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 syn ack    | home:62000 > bob:80 ~1
      in  tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 ack        | home:62000 > bob:80 ~1
      """)
    #expect(states(table) == ["established"])
  }

  /// A connection that the NAT did not see begin, as after a restart or an expiry.
  @Test func seenFromTheMiddle() {
    var table = PacketTable(.home)
    table.play(
      """
      out tcp alice:1 > bob:80 ack psh  | home:62000 > bob:80 +1
      out tcp alice:1 > bob:80 ack psh  | home:62000 > bob:80 ~1
      """)
    #expect(states(table) == ["mid-stream"], "one side's word is not enough")
    table.play(
      """
      in  tcp bob:80 > home:62000 ack   | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 ack psh  | home:62000 > bob:80 ~1
      """)
    #expect(states(table) == ["established"])
  }

  /// One mapping, several connections: it lives as long as the liveliest of them.
  @Test func severalConnectionsOfOneMapping() {
    var table = PacketTable(.home)
    table.play(Self.opening)
    table.play(
      """
      out tcp alice:1 > dave:80 syn        | home:62000 > dave:80 ~1
      in  tcp dave:80 > home:62000 syn ack | dave:80 > alice:1 =1
      out tcp alice:1 > dave:80 ack        | home:62000 > dave:80 ~1
      in  tcp bob:80 > home:62000 rst      | bob:80 > alice:1 =1
      in  tcp bob:80 > home:62000 rst      | bob:80 > alice:1 =1
      """)
    #expect(states(table) == ["established"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(124))
    table.play("in tcp dave:80 > home:62000 rst | dave:80 > alice:1 =1")
    #expect(states(table) == ["closed"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(4))
  }

  /// With endpoint-independent filtering a stranger may open a connection; it counts once the inside answers.
  @Test func openedFromOutside() {
    var table = PacketTable(.fullCone)
    table.play(
      """
      out tcp alice:1 > bob:80 syn        | home:62000 > bob:80 +1
      in  tcp bob:80 > home:62000 rst     | bob:80 > alice:1 =1
      in  tcp dave:9 > home:62000 syn     | dave:9 > alice:1 =1
      """)
    #expect(states(table) == ["closed"])
    table.play(
      """
      out tcp alice:1 > dave:9 syn ack    | home:62000 > dave:9 ~1
      in  tcp dave:9 > home:62000 ack     | dave:9 > alice:1 =1
      """)
    #expect(states(table) == ["established"])
  }
}

/// Each phase of a connection, and how long a NAT keeps it that has netfilter's lifetimes.
@Suite("TCP states")
struct ConnectionStateTests {
  /// The segments sent, with the state and the lifetime that each leaves.
  private static let life: [(segment: String, state: String, lifetime: Interval)] = [
    ("out tcp alice:5 > bob:80 syn | home:5 > bob:80", "syn-sent", .seconds(120)),
    ("in  tcp bob:80 > home:5 syn ack | bob:80 > alice:5", "syn-received", .seconds(60)),
    ("out tcp alice:5 > bob:80 ack | home:5 > bob:80", "established", .hours(120)),
    ("in  tcp bob:80 > home:5 syn | bob:80 > alice:5", "established", .hours(120)),
    ("in  tcp bob:80 > home:5 fin ack | bob:80 > alice:5", "fin-wait", .seconds(120)),
    ("in  tcp bob:80 > home:5 fin ack | bob:80 > alice:5", "fin-wait", .seconds(120)),
    ("out tcp alice:5 > bob:80 ack | home:5 > bob:80", "close-wait", .seconds(60)),
    ("out tcp alice:5 > bob:80 ack psh | home:5 > bob:80", "close-wait", .seconds(60)),
    ("out tcp alice:5 > bob:80 fin ack | home:5 > bob:80", "last-ack", .seconds(30)),
    ("in  tcp bob:80 > home:5 ack | bob:80 > alice:5", "time-wait", .seconds(120)),
    ("in  tcp bob:80 > home:5 syn | bob:80 > alice:5", "syn-sent", .seconds(120)),
    ("out tcp alice:5 > bob:80 syn | home:5 > bob:80", "simultaneous-open", .seconds(120)),
    ("out tcp alice:5 > bob:80 syn ack | home:5 > bob:80", "syn-received", .seconds(60)),
    ("in  tcp bob:80 > home:5 syn ack | bob:80 > alice:5", "established", .hours(120)),
    ("in  tcp bob:80 > home:5 rst | bob:80 > alice:5", "closed", .seconds(10)),
    ("out tcp alice:5 > bob:80 ack | home:5 > bob:80", "established", .hours(120)),
    ("out tcp alice:5 > bob:80 rst | home:5 > bob:80", "closed", .seconds(10)),
    ("in  tcp bob:80 > home:5 syn ack | bob:80 > alice:5", "syn-received", .seconds(60)),
  ]

  @Test func everyStateHasItsLifetime() {
    var table = PacketTable(.linux)
    table.change { $0.tracking = .mappings }
    for (index, step) in Self.life.enumerated() {
      // A reset keeps nothing alive by itself; the state that it leads to starts its own lifetime.
      let mark = index == 0 ? "+" : step.state == "closed" ? "=" : "~"
      table.play("wait 1s\n\(step.segment) \(mark)1")
      let mapping = table.nat.mappings.first
      #expect(mapping?.state == step.state && mapping?.expiresAt == table.now + step.lifetime, "after \(step.segment)")
    }
  }

  @Test func aResetOfARefusedRequestIsFinal() {
    var table = PacketTable(.home)
    table.play(
      """
      out tcp alice:1 > bob:80 syn    | home:62000 > bob:80 +1
      in  tcp bob:80 > home:62000 rst | bob:80 > alice:1 =1
      out tcp alice:1 > bob:80 ack    | home:62000 > bob:80 ~1
      """)
    #expect(table.nat.mappings.map(\.state) == ["closed"])
  }

  /// Several connections: the liveliest names the state, and if lifetimes differ by state the transitory one counts.
  @Test func severalConnectionsShareTheTransitoryLifetime() {
    var table = PacketTable(.fullCone)
    table.change { $0.lifetimes.tcpStates.setOpening(.seconds(30)) }
    table.play("out tcp alice:1 > bob:80 syn | home:62000 > bob:80 +1")
    #expect(table.nat.mappings.map(\.expiresAt) == [.zero + .seconds(30)])
    table.play("out tcp alice:1 > dave:80 fin | home:62000 > dave:80 ~1")
    #expect(table.nat.mappings.map(\.expiresAt) == [.zero + .minutes(4)])
    #expect(table.nat.mappings.map(\.state) == ["syn-sent"])
  }
}
