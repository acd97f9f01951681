// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import WireFormat

/// Bytes that are not a packet: the fault and its place.
struct BadBytesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var captured: CapturedPacket
    /// The bytes and the place that they are put in.
    var changes: [(at: Int, UInt8)] = []
    var keeps: Int?
    var more: [UInt8] = []
    var problem: WireError.Problem
    var field: WireField
    var offset: Int
    var testDescription: String { "\(captured.name): \(name)" }

    var bytes: [UInt8] {
      var bytes = captured.bytes
      for change in changes { bytes[change.at] = change.1 }
      return Array(bytes.prefix(keeps ?? bytes.count)) + more
    }
  }

  static let cases: [Case] = [
    Case(
      name: "nothing", captured: .datagram, keeps: 0, problem: .truncated(needed: 1, available: 0),
      field: WireField(.ipv4, .version), offset: 0),
    Case(
      name: "version 5", captured: .datagram, changes: [(0, 0x55)], problem: .unsupported(5),
      field: WireField(.ipv4, .version), offset: 0),
    Case(
      name: "a header of 16 bytes", captured: .datagram, changes: [(0, 0x44)],
      problem: .tooShort(says: 16, least: 20), field: WireField(.ipv4, .headerLength), offset: 0),
    Case(
      name: "a header longer than the packet says", captured: .datagram, changes: [(0, 0x4F)],
      problem: .tooShort(says: 33, least: 60), field: WireField(.ipv4, .totalLength), offset: 2),
    Case(
      name: "options", captured: .datagram, changes: [(0, 0x46), (10, 0x49), (11, 0x84)],
      problem: .unsupported(24), field: WireField(.ipv4, .options), offset: 20),
    Case(
      name: "one byte too few", captured: .datagram, keeps: 32, problem: .lengthsDisagree(says: 33, actual: 32),
      field: WireField(.ipv4, .totalLength), offset: 2),
    Case(
      name: "one byte too many", captured: .datagram, more: [0], problem: .lengthsDisagree(says: 33, actual: 34),
      field: WireField(.ipv4, .totalLength), offset: 2),
    Case(
      name: "cut off in the total length", captured: .datagram, keeps: 3,
      problem: .truncated(needed: 4, available: 3), field: WireField(.ipv4, .totalLength), offset: 2),
    Case(
      name: "a total length of 0", captured: .datagram, changes: [(2, 0), (3, 0)],
      problem: .tooShort(says: 0, least: 20), field: WireField(.ipv4, .totalLength), offset: 2),
    Case(
      name: "the first fragment", captured: .datagram, changes: [(6, 0x20), (7, 0)], problem: .fragment,
      field: WireField(.ipv4, .flags), offset: 6),
    Case(
      name: "the last fragment", captured: .datagram, changes: [(6, 0), (7, 1)], problem: .fragment,
      field: WireField(.ipv4, .fragmentOffset), offset: 6),
    Case(
      name: "a datagram of 0 bytes", captured: .datagram, changes: [(24, 0), (25, 0)],
      problem: .tooShort(says: 0, least: 8), field: WireField(.udp, .length), offset: 24),
    Case(
      name: "the reserved flag", captured: .datagram, changes: [(6, 0xC0)], problem: .unsupported(6),
      field: WireField(.ipv4, .flags), offset: 6),
    Case(
      name: "GRE", captured: .datagram, changes: [(9, 47)], problem: .unsupported(47),
      field: WireField(.ipv4, .protocol), offset: 9),
    Case(
      name: "ICMPv6's number in IPv4", captured: .echoReply, changes: [(9, 58)], problem: .unsupported(58),
      field: WireField(.ipv4, .protocol), offset: 9),
    Case(
      name: "a header checksum", captured: .datagram, changes: [(8, 63)],
      problem: .wrongChecksum(found: 0x6DAC, computed: 0x6EAC), field: WireField(.ipv4, .checksum), offset: 10),
    Case(
      name: "a datagram of 7 bytes", captured: .datagram, changes: [(25, 7)],
      problem: .tooShort(says: 7, least: 8), field: WireField(.udp, .length), offset: 24),
    Case(
      name: "a datagram shorter than its packet", captured: .datagram, changes: [(25, 12)],
      problem: .lengthsDisagree(says: 12, actual: 13), field: WireField(.udp, .length), offset: 24),
    Case(
      name: "a checksum", captured: .datagram, changes: [(32, 0x70)],
      problem: .wrongChecksum(found: 0x14CF, computed: 0x13CF), field: WireField(.udp, .checksum), offset: 26),
    Case(
      name: "no checksum, where one is required", captured: .datagramIPv6, changes: [(46, 0), (47, 0)],
      problem: .wrongChecksum(found: 0, computed: 0x3D5E), field: WireField(.udp, .checksum), offset: 46),
    Case(
      name: "a payload length", captured: .datagramIPv6, changes: [(5, 14)],
      problem: .lengthsDisagree(says: 14, actual: 13), field: WireField(.ipv6, .payloadLength), offset: 4),
    Case(
      name: "a hop-by-hop header", captured: .datagramIPv6, changes: [(6, 0)], problem: .unsupported(0),
      field: WireField(.ipv6, .nextHeader), offset: 6),
    Case(
      name: "an IPv4-mapped source", captured: .datagramIPv6,
      changes: (8..<18).map { ($0, 0) } + [(18, 255), (19, 255)], problem: .unsupported(0),
      field: WireField(.ipv6, .source), offset: 8),
    Case(
      name: "a TCP header of 16 bytes", captured: .opening, changes: [(32, 0x40)],
      problem: .tooShort(says: 16, least: 20), field: WireField(.tcp, .dataOffset), offset: 32),
    Case(
      name: "a TCP header longer than its packet", captured: .opening, changes: [(32, 0xF0)],
      problem: .lengthsDisagree(says: 60, actual: 40), field: WireField(.tcp, .dataOffset), offset: 32),
    Case(
      name: "a timestamp request", captured: .echoReply, changes: [(20, 13)], problem: .unsupported(13),
      field: WireField(.icmp, .type), offset: 20),
    Case(
      name: "an unknown code", captured: .unreachable, changes: [(21, 200)], problem: .unsupported(200),
      field: WireField(.icmp, .code), offset: 21),
    Case(
      name: "a quote of version 7", captured: .unreachable, changes: [(28, 0x75), (22, 0x51)],
      problem: .unsupported(7), field: WireField(.ipv4, .version, isQuoted: true), offset: 28),
    Case(
      name: "a quote with another checksum", captured: .unreachable, changes: [(36, 63), (22, 0x82)],
      problem: .wrongChecksum(found: 0xB6C1, computed: 0xB7C1),
      field: WireField(.ipv4, .checksum, isQuoted: true), offset: 38),
  ]

  @Test(arguments: cases) func anErrorSaysWhatIsWrongAndWhere(wrong: Case) {
    #expect(throws: WireError(wrong.problem, wrong.field, offset: wrong.offset)) { try Packet(decoding: wrong.bytes) }
    let dissection = Dissection(of: wrong.bytes)
    #expect(throws: WireError(wrong.problem, wrong.field, offset: wrong.offset)) { try dissection.outcome.get() }
    // The fields that were read follow each other from the packet's start.
    var end = 0
    for value in dissection.fields {
      #expect(value.bits.lowerBound == end)
      end = value.bits.upperBound
    }
  }

  @Test(arguments: CapturedPacket.all) func aPacketCutShortIsRefusedWhereverItIsCut(
    captured: CapturedPacket
  ) {
    for count in captured.bytes.indices {
      #expect(throws: WireError.self) { try Packet(decoding: captured.bytes[..<count]) }
    }
  }

  @Test func aQuoteCutShortSaysWhereItEnds() throws {
    var error = try Packet(decoding: CapturedPacket.unreachable.bytes)
    var quoted = try #require(error.quoted)
    quoted.length = 25
    error.payload = .quote(quoted)
    let bytes = try error.encoded()
    #expect(
      throws: WireError(
        .truncated(needed: 54, available: 53), WireField(.udp, .length, isQuoted: true), offset: 52)
    ) { try Packet(decoding: bytes) }
    let accepted = try Packet(decoding: bytes, accepting: .nonsenseQuotes)
    #expect(accepted.icmp == .portUnreachable && accepted.quoted == nil && accepted.payload.length == 25)
    #expect(try accepted.encoded() == bytes)
  }

  @Test func unusualButLegalBytesAreAccepted() throws {
    var bytes = CapturedPacket.datagram.bytes
    bytes[10] ^= 1
    bytes[26] ^= 1
    let packet = try Packet(decoding: CapturedPacket.datagram.bytes)
    #expect(throws: WireError.self) { try Packet(decoding: bytes) }
    #expect(try Packet(decoding: bytes, accepting: .wrongChecksums) == packet)
    #expect(throws: WireError.self) { try Packet(decoding: bytes + [0, 0], accepting: .wrongChecksums) }
    #expect(try Packet(decoding: bytes + [0, 0], accepting: [.wrongChecksums, .padding]) == packet)
    var unsummed = CapturedPacket.datagram.bytes
    unsummed.replaceSubrange(26..<28, with: [0, 0])
    #expect(try Packet(decoding: unsummed) == packet)
  }

  @Test func noBytesCrashTheProgram() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      var bytes = (0..<generator.below(120)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      if generator.below(4) > 0 {
        bytes = CapturedPacket.all[Int(generator.below(UInt64(CapturedPacket.all.count)))].bytes
        for _ in 0...generator.below(4) {
          bytes[Int(generator.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      let tolerance = WireTolerance(rawValue: UInt8(generator.below(8)))
      guard let packet = try? Packet(decoding: bytes, accepting: tolerance) else { continue }
      #expect(throws: Never.self) { try Packet(decoding: packet.encoded(), accepting: .nonsenseQuotes) }
    }
  }
}
