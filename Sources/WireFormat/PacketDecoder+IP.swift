// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The parts of an IP header for which the model has a place.
struct IPHeader {
  var transport: TransportProtocol
  var source: IPAddress
  var destination: IPAddress
  var timeToLive: UInt8
  /// The whole packet's length, as the header says.
  var packetLength: Int
}

/// IP headers (RFC 791 §3.1, RFC 8200 §3), checked as a router must (RFC 1812 §5.2.2) and somewhat more.
extension PacketDecoder {
  mutating func ipHeader() throws(WireError) -> IPHeader {
    switch (reader.next ?? 0x40) >> 4 {
    case 4: return try ipv4Header()
    case 6: return try ipv6Header()
    case let version: throw reader.error(.unsupported(UInt64(version)), .ipv4, .version, at: reader.offset)
    }
  }

  private mutating func ipv4Header() throws(WireError) -> IPHeader {
    let start = reader.offset
    let headerLength = Int(try reader.pair(.ipv4, bytes: 1, .version, bits: 4, .headerLength).1) * 4
    guard headerLength >= 20 else {
      throw reader.error(.tooShort(says: headerLength, least: 20), .ipv4, .headerLength, at: start)
    }
    _ = try reader.byte(.ipv4, .typeOfService)
    let length = Int(try reader.word(.ipv4, .totalLength))
    guard length >= headerLength else {
      throw reader.error(.tooShort(says: length, least: headerLength), .ipv4, .totalLength, at: start + 2)
    }
    try endPacket(at: start + length, .ipv4, .totalLength, says: length, field: start + 2)
    _ = try reader.word(.ipv4, .identification)
    let (flags, fragmentOffset) = try reader.pair(.ipv4, bytes: 2, .flags, bits: 3, .fragmentOffset)
    guard flags & 4 == 0 else { throw reader.error(.unsupported(flags), .ipv4, .flags, at: start + 6) }
    guard flags & 1 == 0 else { throw reader.error(.fragment, .ipv4, .flags, at: start + 6) }
    guard fragmentOffset == 0 else { throw reader.error(.fragment, .ipv4, .fragmentOffset, at: start + 6) }
    let timeToLive = try reader.byte(.ipv4, .timeToLive)
    let transport = try transport(.ipv4, .ipv4, .protocol)
    let found = try reader.word(.ipv4, .checksum)
    let source = try reader.address(.ipv4, .source, .ipv4)
    let destination = try reader.address(.ipv4, .destination, .ipv4)
    _ = try reader.data(.ipv4, .options, count: headerLength - 20)
    if !tolerance.contains(.wrongChecksums) { try checkHeader(from: start, length: headerLength, found) }
    // A quoted packet's options are skipped (RFC 5508 §4.1, REQ-3b); packets here have none.
    guard headerLength == 20 || reader.isQuoted else {
      throw reader.error(.unsupported(UInt64(headerLength)), .ipv4, .options, at: start + 20)
    }
    guard let source, let destination else {
      throw reader.error(.unsupported(0), .ipv4, .source, at: start + 12)
    }
    return IPHeader(
      transport: transport, source: source, destination: destination, timeToLive: timeToLive, packetLength: length)
  }

  /// Checks the checksum `found` in an IPv4 header.
  private func checkHeader(from start: Int, length: Int, _ found: UInt16) throws(WireError) {
    var checksum = InternetChecksum()
    checksum.add(reader[start..<start + length])
    guard checksum.value == 0 else {
      checksum.add(UInt64(~found))
      throw reader.error(
        .wrongChecksum(found: found, computed: checksum.value), .ipv4, .checksum, at: start + 10)
    }
  }

  private mutating func ipv6Header() throws(WireError) -> IPHeader {
    let start = reader.offset
    try reader.triple(.ipv6, bytes: 4, .version, bits: 4, .trafficClass, bits: 8, .flowLabel)
    let length = Int(try reader.word(.ipv6, .payloadLength))
    try endPacket(at: start + 40 + length, .ipv6, .payloadLength, says: length, field: start + 4)
    let transport = try transport(.ipv6, .ipv6, .nextHeader)
    let timeToLive = try reader.byte(.ipv6, .hopLimit)
    guard let source = try reader.address(.ipv6, .source, .ipv6) else {
      throw reader.error(.unsupported(0), .ipv6, .source, at: start + 8)
    }
    guard let destination = try reader.address(.ipv6, .destination, .ipv6) else {
      throw reader.error(.unsupported(0), .ipv6, .destination, at: start + 24)
    }
    return IPHeader(
      transport: transport, source: source, destination: destination, timeToLive: timeToLive,
      packetLength: 40 + length)
  }

  private mutating func transport(
    _ family: AddressFamily, _ layer: WireField.Layer, _ name: WireField.Name
  ) throws(WireError) -> TransportProtocol {
    let number = try reader.byte(layer, name)
    guard let transport = TransportProtocol(wireNumber: number, family) else {
      throw reader.error(.unsupported(UInt64(number)), layer, name, at: reader.offset - 1)
    }
    return transport
  }

  /// Sets the packet's end as its header says. A quote may end before it.
  private mutating func endPacket(
    at end: Int, _ layer: WireField.Layer, _ name: WireField.Name, says length: Int, field: Int
  ) throws(WireError) {
    let there = reader.end
    if end > there, reader.isQuoted { return }
    guard end == there || (end < there && !reader.isQuoted && tolerance.contains(.padding)) else {
      throw reader.error(.lengthsDisagree(says: length, actual: length + there - end), layer, name, at: field)
    }
    reader.end = end
  }
}
