// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import WireFormat

/// A packet's bytes decode to that packet again.
struct RoundTripTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func whatWasWrittenIsReadBack(seed: UInt64) throws {
    var packets = RandomPackets(seed: seed)
    for _ in 0..<500 {
      let packet = packets.next()
      let bytes = try packet.encoded()
      #expect(bytes.count == packet.length)
      #expect(try Packet(decoding: bytes) == packet)
    }
  }

  @Test func packetsAreWrittenOneAfterAnother() throws {
    var packets = RandomPackets(seed: 9)
    let (first, second) = (packets.next(), packets.next())
    var bytes = try first.encoded()
    try second.encode(into: &bytes)
    #expect(try Packet(decoding: bytes[..<first.length]) == first)
    #expect(try Packet(decoding: bytes[first.length...]) == second)
  }

  @Test func aQuoteMayBeCutAnywhereAfterItsFirstEightBytesOfTransport() throws {
    var packets = RandomPackets(seed: 10)
    for _ in 0..<300 {
      var packet = packets.next()
      guard var quoted = packet.quoted else { continue }
      let least = quoted.source.address.family.headerLength + 8
      quoted.length = least + Int(packets.generator.below(UInt64(quoted.length - least + 1)))
      packet.payload = .quote(quoted)
      let again = try Packet(decoding: packet.encoded())
      #expect(again.quoted?.length == quoted.length && again.quoted?.packetLength == quoted.packetLength)
      #expect(again.quoted?.sequenceNumber == quoted.sequenceNumber)
      // A fragment of TCP's header, or of its option, is not read.
      let headers = quoted.transport == .tcp && quoted.icmpSequence > 0 ? 16 : 12
      let isPart = quoted.transport == .tcp && (least + 1..<least + headers).contains(quoted.length)
      if !isPart { #expect(try again.encoded() == packet.encoded()) }
    }
  }

  /// A SYN's one option, between others and alone; elsewhere it means nothing.
  @Test func theMaximumSegmentSize() throws {
    let (here, there) = (try #require(Endpoint("192.0.2.1:1")), try #require(Endpoint("192.0.2.2:2")))
    var syn = Packet(.tcp, from: here, to: there)
    syn.tcpFlags = .syn
    syn.maximumSegmentSize = 1_460
    let bytes = try syn.encoded()
    #expect(bytes.count == 44 && syn.length == 44 && bytes[32] == 0x60)
    #expect(bytes.suffix(4) == [2, 4, 0x05, 0xB4])
    let field = Dissection(of: bytes).fields.first { $0.field.name == .maximumSegmentSize }
    #expect(field?.value == 1_460 && field?.bytes == 42..<44)
    // As a kernel writes it: window scale and padding around it.
    let options: [UInt8] = [1, 3, 3, 7, 2, 4, 0x05, 0xB4, 1, 1, 4, 2]
    var written = Array(bytes[..<40]) + options
    (written[32], written[3]) = (0x80, UInt8(written.count))
    #expect(try Packet(decoding: written, accepting: .wrongChecksums).maximumSegmentSize == 1_460)
    #expect(Dissection(of: written, accepting: .wrongChecksums).fields.filter { $0.field.name == .options }.count == 2)
    // An option that goes beyond the header, one without a length, and one in a segment that is not a SYN.
    for wrong in [[1, 3, 3, 7, 1, 1, 1, 1, 1, 1, 2, 4], [2, 0, 5, 0xB4, 2, 4, 0x05, 0xB4, 1, 1, 1, 1]] as [[UInt8]] {
      let bytes = Array(written[..<40]) + wrong
      #expect(try Packet(decoding: bytes, accepting: .wrongChecksums).maximumSegmentSize == nil)
    }
    written[33] = TCPFlags.ack.rawValue
    #expect(try Packet(decoding: written, accepting: .wrongChecksums).maximumSegmentSize == nil)
  }

  @Test func aValueThatNoHeaderCanHoldIsNotWritten() throws {
    let (here, there) = (try #require(Endpoint("192.0.2.1:1")), try #require(Endpoint("192.0.2.2:2")))
    let ipv6 = try #require(Endpoint("[2001:db8::1]:1"))
    #expect(throws: UnencodablePacket.mixedFamilies) { try Packet(.udp, from: here, to: ipv6).encoded() }
    #expect(throws: UnencodablePacket.noMessage) { try Packet(.icmp, from: here, to: there).encoded() }
    #expect(throws: UnencodablePacket.tooLong(65_536)) {
      try Packet(.udp, from: here, to: there, payload: .filler(65_508)).encoded()
    }
    #expect(try Packet(.udp, from: here, to: there, payload: .filler(65_507)).encoded().count == 65_535)
    #expect(throws: UnencodablePacket.tooLong(65_576)) {
      try Packet(.tcp, from: ipv6, to: ipv6, payload: .filler(65_516)).encoded()
    }
    #expect(try Packet(.tcp, from: ipv6, to: ipv6, payload: .filler(65_515)).encoded().count == 65_575)
  }
}
