// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension Packet {
  /// The packet's bytes, from the IP header on, all lengths and checksums filled in.
  ///
  /// Fields that the model leaves open are written as by a host with nothing to say: no options but a SYN's maximum
  /// segment size, a full TCP window.
  ///
  /// - Parameter identification: the number by which an IPv4 packet's pieces are known, if routers may cut it. Without
  ///   one, it has identification 0 and "do not fragment" (RFC 6864 §4.1).
  /// - Throws: ``UnencodablePacket`` if no header can express the packet.
  public func encoded(identification: UInt16? = nil) throws(UnencodablePacket) -> [UInt8] {
    var bytes: [UInt8] = []
    try encode(into: &bytes, identification: identification)
    return bytes
  }

  /// The identification of packet `number` on a wire; nil if no router may cut it there.
  ///
  /// - Parameters:
  ///   - sent: the packet as it was sent. One that was of the other family then is numbered anew (RFC 7915 §5.1).
  ///   - meetsLimits: whether some link carries only packets up to a length; where none does, nothing is ever cut.
  public func identification(ofNumber number: Int, sent: Packet, meetsLimits: Bool) -> UInt16? {
    guard source.address.isIPv4, !dontFragment, meetsLimits || !sent.source.address.isIPv4 else { return nil }
    return UInt16(truncatingIfNeeded: number)
  }

  /// Appends the packet's bytes to `bytes`; see ``encoded(identification:)``. Nothing is appended if it throws.
  public func encode(into bytes: inout [UInt8], identification: UInt16? = nil) throws(UnencodablePacket) {
    let family = source.address.family
    guard family == destination.address.family else { throw .mixedFamilies }
    let header = PacketHeader(self)
    guard transport != .icmp || header.messageNumbers != nil else { throw .noMessage }
    let most = family == .ipv4 ? 65_535 : 65_535 + family.headerLength
    guard length <= most else { throw .tooLong(length) }
    bytes.reserveCapacity(bytes.count + length)
    header.encodeIP(packetLength: length, identification: identification, into: &bytes)
    let segment = bytes.count
    header.encodeTransport(segmentLength: length - family.headerLength, into: &bytes)
    payload.encode(into: &bytes)
    header.fillChecksum(in: &bytes, at: segment, packetLength: length)
  }
}

extension QuotedPacket {
  /// Appends the quoted bytes. The original payload is no longer known: zeros replace it, and the checksum is theirs.
  func encode(into bytes: inout [UInt8]) {
    let header = PacketHeader(self)
    let family = source.address.family
    var quote: [UInt8] = []
    header.encodeIP(packetLength: packetLength, into: &quote)
    let segment = quote.count
    header.encodeTransport(segmentLength: packetLength - family.headerLength, into: &quote)
    header.fillChecksum(in: &quote, at: segment, packetLength: packetLength)
    bytes += quote.prefix(max(length, 0))
    bytes += repeatElement(0, count: max(length - quote.count, 0))
  }
}

/// The contents of the headers of a packet, or of a quoted one.
private struct PacketHeader {
  var transport: TransportProtocol
  var source: Endpoint
  var destination: Endpoint
  var timeToLive: UInt8
  var tcpFlags: TCPFlags
  var sequenceNumber: UInt32
  var acknowledgementNumber: UInt32
  var icmp: ICMPKind
  var icmpSequence: UInt16

  /// The window of every segment: as much as the field can express.
  private static let window: UInt16 = 65_535
  /// The smallest packet that every IPv6 link takes (RFC 8200 §5), reported when a packet was too big.
  private static let smallestIPv6MTU: UInt16 = 1_280

  init(_ packet: Packet) {
    transport = packet.transport
    source = packet.source
    destination = packet.destination
    timeToLive = packet.timeToLive
    tcpFlags = packet.tcpFlags
    sequenceNumber = packet.sequenceNumber
    acknowledgementNumber = packet.acknowledgementNumber
    icmp = packet.icmp
    icmpSequence = packet.icmpSequence
  }

