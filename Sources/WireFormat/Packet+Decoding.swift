// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension Packet {
  /// Reads a packet from its bytes, from the IP header on.
  ///
  /// Fields for which the model has no place are skipped if a NAT skips them too: type of service, identification, flow
  /// label, TCP's options except a SYN's maximum segment size, its window and urgent pointer.
  ///
  /// - Parameters:
  ///   - bytes: one whole packet.
  ///   - tolerance: exceptions that would otherwise be refused.
  /// - Throws: the first error, in the order of the bytes, and its place. No bytes can do worse.
  public init(decoding bytes: ArraySlice<UInt8>, accepting tolerance: WireTolerance = []) throws(WireError) {
    var decoder = PacketDecoder(reader: WireReader(bytes, keepsFields: false), tolerance: tolerance)
    self = try decoder.packet()
  }

  public init(decoding bytes: [UInt8], accepting tolerance: WireTolerance = []) throws(WireError) {
    try self.init(decoding: bytes[...], accepting: tolerance)
  }
}

/// A packet's bytes taken apart: each field in its order, as far as they could be read.
public struct Dissection: Hashable, Sendable {
  public var fields: [WireFieldValue]
  /// The packet in the bytes, or the error in them.
  public var outcome: Result<Packet, WireError>

  /// Takes `bytes` apart; see ``NATModel/Packet/init(decoding:accepting:)``.
  public init(of bytes: [UInt8], accepting tolerance: WireTolerance = []) {
    var decoder = PacketDecoder(reader: WireReader(bytes[...], keepsFields: true), tolerance: tolerance)
    do throws(WireError) {
      outcome = .success(try decoder.packet())
    } catch {
      outcome = .failure(error)
    }
    fields = decoder.reader.fields ?? []
  }
}

/// Reads one packet.
struct PacketDecoder {
  var reader: WireReader
  var tolerance: WireTolerance

  mutating func packet() throws(WireError) -> Packet {
    let header = try ipHeader()
    let segment = reader.offset
    var packet = Packet(
      header.transport, from: Endpoint(header.source, 0), to: Endpoint(header.destination, 0),
      timeToLive: header.timeToLive)
    switch header.transport {
    case .udp: try readDatagram(&packet)
    case .tcp: try readSegment(&packet)
    case .icmp: try readMessage(&packet)
    }
    let layer = header.transport.layer(header.source.family)
    try checkTransportChecksum(header, layer, from: segment)
    if packet.icmp.isError {
      packet.payload = try quote(header.source.family)
    } else {
      packet.payload = Payload(bytes: try reader.data(.payload, .data, count: reader.remaining))
    }
    return packet
  }

  private mutating func readDatagram(_ packet: inout Packet) throws(WireError) {
    packet.source.port = try reader.word(.udp, .sourcePort)
    packet.destination.port = try reader.word(.udp, .destinationPort)
    let length = Int(try reader.word(.udp, .length))
    guard length >= 8 else {
      throw reader.error(.tooShort(says: length, least: 8), .udp, .length, at: reader.offset - 2)
    }
    guard length == reader.remaining + 6 else {
      throw reader.error(
        .lengthsDisagree(says: length, actual: reader.remaining + 6), .udp, .length, at: reader.offset - 2)
    }
    _ = try reader.word(.udp, .checksum)
  }

