// SPDX-License-Identifier: GPL-3.0-or-later

/// The protocols whose text a router reads, and changes where it names an inside endpoint: an application level gateway
/// (ALG, RFC 2663 §2.9).
public struct ApplicationGateways: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// SIP over UDP, port 5060, and the SDP in it (RFC 3261, RFC 4566).
  public static let sip = ApplicationGateways(rawValue: 1)
  /// FTP's control connections, TCP port 21 (RFC 959, RFC 2428).
  public static let ftp = ApplicationGateways(rawValue: 2)

  /// The word for a single one: `ftp`.
  public var word: String { self == .ftp ? "ftp" : "sip" }

  /// The well-known ports of the protocols.
  public static let sipPort: UInt16 = 5060
  public static let ftpPort: UInt16 = 21
}

/// Something that an application level gateway did with a packet that it let through.
public enum GatewayNote: Hashable, Sendable {
  /// A line of the packet's text says something else now.
  case rewrote(ApplicationGateways, before: String, after: String)
  /// Packets from `remote` to `external` are let in for a while, to `inside`.
  case expects(ApplicationGateways, TransportProtocol, inside: Endpoint, external: Endpoint, remote: IPAddress)
  /// The text named an endpoint for which there was no outside one left, and stays as it is.
  case refused(ApplicationGateways, inside: Endpoint, DropReason)
}
