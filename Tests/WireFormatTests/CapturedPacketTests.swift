// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import WireFormat

/// Packets that other people's code wrote are read, and say what they should.
struct CapturedPacketTests {
  private func endpoint(_ text: String) throws -> Endpoint { try #require(Endpoint(text)) }

  @Test(arguments: [
    (CapturedPacket.datagram, "192.0.2.1:5000", "192.0.2.9:4000"),
    (.datagramIPv6, "[2001:db8::1]:5000", "[2001:db8::9]:4000"),
  ])
  func aDatagramIsReadAndWrittenWithTheSameChecksum(
    captured: CapturedPacket, source: String, destination: String
  ) throws {
    let packet = try Packet(decoding: captured.bytes)
    #expect(
      packet
        == Packet(.udp, from: try endpoint(source), to: try endpoint(destination), payload: .data(Array("hello".utf8))))
    // Only IPv4's identification and IPv6's flow label are missing in the model.
    let transport = packet.source.address.family.headerLength
    #expect(try packet.encoded()[transport...] == captured.bytes[transport...])
    #expect(packet.length == captured.bytes.count)
  }

  @Test(arguments: [(CapturedPacket.opening, 0xFFB9_FD49 as UInt32), (.openingIPv6, 0x5785_C0E6)])
  func aSegmentsOptionsAreSteppedOver(captured: CapturedPacket, number: UInt32) throws {
    let packet = try Packet(decoding: captured.bytes)
    #expect(packet.transport == .tcp && packet.tcpFlags == .syn && packet.sequenceNumber == number)
    #expect((packet.source.port, packet.destination.port) == (5001, 80))
    #expect(packet.payload == .empty)
  }

  @Test(arguments: [CapturedPacket.reset, .resetIPv6]) func aResetSaysWhatItAcknowledges(
    captured: CapturedPacket
  ) throws {
    let packet = try Packet(decoding: captured.bytes)
    #expect(packet.tcpFlags == [.rst, .ack] && packet.acknowledgementNumber == 1001 && packet.sequenceNumber == 0)
    #expect(packet.length == captured.bytes.count)
  }

  @Test(arguments: [
    (CapturedPacket.unreachable, "192.0.2.9:4000", "192.0.2.1:9", 33),
    (.unreachableIPv6, "[2001:db8::9]:4000", "[2001:db8::1]:9", 53),
  ])
  func anErrorSaysWhichPacketItIsAbout(
    captured: CapturedPacket, source: String, destination: String, length: Int
  ) throws {
    let packet = try Packet(decoding: captured.bytes)
    #expect(packet.icmp == .portUnreachable && packet.source.port == 0 && packet.destination.port == 0)
    let quoted = try #require(packet.quoted)
    #expect(quoted.transport == .udp && quoted.timeToLive == 64)
    #expect(quoted.source.description == source && quoted.destination.description == destination)
    #expect(quoted.length == length && quoted.packetLength == length)
  }

  @Test(arguments: [CapturedPacket.echoReply, .echoReplyIPv6]) func anEchosIdentifierIsThePortOfBothEnds(
    captured: CapturedPacket
  ) throws {
    let packet = try Packet(decoding: captured.bytes)
    #expect(packet.icmp == .echoReply && packet.source.port == 7 && packet.destination.port == 7)
    #expect(packet.icmpSequence == 1 && packet.payload == .data(Array("abc".utf8)))
    let transport = packet.source.address.family.headerLength
    #expect(try packet.encoded()[transport...] == captured.bytes[transport...])
  }

  /// Every bit of a packet is covered by a checksum or is in a field that is checked, unless a datagram has no
  /// checksum.
  @Test(arguments: CapturedPacket.all) func aFlippedBitIsNoticed(captured: CapturedPacket) throws {
    let header = captured.bytes[0] >> 4 == 4 ? 20 : 40
    // IPv6 has no checksum of its own: nothing covers version, class, label and hop limit.
    let unguarded = header == 40 ? Set(0..<4).union([7]) : []
    for byte in captured.bytes.indices where !unguarded.contains(byte) {
      for bit in 0..<8 {
        var bytes = captured.bytes
        bytes[byte] ^= 1 << UInt8(bit)
        #expect(throws: WireError.self, "bit \(bit) of byte \(byte)") { try Packet(decoding: bytes) }
      }
    }
  }
}