  init(_ quoted: QuotedPacket) {
    transport = quoted.transport
    source = quoted.source
    destination = quoted.destination
    timeToLive = quoted.timeToLive
    tcpFlags = quoted.tcpFlags
    sequenceNumber = quoted.sequenceNumber
    acknowledgementNumber = quoted.acknowledgementNumber
    icmp = quoted.icmp
    icmpSequence = quoted.icmpSequence
  }

  private var family: AddressFamily { source.address.family }
  private var number: UInt8 { transport.wireNumber(family) }
  var messageNumbers: (type: UInt8, code: UInt8)? { icmp.wireNumbers(family) }

  func encodeIP(packetLength: Int, identification: UInt16? = nil, into bytes: inout [UInt8]) {
    let start = bytes.count
    if family == .ipv4 {
      bytes += [0x45, 0]
      bytes.appendNumber(UInt16(truncatingIfNeeded: packetLength))
      bytes.appendNumber(identification ?? 0)
      bytes += [identification == nil ? 0x40 : 0, 0, timeToLive, number, 0, 0]
    } else {
      bytes += [0x60, 0, 0, 0]
      bytes.appendNumber(UInt16(truncatingIfNeeded: packetLength - family.headerLength))
      bytes += [number, timeToLive]
    }
    bytes.appendAddress(source.address)
    bytes.appendAddress(destination.address)
    if family == .ipv4 { bytes.sumIPv4Header(at: start) }
  }

  /// Appends the transport's header with checksum 0.
  func encodeTransport(segmentLength: Int, into bytes: inout [UInt8]) {
    switch transport {
    case .udp:
      bytes.appendNumber(source.port)
      bytes.appendNumber(destination.port)
      bytes.appendNumber(UInt16(truncatingIfNeeded: segmentLength))
      bytes += [0, 0]
    case .tcp:
      bytes.appendNumber(source.port)
      bytes.appendNumber(destination.port)
      bytes.appendNumber(sequenceNumber)
      bytes.appendNumber(acknowledgementNumber)
      // In TCP this is the maximum segment size.
      let hasOption = icmpSequence > 0
      bytes += [hasOption ? 0x60 : 0x50, tcpFlags.rawValue]
      bytes.appendNumber(Self.window)
      bytes += [0, 0, 0, 0]
      guard hasOption else { return }
      bytes += [2, 4]
      bytes.appendNumber(icmpSequence)
    case .icmp:
      let (type, code) = messageNumbers ?? ICMPKind.echoRequest.wireNumbers(family) ?? (0, 0)
      bytes += [type, code, 0, 0]
      if icmp.isError {
        bytes += [0, 0]
        bytes.appendNumber(icmp == .fragmentationNeeded ? nextLinksMTU : 0)
      } else {
        bytes.appendNumber(source.port)
        bytes.appendNumber(icmpSequence)
      }
    }
  }

  /// The next link's MTU in "fragmentation needed" (RFC 1191 §4) and "packet too big" (RFC 4443 §3.2).
  private var nextLinksMTU: UInt16 {
    icmpSequence == 0 && family == .ipv6 ? Self.smallestIPv6MTU : icmpSequence
  }

  /// Puts the checksum of everything from `start` on into the transport's header there. A quote has only the beginning
  /// of its packet, whose length the pseudo-header gives.
  func fillChecksum(in bytes: inout [UInt8], at start: Int, packetLength: Int) {
    var checksum = InternetChecksum()
    if transport != .icmp || family == .ipv6 {
      checksum.addPseudoHeader(
        source.address, destination.address, protocol: number, length: packetLength - family.headerLength)
    }
    checksum.add(bytes[start...])
    var value = checksum.value
    // A UDP checksum of 0 would mean that there is none (RFC 768).
    if transport == .udp, value == 0 { value = .max }
    bytes.replace(at: start + transport.checksumOffset, with: value)
  }
}
