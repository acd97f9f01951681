// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// What a NAT sees of TCP connections (RFC 5382 §5, RFC 7857 §2).
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
    #expect(states(table) == ["opening"])
    table.play("in tcp bob:80 > home:62000 syn ack | bob:80 > alice:1 =1")
    #expect(states(table) == ["opening"])
    table.play("out tcp alice:1 > bob:80 ack | home:62000 > bob:80 ~1")
    #expect(states(table) == ["established"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(124))
    table.play("out tcp alice:1 > bob:80 fin ack | home:62000 > bob:80 ~1")
    #expect(states(table) == ["closing"] || states(table) == ["established"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(124), "one side may go on talking for long")
    table.play(
      """
      wait 1m
      in tcp bob:80 > home:62000 fin ack | bob:80 > alice:1 =1
      """)
    #expect(states(table) == ["closing"])
    #expect(table.nat.mappings.first?.expiresAt == .zero + .minutes(5), "transitory from the second FIN on")
    table.play(
      """
      wait 1m
      out tcp alice:1 > bob:80 ack | home:62000 > bob:80 ~1
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
    "out tcp alice:1 > bob:80 rst | home:62000 > bob:80 ~1", "in tcp bob:80 > home:62000 rst | bob:80 > alice:1 =1",
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
    #expect(states(table) == ["opening"])
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
    #expect(states(table) == ["opening"])
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
    #expect(states(table) == ["opening"], "one side's word is not enough")
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
