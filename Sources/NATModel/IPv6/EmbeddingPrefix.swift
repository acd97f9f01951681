// SPDX-License-Identifier: GPL-3.0-or-later

/// A prefix under which IPv6 addresses stand for IPv4 ones (RFC 6052).
///
///     EmbeddingPrefix.wellKnown.embed(IPAddress("192.0.2.33")!)   // 64:ff9b::c000:221
public struct EmbeddingPrefix: Hashable, Sendable {
  public let prefix: IPPrefix

  /// The lengths that leave room for an IPv4 address beside bits 64 to 71, which stay zero (RFC 6052 §2.2).
  public static let lengths = [32, 40, 48, 56, 64, 96]

  /// 64:ff9b::/96, the same everywhere (RFC 6052 §2.1).
  public static let wellKnown = EmbeddingPrefix(
    unchecked: IPAddress(uncheckedHigh: 0x0064_FF9B_0000_0000, low: 0), length: 96)

  /// Nil if the prefix is IPv4, has another length, or has a bit between 64 and 71 set.
  public init?(_ prefix: IPPrefix) {
    guard prefix.family == .ipv6, Self.lengths.contains(prefix.length), prefix.address.low >> 56 == 0 else {
      return nil
    }
    self.prefix = prefix
  }

  private init(unchecked address: IPAddress, length: Int) { prefix = IPPrefix(unchecked: address, length: length) }

  /// The first of the IPv6 address's bytes that hold the IPv4 address; the ninth, if among them, is skipped.
  private var places: [Int] {
    var places: [Int] = []
    var byte = prefix.length / 8
    while places.count < 4 {
      if byte != 8 { places.append(byte) }
      byte += 1
    }
    return places
  }

  /// The IPv6 address that stands for an IPv4 one.
  public func embed(_ ipv4: IPAddress) -> IPAddress {
    var (high, low) = (prefix.address.high, prefix.address.low)
    for (index, place) in places.enumerated() {
      let byte = UInt64(ipv4.ipv4Bits >> UInt32(24 - 8 * index) & 0xFF)
      if place < 8 { high |= byte << UInt64(56 - 8 * place) } else { low |= byte << UInt64(120 - 8 * place) }
    }
    return IPAddress(uncheckedHigh: high, low: low)
  }

  /// The IPv4 address that an IPv6 one stands for; nil if the address is not under the prefix. The bits behind the IPv4
  /// address are ignored.
  public func embedded(in address: IPAddress) -> IPAddress? {
    guard prefix.contains(address) else { return nil }
    var bits: UInt32 = 0
    for place in places {
      let byte = place < 8 ? address.high >> UInt64(56 - 8 * place) : address.low >> UInt64(120 - 8 * place)
      bits = bits << 8 | UInt32(byte & 0xFF)
    }
    return IPAddress(ipv4: bits)
  }

  /// Whether the prefix may stand for an IPv4 address: the well-known one only for those that mean the same everywhere
  /// (RFC 6052 §3.1).
  public func mayStand(for ipv4: IPAddress) -> Bool { self != .wellKnown || ipv4.scope.isRoutedOnInternet }
}
