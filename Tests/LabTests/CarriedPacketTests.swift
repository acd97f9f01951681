// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing
import WireFormat

@testable import Lab

/// A kernel's packet comes out of the simulation as it went in, except for what routers change.
@Suite struct CarriedPacketTests {
  private static let alice = IPAddress(ipv4: 0xC0A8_010A)
  private static let outside = IPAddress(ipv4: 0x3124_0A19)
  private static let bob = IPAddress(ipv4: 0x585A_646E)

  /// A SYN with a type of service, an identification, options and a window of its own.
  private static let syn: [UInt8] = {
    var bytes: [UInt8] = [0x45, 0x10, 0, 60, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0]
    bytes.appendAddress(alice)
    bytes.appendAddress(bob)
    bytes.sumIPv4Header(length: 20)
    // Ports 40000 and 80; sequence number 1; no acknowledgement; 40 bytes of header; SYN; window 64240.
    bytes += [0x9C, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0xA0, 2, 0xFA, 0xF0, 0, 0, 0, 0]
    // MSS 1460, SACK, timestamps, window scale 7.
    bytes += [2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7]
    return bytes.withTransportChecksum(at: 36, from: 20)
  }()

  @Test func optionsAndWindowSurviveATranslation() throws {
    let carried = try CarriedPacket(Self.syn)
    var arrived = carried.packet
    arrived.source = Endpoint(Self.outside, 62_000)
    arrived.timeToLive = 61
    let bytes = try #require(carried.arrived(as: arrived)?.summedBytes)
    #expect(bytes.count == 60)
    #expect(bytes[1] == 0x10, "the type of service")
    #expect(bytes[4..<8] == Self.syn[4..<8], "the identification and the flags")
    #expect(bytes[8] == 61)
    #expect(bytes[34..<36] == Self.syn[34..<36], "the window")
    #expect(bytes[40...] == Self.syn[40...], "the options")
    // Both checksums are right: the strict reader takes it.
    let read = try Packet(decoding: bytes)
    #expect(read.source == arrived.source)
    #expect(read.destination == arrived.destination)
  }

  @Test func aWrongChecksumStaysWrong() throws {
    var broken = Self.syn
    broken.replace(at: 36, with: broken.word(at: 36) ^ 0x0100)
    let carried = try CarriedPacket(broken)
    var arrived = carried.packet
    arrived.source = Endpoint(Self.outside, 62_000)
    let bytes = try #require(carried.arrived(as: arrived)?.summedBytes)
    #expect(throws: WireError.self) { try Packet(decoding: bytes) }
  }

  /// A router that reads texts changes a segment's, and the numbers of those after it.
  @Test func anotherTextAndOtherNumbersSurvive() throws {
    let text = Array("PORT 192,168,1,10,19,136\r\n".utf8)
    var bytes = Self.syn + text
    bytes.replace(at: 2, with: UInt16(60 + text.count))
    bytes[33] = 0x18
    bytes.sumIPv4Header(length: 20)
    bytes.replace(at: 36, with: 0)
    let carried = try CarriedPacket(bytes.withTransportChecksum(at: 36, from: 20))
    var arrived = carried.packet
    arrived.source = Endpoint(Self.outside, 62_000)
    arrived.sequenceNumber = 7_000_000
    arrived.acknowledgementNumber = 9_000_000
    for payload in [text, Array("PORT 49,36,10,25,242,49\r\n".utf8), Array("x\r\n".utf8)] {
      arrived.payload = .data(payload)
      let result = try #require(carried.arrived(as: arrived)?.summedBytes)
      #expect(result[40..<60] == Self.syn[40...], "the options")
      let read = try Packet(decoding: result)
      #expect(read.payload == arrived.payload && read.source == arrived.source)
      #expect(read.sequenceNumber == 7_000_000 && read.acknowledgementNumber == 9_000_000)
    }
  }

  @Test func dontFragmentIsRead() throws {
    #expect(try CarriedPacket(Self.syn).packet.dontFragment)
    var loose = Self.syn
    loose[6] = 0
    loose.sumIPv4Header(length: 20)
    #expect(try !CarriedPacket(loose).packet.dontFragment)
  }

