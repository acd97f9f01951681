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
  public static let urg = TCPFlags(rawValue: 32)
  /// Congestion was met on the way (RFC 3168 §6.1).
  public static let ece = TCPFlags(rawValue: 64)
  public static let cwr = TCPFlags(rawValue: 128)

  /// The set bits' names in the order people say them: `["syn", "ack"]`.
  public var names: [String] {
    let all: [(TCPFlags, String)] = [
      (.syn, "syn"), (.fin, "fin"), (.rst, "rst"), (.psh, "psh"), (.ack, "ack"), (.urg, "urg"), (.ece, "ece"),
      (.cwr, "cwr"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// The kind of an ICMP message; the wire format deals with the numbers of ICMPv4 and ICMPv6.
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
