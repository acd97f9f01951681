// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// The maximum segment size that hosts announce, keep to, and that routers clamp.
@Suite("Maximum segment size")
struct SegmentSizeTests {
  private func sizes(_ network: Network, after first: Int = 0) -> [Int] {
    (first + 1...network.trace.packetCount).compactMap { network.trace.packet($0) }
      .filter { $0.packet.payload.length > 0 }.map(\.packet.payload.length)
  }

  @Test func hostsAnnounceWhatTheirLinkTakes() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    #expect(homes.network.trace.packet(1)?.packet.maximumSegmentSize == 65_495)
    #expect(homes.network.trace.packet(1)?.packet.length == 44)
    #expect(homes.network.trace.packet(2)?.packet.maximumSegmentSize == 65_495)
    #expect(homes.network.trace.packet(3)?.packet.maximumSegmentSize == nil)
    homes.network.setMTU(of: homes.alice, 1_500)
    try homes.network.connect(from: homes.alice, port: 5001, to: "88.90.100.110:80")
    homes.network.run()
    #expect(homes.network.trace.packet(4)?.packet.maximumSegmentSize == 1_460)
  }

  @Test func dataIsCutToWhatTheOtherSideTakes() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.bob, 576)
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    let before = homes.network.trace.packetCount
    let text = Payload(bytes: (0..<1_200).map { UInt8($0 & 0xFF) })
    let first = try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:80", .tcp, payload: text)
    homes.network.run()
    #expect(first == before + 1)
    #expect(sizes(homes.network, after: before) == [536, 536, 128])
    let segments = (first...first + 2).compactMap { homes.network.trace.packet($0)?.packet }
    #expect(segments.map(\.payload).compactMap(\.bytes).flatMap { $0 } == text.bytes)
    #expect(segments.map { $0.sequenceNumber &- segments[0].sequenceNumber } == [0, 536, 1_072])
    #expect(segments.map { $0.tcpFlags.contains(.psh) } == [false, false, true])
  }

  /// A line of 576 bytes in the middle, and a router that drops every report about it.
  @Test func clampingCuresABlackHole() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.homeA, 576)
    homes.network.setFilters(of: homes.homeB, [RouterFilter(.icmp)])
    try homes.network.forward(.tcp, port: 80, of: homes.homeB, to: "192.168.1.10:80")
    func download(_ port: UInt16) throws -> Set<PacketState> {
      try homes.network.connect(from: homes.alice, port: port, to: "61.2.3.4:80")
      homes.network.run()
      let row = try #require(homes.network.router(homes.homeA)?.nat.mappings.last)
      let before = homes.network.trace.packetCount
      try homes.network.send(
        from: homes.dave, port: 80, to: row.external, .tcp, payload: .filler(1_000), dontFragment: true)
      homes.network.run()
      return Set(
        (before + 1...homes.network.trace.packetCount).compactMap { homes.network.trace.packet($0) }
          .filter { $0.packet.payload.length > 100 && !$0.packet.icmp.isError }.map(\.state))
    }
    #expect(try download(5000) == [.dropped(.tooBig)])
    homes.network.setClamping(of: homes.homeA, true)
    #expect(try download(5001) == [.delivered])
    let clamped = homes.network.trace.hops(1...homes.network.trace.hopCount).compactMap(\.newMaximumSegmentSize)
    // Both SYNs, in either direction.
    #expect(clamped == [536, 536])
    // A SYN that announces less is left alone, and the answer to it is lowered to that link.
    homes.network.setMTU(of: homes.alice, 400)
    #expect(try download(5002) == [.delivered])
    #expect(
      homes.network.trace.hops(1...homes.network.trace.hopCount).compactMap(\.newMaximumSegmentSize) == [536, 536, 360])
  }

  @Test func aReportedPathMakesSegmentsShorter() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.bob, 600)
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    homes.network.setMTU(of: homes.bob, 300)
    for _ in 0..<2 {
      try homes.network.send(
        from: homes.alice, port: 5000, to: "88.90.100.110:80", .tcp, payload: .filler(500), dontFragment: true)
      homes.network.run()
    }
    #expect(sizes(homes.network).filter { $0 < 300 } == [260, 240])
  }
}
