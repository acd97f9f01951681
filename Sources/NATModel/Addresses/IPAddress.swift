// SPDX-License-Identifier: GPL-3.0-or-later

/// An IPv4 or IPv6 address.
///
/// Both families share one 128-bit value: an IPv4 address is kept in its IPv4-mapped form (`::ffff:a.b.c.d`, RFC 4291
/// §2.5.5.2), so that addresses compare, hash and copy alike without a tag. The mapped form itself is never an IPv6
/// address here: its text is refused, because one endpoint must not have two spellings.
public struct IPAddress: Hashable, Sendable {
  /// The first 64 bits in network order; zero for IPv4.
  public let high: UInt64
  /// The last 64 bits in network order.
  public let low: UInt64

  /// For callers who know that the 128 bits are an address.
  @inlinable
  package init(uncheckedHigh high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Creates an IPv4 address from its 32 bits, `192.168.1.10` being `0xC0A8_010A`.
  @inlinable
  public init(ipv4 bits: UInt32) {
    self.init(uncheckedHigh: 0, low: 0xFFFF_0000_0000 | UInt64(bits))
  }

  /// Creates an IPv6 address from its 128 bits, or nil for the IPv4-mapped range, which belongs to IPv4.
  public init?(ipv6High high: UInt64, low: UInt64) {
    guard high != 0 || low >> 32 != 0xFFFF else { return nil }
    self.init(uncheckedHigh: high, low: low)
  }

  /// Whether this is an IPv4 address.
  @inlinable
  public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The 32 bits of an IPv4 address, or the last 32 of an IPv6 address.
  @inlinable
  public var ipv4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

  /// The family this address belongs to.
  public var family: AddressFamily { isIPv4 ? .ipv4 : .ipv6 }
}

/// The two families of addresses.
public enum AddressFamily: Hashable, Sendable, CaseIterable {
  case ipv4
  case ipv6

  /// The bits of an address: 32 or 128.
  public var bitWidth: Int { self == .ipv4 ? 32 : 128 }

  /// The bytes of this family's header without options: 20 or 40.
  public var headerLength: Int { self == .ipv4 ? 20 : 40 }
}

extension IPAddress: Comparable {
  /// Orders IPv4 before most of IPv6, then by value.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The address `offset` further on, wrapping within the 128 bits.
  package func advanced(by offset: UInt64) -> IPAddress {
    let (sum, carry) = low.addingReportingOverflow(offset)
    return IPAddress(uncheckedHigh: carry ? high &+ 1 : high, low: sum)
  }
}
