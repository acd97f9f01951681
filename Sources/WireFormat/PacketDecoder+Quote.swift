// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The packet that an ICMP error quotes: its IP header and at least 8 bytes more (RFC 792, RFC 1812 §4.3.2.3). Quotes
/// differ in length, so none of its own checksums except IP's can be checked (RFC 5508 §4.1, REQ-3).
extension PacketDecoder {
  /// Reads all that is left as a quote.
  mutating func quote(_ family: AddressFamily) throws(WireError) -> Payload {
    let before = reader
    do throws(WireError) {
      reader.isQuoted = true
      return .quote(try quotedPacket(family))
    } catch {
      guard tolerance.contains(.nonsenseQuotes) else { throw error }
      reader = before
      return Payload(bytes: try reader.data(.payload, .data, count: reader.remaining))
    }
  }

  private mutating func quotedPacket(_ family: AddressFamily) throws(WireError) -> QuotedPacket {
    let (start, end) = (reader.offset, reader.end)
    let header = try ipHeader()
    guard header.source.family == family else {
      throw reader.error(
        .unsupported(family == .ipv4 ? 6 : 4), family == .ipv4 ? .ipv6 : .ipv4, .version, at: start)
    }
    var packet = Packet(
      header.transport, from: Endpoint(header.source, 0), to: Endpoint(header.destination, 0),
      timeToLive: header.timeToLive)
    switch header.transport {
    case .udp: try readQuotedDatagram(&packet)
    case .tcp: try readQuotedSegment(&packet)
    case .icmp: try readQuotedMessage(&packet)
    }
    _ = try reader.data(.payload, .data, count: reader.remaining)
    var quoted = QuotedPacket(of: packet)
    quoted.packetLength = header.packetLength
    quoted.length = end - start
    return quoted
  }

  private mutating func readQuotedDatagram(_ packet: inout Packet) throws(WireError) {
    packet.source.port = try reader.word(.udp, .sourcePort)
    packet.destination.port = try reader.word(.udp, .destinationPort)
    _ = try reader.word(.udp, .length)
    _ = try reader.word(.udp, .checksum)
  }

  private mutating func readQuotedSegment(_ packet: inout Packet) throws(WireError) {
    packet.source.port = try reader.word(.tcp, .sourcePort)
    packet.destination.port = try reader.word(.tcp, .destinationPort)
    packet.sequenceNumber = UInt32(truncatingIfNeeded: try reader.number(.tcp, .sequenceNumber, bytes: 4))
    // The eight bytes that every quote has are read; the rest only if it is there.
    guard reader.remaining >= 12 else { return }
    packet.acknowledgementNumber = UInt32(truncatingIfNeeded: try reader.number(.tcp, .acknowledgementNumber, bytes: 4))
    let (dataOffset, _) = try reader.pair(.tcp, bytes: 1, .dataOffset, bits: 4, .reserved)
    packet.tcpFlags = TCPFlags(rawValue: try reader.byte(.tcp, .flags))
    _ = try reader.word(.tcp, .window)
    _ = try reader.word(.tcp, .checksum)
    _ = try reader.word(.tcp, .urgentPointer)
    let options = Int(dataOffset) * 4 - 20
    if options > 0, options <= reader.remaining { try readOptions(of: &packet, count: options) }
  }

  private mutating func readQuotedMessage(_ packet: inout Packet) throws(WireError) {
    let family = packet.source.address.family
    let layer = TransportProtocol.icmp.layer(family)
    packet.icmp = try messageKind(family)
    // No error is about an error (RFC 1122 §3.2.2).
    guard !packet.icmp.isError else {
      let type = packet.icmp.wireNumbers(family)?.type ?? 0
      throw reader.error(.unsupported(UInt64(type)), layer, .type, at: reader.offset - 2)
    }
    _ = try reader.word(layer, .checksum)
    packet.source.port = try reader.word(layer, .identifier)
    packet.destination.port = packet.source.port
    packet.icmpSequence = try reader.word(layer, .sequenceNumber)
  }
}
