// SPDX-License-Identifier: GPL-3.0-or-later

/// What a packet carries behind its headers.
public enum Payload: Hashable, Sendable {
  case empty
  /// What a learner wrote, in UTF-8.
  case text([UInt8])
  /// So many bytes whose value nobody looks at.
  case filler(Int)
  /// A piece of a video stream.
  case media(MediaPayload)
  /// The packet that an ICMP error reports on, as the reporter saw it.
  indirect case quote(QuotedPacket)
  /// A piece of a packet that was too long for a link.
  indirect case fragment(Fragment)

  /// The bytes of the payload.
  public var length: Int {
    switch self {
    case .empty: 0
    case .text(let bytes): bytes.count
    case .filler(let count): count
    case .media(let piece): Int(piece.length)
    case .quote(let quoted): quoted.length
    case .fragment(let fragment): fragment.lengthBeyondHeaders
    }
  }
}

/// The headers that an ICMP error carries back: enough to tell which flow it is about.
public struct QuotedPacket: Hashable, Sendable {
  public var transport: TransportProtocol
  public var source: Endpoint
  public var destination: Endpoint
  public var timeToLive: UInt8
  public var tcpFlags: TCPFlags
  public var sequenceNumber: UInt32
  public var acknowledgementNumber: UInt32
  public var icmp: ICMPKind
  public var icmpSequence: UInt16
  /// The bytes that the packet itself had, as its header says.
  public var packetLength: Int
  /// The quoted bytes: the packet up to what fits into a 576-byte error (RFC 1812 §4.3.2.3), 1,280 in IPv6 (RFC 4443 §2.4).
  public var length: Int

  public init(of packet: Packet) {
    transport = packet.transport
    source = packet.source
    destination = packet.destination
    timeToLive = packet.timeToLive
    tcpFlags = packet.tcpFlags
    sequenceNumber = packet.sequenceNumber
    acknowledgementNumber = packet.acknowledgementNumber
    icmp = packet.icmp
    icmpSequence = packet.icmpSequence
    packetLength = packet.length
    let room = packet.source.address.isIPv4 ? 576 - 28 : 1280 - 48
    length = min(packet.length, room)
  }
}
