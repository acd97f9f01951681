// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a router may not pass a packet on, or why it cannot exist.
public enum PacketFault: String, Hashable, Sendable, CaseIterable, Codable {
  /// One of its addresses is IPv4, the other IPv6.
  case mixedFamilies = "mixed-families"
  /// Its source does not stand for a single host beyond one link (RFC 1812 §5.3.7).
  case source
  /// It comes from an address of the router where it arrived (RFC 1812 §5.3.8).
  case ownSource = "own-source"
  /// Its destination does not stand for a single host beyond one link (RFC 1812 §5.3.7).
  case destination
  /// It is for all hosts of a network further on, or for the network itself (RFC 2644).
  case directedBroadcast = "directed-broadcast"
  /// Port 0, which belongs to nobody (RFC 6335 §6).
  case portZero = "port-zero"
  /// Control bits that no TCP sets together (RFC 9293 §3.1).
  case tcpFlags = "tcp-flags"
  /// ICMP without a message, or a message in a packet that is not ICMP.
  case message
}

extension Packet {
  /// The packet's fault, whoever receives it; nil if it can be passed on.
  public var fault: PacketFault? {
    if source.address.isIPv4 != destination.address.isIPv4 { return .mixedFamilies }
    if !source.address.isForwardable { return .source }
    if !destination.address.isForwardable { return .destination }
    return transportFault
  }

  /// Whether its addresses allow a router to pass it on. This and ``hasTransportFault`` are checked for every packet.
  @inline(__always)
  var hasForwardableAddresses: Bool {
    source.address.isForwardable && destination.address.isForwardable
      && source.address.isIPv4 == destination.address.isIPv4
  }

  /// Whether the part after the addresses is impossible; a piece other than the first has nothing there that could be
  /// wrong.
  @inline(__always)
  var hasTransportFault: Bool {
    switch transport {
    case .udp: source.port == 0 || destination.port == 0 || icmp != .none
    case .tcp: source.port == 0 || destination.port == 0 || icmp != .none || !tcpFlags.canBe
    case .icmp: icmp == .none
    }
  }

  private var transportFault: PacketFault? {
    guard hasTransportFault else { return nil }
    if (transport == .icmp) == (icmp == .none) { return .message }
    return source.port == 0 || destination.port == 0 ? .portZero : .tcpFlags
  }
}

extension IPAddress {
  /// Whether a router may pass on packets from or to this address (RFC 1812 §5.3.7, RFC 6890 §2.2): not if it stands
  /// for the host itself, for no host, for several, for one on the same link, or for nothing so far.
  @inlinable
  @inline(__always)
  public var isForwardable: Bool {
    if isIPv4 {
      // 1 to 223, without the host's own network and the link's.
      return ipv4Bits &- 0x0100_0000 < 0xDF00_0000 && ipv4Bits >> 24 != 127 && ipv4Bits >> 16 != 0xA9FE
    }
    // ::, ::1, ff00::/8 and fe80::/10.
    return (high != 0 || low > 1) && high >> 56 != 0xFF && high >> 54 != 0x3FA
  }
}

extension TCPFlags {
  /// Whether a TCP sets these bits together (RFC 9293 §3.1, §3.5): SYN opens, FIN ends and RST breaks off, one at a
  /// time, and all but the first SYN, and a reset, acknowledge.
  @inlinable
  public var canBe: Bool {
    switch rawValue & 0b1_0111 {
    case 0b0_0010, 0b1_0010, 0b1_0000, 0b1_0001, 0b0_0100, 0b1_0100: true
    default: false
    }
  }
}
