// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import WireFormat

@testable import Lab

/// Bundles of segments are taken apart into what any other device would have been given, and put together again.
@Suite struct OffloadTests {
  /// A bundle as a kernel gives it: its header, then one packet with all of the data and no checksum.
  private static func bundle(of length: Int, cutTo segment: Int, isIPv6: Bool, flags: UInt8 = 0x18) throws -> [UInt8] {
    let source = Endpoint(isIPv6 ? try #require(IPAddress("2001:db8::1")) : IPAddress(ipv4: 0xC0A8_010A), 40_000)
    let destination = Endpoint(isIPv6 ? try #require(IPAddress("2001:db8::2")) : IPAddress(ipv4: 0x585A_646E), 80)
    var packet = Packet(
      .tcp, from: source, to: destination, payload: .data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
    packet.sequenceNumber = 0xFFFF_FF00
    packet.tcpFlags = TCPFlags(rawValue: flags)
    var bytes = try packet.encoded()
    let start = isIPv6 ? 40 : 20
    bytes.replace(at: start + 16, with: 0x1234)
    var header = OffloadHeader()
    header.needsChecksum = true
    (header.checksumStart, header.checksumOffset) = (start, 16)
    (header.segmentLength, header.headLength) = (segment, start + 20)
    var space = [UInt8](repeating: 0, count: OffloadHeader.length)
    space.withUnsafeMutableBytes { header.write(to: $0, version: isIPv6 ? 6 : 4) }
    return space + bytes
  }

  private static func packets(in bytes: [UInt8]) -> [(bytes: [UInt8], isSummed: Bool)] {
    bytes.withUnsafeBytes { bytes in
      var packets: [(bytes: [UInt8], isSummed: Bool)] = []
      OffloadHeader(bytes).forEachPacket(in: UnsafeRawBufferPointer(rebasing: bytes[OffloadHeader.length...])) {
        packets.append(($0, $1))
      }
      return packets
    }
  }

  /// What a place's kernel is written, in pieces as they would be written.
  private static func written(_ packets: [ArrivedPacket], takesDatagrams: Bool = true) -> [[UInt8]] {
    var bundle = SegmentBundle(takesDatagrams: takesDatagrams)
    var writes: [[UInt8]] = []
    for packet in packets where !bundle.add(packet) {
      bundle.empty { writes.append(Array($0)) }
      _ = bundle.add(packet)
    }
    bundle.empty { writes.append(Array($0)) }
    return writes
  }

  @Test(arguments: [1, 999, 1_000, 1_001, 12_345, 60_000], [false, true])
  func segmentsAreTheBundle(length: Int, isIPv6: Bool) throws {
    let whole = try Self.bundle(of: length, cutTo: 1_000, isIPv6: isIPv6, flags: 0x19)
    let packets = Self.packets(in: whole)
    #expect(packets.count == (length + 999) / 1_000)
    var (data, sequence): ([UInt8], UInt32) = ([], 0xFFFF_FF00)
    for (index, part) in packets.enumerated() {
      #expect(!part.isSummed)
      let carried = try CarriedPacket(part.bytes, isSummed: false)
      let packet = carried.packet
      #expect(packet.sequenceNumber == sequence)
      // FIN and PSH are the last one's.
      #expect(packet.tcpFlags.rawValue == (index == packets.count - 1 ? 0x19 : 0x10))
      // With its checksum, anybody takes it.
      let bytes = try #require(carried.arrived(as: packet)?.summedBytes)
      #expect(try Packet(decoding: bytes).payload == packet.payload)
      if !isIPv6 { #expect(bytes.word(at: 4) == UInt16(index)) }
      data += packet.payload.bytes ?? []
      sequence &+= UInt32(packet.payload.length)
    }
    #expect(data == Array(whole.suffix(length)))
  }

  @Test(arguments: [2_000, 2_500, 64_000], [false, true])
  func segmentsThatFollowEachOtherAreWrittenAtOnce(length: Int, isIPv6: Bool) throws {
    let whole = try Self.bundle(of: length, cutTo: 1_000, isIPv6: isIPv6)
    let arrived = try Self.packets(in: whole).map { part in
      let carried = try CarriedPacket(part.bytes, isSummed: false)
      var packet = carried.packet
      packet.destination.port = 8_080
      packet.timeToLive = 60
      return try #require(carried.arrived(as: packet))
    }
    let writes = Self.written(arrived)
    #expect(writes.count == 1)
    // The kernel is told what it once told, but for what a router has changed.
    let again = Self.packets(in: writes[0])
    #expect(again.count == arrived.count)
    for (one, other) in zip(again, arrived) {
      let bytes = ArrivedPacket(head: one.bytes, isSummed: false).summedBytes
      var expected = other.summedBytes
      // Only the first one's header checksum is written.
      if !isIPv6 {
        expected.replace(at: 10, with: 0)
        var sums = bytes
        sums.replace(at: 10, with: 0)
        #expect(sums == expected)
      } else {
        #expect(bytes == expected)
      }
    }
    // The field has the sum of the pseudo-header, as Linux wants it.
    let start = OffloadHeader.length + (isIPv6 ? 40 : 20)
    let written = ArrivedPacket(head: Array(writes[0][OffloadHeader.length...]), isSummed: false)
    #expect(written.pseudoHeaderSum()?.sum == writes[0].word(at: start + 16))
  }

  @Test func whatDoesNotFollowIsWrittenAlone() throws {
    let parts = Self.packets(in: try Self.bundle(of: 5_000, cutTo: 1_000, isIPv6: false)).map(\.bytes)
    func arrived(_ bytes: [UInt8], isSummed: Bool = false) throws -> ArrivedPacket {
      let carried = try CarriedPacket(bytes, isSummed: isSummed)
      return try #require(carried.arrived(as: carried.packet))
    }
    let all = try parts.map { try arrived($0) }
    #expect(Self.written(all).count == 1)
    #expect(Self.written([all[0], all[2]]).count == 2, "one is missing between them")
    #expect(Self.written([all[1], all[0]]).count == 2, "in the wrong order")
    #expect(Self.written([all[4], all[4]]).count == 2, "the same one twice")
    #expect(Self.written([all[0], try arrived(parts[1], isSummed: true)]).count == 2, "one has a checksum of its own")
    // Another window, another acknowledgement, another port, another TTL.
    for place in [34, 28, 20, 8] {
      var other = parts[1]
      other[place] &+= 1
      #expect(Self.written([all[0], try arrived(other)]).count == 2, "byte \(place)")
    }
    // PSH comes last; what follows it begins anew.
    var pushed = parts[1]
    pushed[33] |= 0x08
    #expect(Self.written([all[0], try arrived(pushed), all[2]]).count == 2)
    // A short one ends a bundle.
    let short = Self.packets(in: try Self.bundle(of: 1_500, cutTo: 1_000, isIPv6: false)).map(\.bytes)
    #expect(Self.written([try arrived(short[0]), try arrived(short[1]), all[2]]).count == 2)
  }

  @Test func bundlesAreNotLongerThanAPacket() throws {
    let parts = Self.packets(in: try Self.bundle(of: 65_000, cutTo: 1_000, isIPv6: false))
    let first = try parts.map { try CarriedPacket($0.bytes, isSummed: false) }
    var all = first.compactMap { $0.arrived(as: $0.packet) }
    // As many again, directly after them, and none of them pushed.
    let more = try first.map { carried in
      var packet = carried.packet
      packet.sequenceNumber &+= 65_000
      var bytes = try #require(carried.arrived(as: carried.packet)?.summedBytes)
      bytes.replace(at: 24, with: UInt16(truncatingIfNeeded: packet.sequenceNumber >> 16))
      bytes.replace(at: 26, with: UInt16(truncatingIfNeeded: packet.sequenceNumber))
      let moved = try CarriedPacket(bytes, isSummed: false)
      return try #require(moved.arrived(as: moved.packet))
    }
    all[all.count - 1].head[33] = 0x10
    let writes = Self.written(all + more)
    #expect(writes.count == 2)
    #expect(writes.allSatisfy { $0.count <= OffloadHeader.length + 65_535 })
  }

  /// Datagrams of one flow as the simulation hands them over, each with data of its own.
  private static func datagrams(of lengths: [Int], isIPv6: Bool) throws -> [ArrivedPacket] {
    let source = Endpoint(isIPv6 ? try #require(IPAddress("2001:db8::1")) : IPAddress(ipv4: 0xC0A8_010A), 40_000)
    let destination = Endpoint(isIPv6 ? try #require(IPAddress("2001:db8::2")) : IPAddress(ipv4: 0x585A_646E), 443)
    return try lengths.enumerated().map { index, length in
      let data = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      var bytes = try Packet(.udp, from: source, to: destination, payload: .data(data)).encoded()
      if !isIPv6 { bytes.replace(at: 4, with: UInt16(index)) }
      let carried = try CarriedPacket(bytes, isSummed: false)
      return try #require(carried.arrived(as: carried.packet))
    }
  }

  @Test(arguments: [false, true]) func datagramsOfAFlowAreWrittenAtOnce(isIPv6: Bool) throws {
    let arrived = try Self.datagrams(of: [100, 100, 100, 60], isIPv6: isIPv6)
    let writes = Self.written(arrived)
    #expect(writes.count == 1)
    let again = Self.packets(in: writes[0])
    #expect(again.count == 4)
    for (one, other) in zip(again, arrived) {
      #expect(!one.isSummed)
      var bytes = ArrivedPacket(head: one.bytes, isSummed: false).summedBytes
      var expected = other.summedBytes
      // Only the first one's header checksum is written.
      if !isIPv6 {
        bytes.replace(at: 10, with: 0)
        expected.replace(at: 10, with: 0)
      }
      #expect(bytes == expected)
    }
    let start = OffloadHeader.length + (isIPv6 ? 40 : 20)
    let whole = ArrivedPacket(head: Array(writes[0][OffloadHeader.length...]), isSummed: false)
    #expect(writes[0].word(at: start + 4) == 8 + 360, "the whole's length")
    #expect(whole.pseudoHeaderSum()?.sum == writes[0].word(at: start + 6))
  }

  @Test func datagramsThatDifferAreWrittenAlone() throws {
    let all = try Self.datagrams(of: [100, 100], isIPv6: false)
    #expect(Self.written(all, takesDatagrams: false).count == 2, "the kernel takes none")
    #expect(Self.written(try Self.datagrams(of: [100, 101], isIPv6: false)).count == 2, "a longer one")
    #expect(Self.written(try Self.datagrams(of: [100, 60, 60], isIPv6: false)).count == 2, "one after a shorter one")
    #expect(Self.written(try Self.datagrams(of: [0, 0], isIPv6: false)).count == 2, "no data")
    // Type of service, TTL, an address, either port.
    for place in [1, 8, 15, 20, 22] {
      var other = all[1]
      other.head[place] &+= 1
      #expect(Self.written([all[0], other]).count == 2, "byte \(place)")
    }
    let many = Self.written(try Self.datagrams(of: Array(repeating: 10, count: 200), isIPv6: false))
    #expect(many.map { Self.packets(in: $0).count } == [64, 64, 64, 8])
  }

  @Test func noHeaderDoesWorse() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<5_000 {
      var bytes = (0..<Int(11 + generator.below(200))).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      bytes[1] = [1, 4, 5][Int(generator.below(3))]
      if generator.below(2) == 0 { bytes.replaceSubrange(2..<10, with: [0, 0, 9, 0, 20, 0, 16, 0]) }
      if generator.below(2) == 0 { bytes[10] = 0x45 }
      for (packet, isSummed) in Self.packets(in: bytes) {
        guard let carried = try? CarriedPacket(packet, isSummed: isSummed) else { continue }
        guard let arrived = carried.arrived(as: carried.packet) else { continue }
        #expect(!Self.written([arrived, arrived]).isEmpty)
      }
    }
  }
}
