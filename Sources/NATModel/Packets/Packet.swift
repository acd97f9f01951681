// SPDX-License-Identifier: GPL-3.0-or-later

/// One packet on its way.
///
/// An ICMP query's identifier is the port of both its endpoints, so that a NAT maps it as it maps a port (RFC 5508
/// §3.1). An ICMP error's ports are 0.
public struct Packet: Hashable, Sendable {
  public var source: Endpoint
  public var destination: Endpoint
  public var transport: TransportProtocol
  public var timeToLive: UInt8
  public var tcpFlags: TCPFlags = []
  public var icmp: ICMPKind = .none
  /// An ICMP echo's sequence number; the next link's MTU in "fragmentation needed" (RFC 1191 §4). In TCP it is the place
  /// of ``maximumSegmentSize``, since a packet is copied often and should be small.
  public var icmpSequence: UInt16 = 0
  /// TCP sequence and acknowledgement numbers, modulo 2^32.
  public var sequenceNumber: UInt32 = 0
  public var acknowledgementNumber: UInt32 = 0
  public var payload: Payload
  /// Whether IPv4's "do not fragment" is set. In IPv6 it is always so on the way (RFC 8200 §5).
  public var dontFragment = false

  public init(
    _ transport: TransportProtocol, from source: Endpoint, to destination: Endpoint, timeToLive: UInt8 = 64,
    payload: Payload = .empty
  ) {
    self.transport = transport
    self.source = source
    self.destination = destination
    self.timeToLive = timeToLive
    self.payload = payload
  }

  /// The bytes of the whole packet, IP header included.
  public var length: Int {
    source.address.family.headerLength + transportHeaderLength + payload.length
  }

  /// The bytes of the longest packet of IPv4 (RFC 791 §3.1).
  static let mostLength = 65_535

  /// The longest segment that the sender of a SYN takes, in bytes without headers (RFC 9293 §3.7.1); nil if the packet
  /// has no such option.
  public var maximumSegmentSize: UInt16? {
    get { transport == .tcp && icmpSequence > 0 ? icmpSequence : nil }
    set { if transport == .tcp { icmpSequence = newValue ?? 0 } }
  }

  /// The bytes of the transport's header, with the one option that a segment may have.
  var transportHeaderLength: Int { transport != .tcp ? 8 : icmpSequence > 0 ? 24 : 20 }

  /// The ICMP error of `kind` that `reporter` sends back about this packet.
  public func error(_ kind: ICMPKind, from reporter: IPAddress) -> Packet {
    var error = Packet(
      .icmp, from: Endpoint(reporter, 0), to: Endpoint(source.address, 0), payload: .quote(QuotedPacket(of: self)))
    error.icmp = kind
    return error
  }

  /// The packet an ICMP error quotes.
  public var quoted: QuotedPacket? {
    guard case .quote(let quoted) = payload else { return nil }
    return quoted
  }
}
