// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// Pieces of packets in a NAT (RFC 4787 §11).
@Suite("Fragments in a NAT")
struct FragmentTranslationTests {
  private func pieces(_ from: String, _ to: String, _ transport: TransportProtocol = .udp, id: UInt32 = 7) throws
    -> [Packet]
  {
    let (source, destination) = (try #require(PacketTable.endpoint(from)), try #require(PacketTable.endpoint(to)))
    var packet = Packet(transport, from: source, to: destination, payload: .filler(100))
    if transport == .icmp { packet.icmp = .echoRequest }
    return packet.fragments(within: 68, identification: id)
  }

  /// The result for a piece, and for those that it releases: `home:62000 > bob:1 @0 +1`.
  private func pass(_ table: inout PacketTable, _ piece: Packet, from side: Side = .inside) -> [String] {
    table.nat.translateFragment(piece, from: side, at: table.now, number: 1, using: &table.generator).map { result in
      let offset = result.packet.fragment?.offset ?? -1
      switch result.translation {
      case .drop(let reason, let change):
        return "\(reason.rawValue) @\(offset)" + (change.mapping.map { " =\($0)" } ?? "")
      case .forward:
        return "\(PacketTable.name(result.packet.source)) > \(PacketTable.name(result.packet.destination)) @\(offset)"
      }
    }
  }

  @Test func lengths() throws {
    let pieces = try pieces("alice:5", "bob:1")
    #expect(pieces.map(\.length) == [68, 68, 32] && pieces.map(\.fragment?.offset) == [0, 48, 96])
    var reassembly = Reassembly(at: .zero)
    #expect(reassembly.add(pieces[2]) == nil && reassembly.add(pieces[0]) == nil && reassembly.add(pieces[2]) == nil)
    #expect(reassembly.add(pieces[1])?.payload == .filler(100))
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func inAnyOrder(order: [Int]) throws {
    var table = PacketTable(.home)
    let pieces = try pieces("alice:5", "bob:1")
    let out = order.flatMap { pass(&table, pieces[$0]) }
    #expect(out.sorted() == ["home > bob @48", "home > bob @96", "home:62000 > bob:1 @0"])
    #expect(table.nat.waitingFragments == 0 && table.nat.mappings.map(\.packetsOut) == [1])
    // And back.
    let back = try order.flatMap { pass(&table, try self.pieces("bob:1", "home:62000")[$0], from: .outside) }
    #expect(back.sorted() == ["bob > alice @48", "bob > alice @96", "bob:1 > alice:5 @0"])
  }

  @Test func allGoTheWayOfTheFirst() throws {
    var table = PacketTable(.home)
    table.play("out udp alice:5 > bob:1 | home:62000 > bob:1 +1")
    let pieces = try pieces("dave:1", "home:62000")
    #expect(pass(&table, pieces[2], from: .outside) == [])
    #expect(pass(&table, pieces[0], from: .outside) == ["filtered @0 =1", "filtered @96 =1"])
    #expect(pass(&table, pieces[1], from: .outside) == ["filtered @48 =1"])
  }

  /// Two hosts inside, one receiver, one identification: outside they differ (RFC 7857 §10).
  @Test func identificationsStayApart() throws {
    var table = PacketTable(.home)
    var seen: [UInt32?] = []
    for host in ["alice:5", "carol:5"] {
      for piece in try pieces(host, "bob:1") {
        seen += table.nat.translateFragment(piece, from: .inside, at: .zero, number: 1, using: &table.generator)
          .map(\.packet.fragment?.identification)
      }
    }
    #expect(seen == [1, 1, 1, 2, 2, 2])
  }

  /// Bounded in number and in time, and whole packets do not notice (REQ-14a).
  @Test func aFloodOfPieces() throws {
    var table = PacketTable(.home)
    for id in UInt32(0)..<1_000 {
      #expect(
        pass(&table, try pieces("dave:1", "home:62000", id: id)[1], from: .outside)
          == (id < 64 ? [] : ["table-full @48"]))
    }
    table.play("out udp alice:5 > bob:1 | home:62000 > bob:1 +1")
    let first = try pieces("alice:5", "bob:1")[0]
    #expect(pass(&table, first) == ["home:62000 > bob:1 @0"])
    table.play("wait 30s")
    #expect(pass(&table, try pieces("dave:1", "home:62000", id: 2_000)[1], from: .outside) == [])
    #expect(table.nat.waitingFragments == 1)
  }

  /// A piece without ports makes no row.
  @Test func aStrayPieceIsNotAPacket() throws {
    var table = PacketTable(.home)
    var stray = try pieces("alice:5", "bob:1")[1]
    let translation = table.nat.translate(&stray, from: .inside, at: .zero, number: 1, using: &table.generator)
    #expect(translation == .drop(.invalid, .none) && table.nat.count == 0)
  }
}