  private mutating func readSegment(_ packet: inout Packet) throws(WireError) {
    let start = reader.offset
    packet.source.port = try reader.word(.tcp, .sourcePort)
    packet.destination.port = try reader.word(.tcp, .destinationPort)
    packet.sequenceNumber = UInt32(truncatingIfNeeded: try reader.number(.tcp, .sequenceNumber, bytes: 4))
    packet.acknowledgementNumber = UInt32(truncatingIfNeeded: try reader.number(.tcp, .acknowledgementNumber, bytes: 4))
    let headerLength = Int(try reader.pair(.tcp, bytes: 1, .dataOffset, bits: 4, .reserved).0) * 4
    guard headerLength >= 20 else {
      throw reader.error(.tooShort(says: headerLength, least: 20), .tcp, .dataOffset, at: start + 12)
    }
    packet.tcpFlags = TCPFlags(rawValue: try reader.byte(.tcp, .flags))
    _ = try reader.word(.tcp, .window)
    _ = try reader.word(.tcp, .checksum)
    _ = try reader.word(.tcp, .urgentPointer)
    guard start + headerLength <= reader.end else {
      throw reader.error(
        .lengthsDisagree(says: headerLength, actual: reader.end - start), .tcp, .dataOffset, at: start + 12)
    }
    try readOptions(of: &packet, count: headerLength - 20)
  }

  /// Reads a segment's options. Only the maximum segment size of a SYN means anything to the model (RFC 9293 §3.2).
  mutating func readOptions(of packet: inout Packet, count: Int) throws(WireError) {
    let end = reader.offset + count
    if packet.tcpFlags.contains(.syn),
      let offset = TCPOptions.offsetOfMaximumSegmentSize(in: reader[reader.offset..<end])
    {
      _ = try reader.data(.tcp, .options, count: offset)
      packet.maximumSegmentSize = try reader.word(.tcp, .maximumSegmentSize)
    }
    _ = try reader.data(.tcp, .options, count: end - reader.offset)
  }

  private mutating func readMessage(_ packet: inout Packet) throws(WireError) {
    let family = packet.source.address.family
    let layer = TransportProtocol.icmp.layer(family)
    packet.icmp = try messageKind(family)
    _ = try reader.word(layer, .checksum)
    if packet.icmp.isError {
      _ = try reader.number(layer, .unused, bytes: 2)
      let number = try reader.number(layer, .unused, bytes: 2)
      if packet.icmp == .fragmentationNeeded { packet.icmpSequence = UInt16(truncatingIfNeeded: number) }
    } else {
      packet.source.port = try reader.word(layer, .identifier)
      packet.destination.port = packet.source.port
      packet.icmpSequence = try reader.word(layer, .sequenceNumber)
    }
  }

  mutating func messageKind(_ family: AddressFamily) throws(WireError) -> ICMPKind {
    let layer = TransportProtocol.icmp.layer(family)
    let type = try reader.byte(layer, .type)
    guard ICMPKind.isKnown(type: type, family) else {
      throw reader.error(.unsupported(UInt64(type)), layer, .type, at: reader.offset - 1)
    }
    let code = try reader.byte(layer, .code)
    guard let kind = ICMPKind(type: type, code: code, family) else {
      throw reader.error(.unsupported(UInt64(code)), layer, .code, at: reader.offset - 1)
    }
    return kind
  }

  /// The checksum over the segment from `start` to its end. UDP over IPv4 may go without one, marked by 0 (RFC 768).
  private func checkTransportChecksum(
    _ header: IPHeader, _ layer: WireField.Layer, from start: Int
  ) throws(WireError) {
    guard !tolerance.contains(.wrongChecksums) else { return }
    let family = header.source.family
    let offset = start + header.transport.checksumOffset
    let found = reader[offset..<offset + 2].reduce(0) { $0 << 8 | UInt16($1) }
    if header.transport == .udp, family == .ipv4, found == 0 { return }
    var checksum = InternetChecksum()
    if header.transport != .icmp || family == .ipv6 {
      checksum.addPseudoHeader(
        header.source, header.destination, protocol: header.transport.wireNumber(family), length: reader.end - start)
    }
    checksum.add(reader[start..<reader.end])
    let difference = checksum.value
    // In IPv6 a UDP checksum is mandatory (RFC 8200 §8.1).
    guard difference != 0 || (header.transport == .udp && found == 0) else { return }
    checksum.add(UInt64(~found))
    var computed = checksum.value
    if header.transport == .udp, computed == 0 { computed = .max }
    throw reader.error(.wrongChecksum(found: found, computed: computed), layer, .checksum, at: offset)
  }
}
