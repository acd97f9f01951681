// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a packet is none that a router may pass on, or none that can be.
public enum PacketFault: String, Hashable, Sendable, CaseIterable, Codable {
  /// One of its addresses is IPv4, the other IPv6.
  case mixedFamilies = "mixed-families"
  /// Its source stands for no single host beyond one link (RFC 1812 §5.3.7).
  case source
  /// It comes from an address of the router that it came to (RFC 1812 §5.3.8).
  case ownSource = "own-source"
  /// Its destination stands for no single host beyond one link (RFC 1812 §5.3.7).
  case destination
  /// It is for all hosts of a network further on, or for the network itself (RFC 2644).
  case directedBroadcast = "directed-broadcast"
  /// Port 0, which is nobody's (RFC 6335 §6).
  case portZero = "port-zero"
  /// Control bits that no TCP sets together (RFC 9293 §3.1).
  case tcpFlags = "tcp-flags"
  /// ICMP that says nothing, or a message in what is not ICMP.
  case message
}

extension Packet {
  /// What is wrong with the packet whoever gets it; nil for one that can be passed on.
  public var fault: PacketFault? {
    if source.address.isIPv4 != destination.address.isIPv4 { return .mixedFamilies }
    if !source.address.isForwardable { return .source }
    if !destination.address.isForwardable { return .destination }
    return transportFault
  }

  /// Whether a router may pass it on as far as its addresses go. This and ``hasTransportFault`` are asked of every packet.
  @inline(__always)
  var hasForwardableAddresses: Bool {
    source.address.isForwardable && destination.address.isForwardable
      && source.address.isIPv4 == destination.address.isIPv4
  }

  /// Whether what follows the addresses cannot be; a piece behind the first has nothing there that could be wrong.
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
  /// Whether a router may pass on what comes from or goes to this address (RFC 1812 §5.3.7, RFC 6890 §2.2): not where it
  /// stands for the host itself, for no host, for several, for one link's only, or for nothing so far.
  @inlinable
  @inline(__always)
  public var isForwardable: Bool {
    if isIPv4 {
      // 1 to 223, less the host's own network and the link's.
      return ipv4Bits &- 0x0100_0000 < 0xDF00_0000 && ipv4Bits >> 24 != 127 && ipv4Bits >> 16 != 0xA9FE
    }
    // ::, ::1, ff00::/8 and fe80::/10.
    return (high != 0 || low > 1) && high >> 56 != 0xFF && high >> 54 != 0x3FA
  }
}

extension TCPFlags {
  /// Whether a TCP sets these bits together (RFC 9293 §3.1, §3.5): SYN opens, FIN ends and RST breaks off, one at a time,
  /// and all but the first SYN, and a reset, acknowledge.
  @inlinable
  public var canBe: Bool {
    switch rawValue & 0b1_0111 {
    case 0b0_0010, 0b1_0010, 0b1_0000, 0b1_0001, 0b0_0100, 0b1_0100: true
    default: false
    }
  }
}
