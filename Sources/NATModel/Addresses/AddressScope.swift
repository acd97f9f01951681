// SPDX-License-Identifier: GPL-3.0-or-later

/// How far an address is valid.
public enum AddressScope: String, Hashable, Sendable, CaseIterable, Codable {
  /// Private networks: 10/8, 172.16/12, 192.168/16 (RFC 1918) and fc00::/7 (RFC 4193).
  case `private`
  /// Shared between a provider and its customers: 100.64/10 (RFC 6598).
  case shared
  /// One link only: 169.254/16 (RFC 3927), fe80::/10 (RFC 4291).
  case linkLocal = "link-local"
  /// The host itself: 127/8, ::1.
  case loopback
  /// For examples: 192.0.2/24, 198.51.100/24, 203.0.113/24 (RFC 5737), 2001:db8::/32 (RFC 3849), 3fff::/20 (RFC 9637).
  case documentation
  /// No particular host: 0/8, ::.
  case unspecified
  /// Groups: 224/4, ff00::/8.
  case multicast
  /// All hosts of a link: 255.255.255.255.
  case broadcast
  /// Not assigned for use: 240/4.
  case reserved
  /// Everything else: reachable from anywhere on the Internet.
  case `public`

  /// Whether the Internet carries packets to such an address. Documentation addresses count as public here, so that
  /// lessons can use them.
  public var isRoutedOnInternet: Bool { self == .public || self == .documentation }

  /// Whether a device may be given such an address.
  public var isAssignable: Bool {
    switch self {
    case .private, .shared, .documentation, .public, .linkLocal: true
    case .loopback, .unspecified, .multicast, .broadcast, .reserved: false
    }
  }
}

extension IPAddress {
  /// The scope this address belongs to.
  public var scope: AddressScope {
    guard isIPv4 else { return ipv6Scope }
    let bits = ipv4Bits
    switch bits >> 24 {
    case 0: return .unspecified
    case 10: return .private
    case 127: return .loopback
    case 100 where bits >> 22 == 0x6440_0000 >> 22: return .shared
    case 169 where bits >> 16 == 0xA9FE: return .linkLocal
    case 172 where bits >> 20 == 0xAC1: return .private
    case 192 where bits >> 16 == 0xC0A8: return .private
    case 192 where bits >> 8 == 0xC00002: return .documentation
    case 198 where bits >> 8 == 0xC63364: return .documentation
    case 203 where bits >> 8 == 0xCB0071: return .documentation
    case 224...239: return .multicast
    case 240...255: return bits == .max ? .broadcast : .reserved
    default: return .public
    }
  }

  private var ipv6Scope: AddressScope {
    if high == 0, low <= 1 { return low == 0 ? .unspecified : .loopback }
    if high >> 57 == 0xFC >> 1 { return .private }
    // For a translator's own use (RFC 8215).
    if high >> 16 == 0x0064_FF9B_0001 { return .private }
    if high >> 54 == 0xFE80 >> 6 { return .linkLocal }
    if high >> 56 == 0xFF { return .multicast }
    if high >> 32 == 0x2001_0DB8 || high >> 44 == 0x3FFF0 { return .documentation }
    return .public
  }
}
