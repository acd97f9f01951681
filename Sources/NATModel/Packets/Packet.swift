// SPDX-License-Identifier: GPL-3.0-or-later

/// The protocols a packet can carry.
public enum TransportProtocol: UInt8, Hashable, Sendable, CaseIterable, Codable {
  case icmp
  case tcp
  case udp

  /// The word for it in commands, JSON and tables.
  public var name: String {
    switch self {
    case .icmp: "icmp"
    case .tcp: "tcp"
    case .udp: "udp"
    }
  }
}

/// The control bits of a TCP header (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let fin = TCPFlags(rawValue: 1)
  public static let syn = TCPFlags(rawValue: 2)
  public static let rst = TCPFlags(rawValue: 4)
  public static let psh = TCPFlags(rawValue: 8)
  public static let ack = TCPFlags(rawValue: 16)

  /// The set bits' names in the order people say them: `["syn", "ack"]`.
  public var names: [String] {
    let all: [(TCPFlags, String)] = [(.syn, "syn"), (.fin, "fin"), (.rst, "rst"), (.psh, "psh"), (.ack, "ack")]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// What an ICMP message says; the numbers of ICMPv4 and ICMPv6 are the wire's affair.
public enum ICMPKind: UInt8, Hashable, Sendable, CaseIterable {
  /// The packet is not ICMP.
  case none
  case echoRequest
  case echoReply
  case networkUnreachable
  case hostUnreachable
  case portUnreachable
  case administrativelyProhibited
  case fragmentationNeeded
  case timeExceeded

  /// Whether the message reports on another packet, which it then quotes (RFC 792, RFC 4443 §3).
  public var isError: Bool {
    switch self {
    case .none, .echoRequest, .echoReply: false
    default: true
    }
  }

  /// The word for it in JSON and text: `echo-request`, `port-unreachable`.
  public var name: String {
    switch self {
    case .none: "none"
    case .echoRequest: "echo-request"
    case .echoReply: "echo-reply"
    case .networkUnreachable: "network-unreachable"
    case .hostUnreachable: "host-unreachable"
    case .portUnreachable: "port-unreachable"
    case .administrativelyProhibited: "administratively-prohibited"
    case .fragmentationNeeded: "fragmentation-needed"
    case .timeExceeded: "time-exceeded"
    }
  }
}

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

  /// The bytes of the payload.
  public var length: Int {
    switch self {
    case .empty: 0
    case .text(let bytes): bytes.count
    case .filler(let count): count
    case .media(let piece): Int(piece.length)
    case .quote(let quoted): quoted.length
    }
  }
}

/// The headers that an ICMP error carries back: enough to tell which flow it is about.
public struct QuotedPacket: Hashable, Sendable {
  public var transport: TransportProtocol
  public var source: Endpoint
  public var destination: Endpoint
  public var timeToLive: UInt8
  /// The quoted bytes: the packet up to what fits into a 576-byte error (RFC 1812 §4.3.2.3), 1,280 in IPv6 (RFC 4443 §2.4).
  public var length: Int

  public init(of packet: Packet) {
    transport = packet.transport
    source = packet.source
    destination = packet.destination
    timeToLive = packet.timeToLive
    let room = packet.source.address.isIPv4 ? 576 - 28 : 1280 - 48
    length = min(packet.length, room)
  }
}

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
  /// An ICMP echo's sequence number.
  public var icmpSequence: UInt16 = 0
  /// TCP sequence and acknowledgement numbers, modulo 2^32.
  public var sequenceNumber: UInt32 = 0
  public var acknowledgementNumber: UInt32 = 0
  public var payload: Payload

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
    let transportHeader = transport == .tcp ? 20 : 8
    return source.address.family.headerLength + transportHeader + payload.length
  }

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