  @Test(arguments: [8, 576, 1_400, 1_480, 1_481, 3_000, 65_000], [false, true])
  func piecesAreThePacket(length: Int, isIPv6: Bool) throws {
    let source = isIPv6 ? try #require(IPAddress("2001:db8::1")) : Self.alice
    let destination = isIPv6 ? try #require(IPAddress("2001:db8::2")) : Self.bob
    var packet = Packet(
      .udp, from: Endpoint(source, 5_000), to: Endpoint(destination, 4_000),
      payload: .data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
    let whole = try packet.encoded()
    packet.dontFragment = false
    let pieces = packet.fragments(within: 1_500, identification: 77)
    var collector = PieceCollector()
    var found: PieceCollector.Whole?
    // Out of order, and the last one twice.
    for piece in pieces.reversed() + pieces.suffix(1) {
      let fragment = try #require(piece.fragment)
      let bytes = whole.piece(fragment)
      #expect(bytes.count <= 1_500)
      let header = try #require(RawHeader(bytes))
      guard let place = header.piece else { continue }
      #expect(place.offset == fragment.offset)
      if let result = collector.add(bytes, header, place) { found = result }
    }
    guard pieces.count > 1 else { return }
    let result = try #require(found)
    #expect(try Packet(decoding: result.bytes).payload == packet.payload)
    #expect(result.limit == pieces[0].length)
  }

  @Test func collectionsAreBounded() throws {
    let packet = Packet(
      .udp, from: Endpoint(Self.alice, 1), to: Endpoint(Self.bob, 2),
      payload: .data([UInt8](repeating: 1, count: 3_000)))
    let whole = try packet.encoded()
    var collector = PieceCollector()
    func add(_ index: Int, _ identification: Int) throws -> PieceCollector.Whole? {
      let piece = packet.fragments(within: 1_500, identification: UInt32(identification))[index]
      let bytes = whole.piece(try #require(piece.fragment))
      let header = try #require(RawHeader(bytes))
      return collector.add(bytes, header, try #require(header.piece))
    }
    for identification in 0...PieceCollector.capacity { #expect(try add(0, identification) == nil) }
    // The first one has made room for the last.
    #expect(try add(1, 0) == nil)
    #expect(try add(2, 0) == nil)
    #expect(try add(1, PieceCollector.capacity) == nil)
    #expect(try add(2, PieceCollector.capacity) != nil)
  }

  @Test func noBytesDoWorse() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3_000 {
      let count = Int(generator.below(90))
      var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      if count > 0 { bytes[0] = generator.below(2) == 0 ? 0x45 : 0x60 }
      if count > 9, generator.below(2) == 0 { bytes[9] = 17 }
      guard let header = RawHeader(bytes) else { continue }
      var collector = PieceCollector()
      if let piece = header.piece { _ = collector.add(bytes, header, piece) }
      if let carried = try? CarriedPacket(bytes) { _ = carried.arrived(as: carried.packet)?.summedBytes }
    }
  }

  @Test func theLastPacketsAreKept() throws {
    let carried = try CarriedPacket(Self.syn)
    var packets = CarriedPackets()
    packets.keep(carried, number: 1)
    #expect(packets[1] != nil)
    packets.keep(carried, number: 1 + CarriedPackets.capacity)
    #expect(packets[1] == nil)
    packets.drop(1)
    #expect(packets[1 + CarriedPackets.capacity] != nil)
    packets.drop(1 + CarriedPackets.capacity)
    #expect(packets[1 + CarriedPackets.capacity] == nil)
  }
}

extension [UInt8] {
  /// With the checksum of an IPv4 TCP segment filled in, computed without the code under test.
  fileprivate func withTransportChecksum(at place: Int, from start: Int) -> [UInt8] {
    var sum = UInt32(6) + UInt32(count - start)
    for offset in stride(from: 12, to: 20, by: 2) { sum += UInt32(self[offset]) << 8 | UInt32(self[offset + 1]) }
    for offset in stride(from: start, to: count, by: 2) { sum += UInt32(self[offset]) << 8 | UInt32(self[offset + 1]) }
    while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
    var bytes = self
    bytes[place] = UInt8(~sum >> 8 & 0xFF)
    bytes[place + 1] = UInt8(~sum & 0xFF)
    return bytes
  }
}
