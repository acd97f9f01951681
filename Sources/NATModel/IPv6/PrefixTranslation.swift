// SPDX-License-Identifier: GPL-3.0-or-later

/// Exchanging one IPv6 prefix for another without any table, so that checksums stay right (RFC 6296, NPTv6).
///
/// The prefixes' difference is made up for in 16 bits of the address: those after the prefix if it is of 48 bits or fewer
/// (§3.4), else the first 16 of the interface identifier that can take it (§3.5). A transport's checksum, which covers
/// the addresses, then stays as it is, and no port is changed.
public struct PrefixTranslation: Hashable, Sendable {
  public let inside: IPPrefix
  public let outside: IPPrefix
  /// What is added, in ones' complement, to a word of an address that leaves.
  private let adjustment: UInt16

  /// Nil unless both are IPv6 prefixes of one length, at most 64.
  public init?(inside: IPPrefix, outside: IPPrefix) {
    guard inside.family == .ipv6, outside.family == .ipv6, inside.length == outside.length, inside.length <= 64 else {
      return nil
    }
    self.inside = inside
    self.outside = outside
    adjustment = Self.add(Self.sum(inside.address.high), ~Self.sum(outside.address.high))
  }

  /// The outside address of an inside one; nil if the address is not inside, or has no outside one.
  public func outward(_ address: IPAddress) -> IPAddress? {
    inside.contains(address) ? exchange(address, for: outside, adjustment) : nil
  }

  /// The inside address of an outside one; nil if the address is not outside, or has no inside one.
  public func inward(_ address: IPAddress) -> IPAddress? {
    outside.contains(address) ? exchange(address, for: inside, ~adjustment) : nil
  }

  private func exchange(_ address: IPAddress, for prefix: IPPrefix, _ adjustment: UInt16) -> IPAddress? {
    let rest: UInt64 = prefix.length == 64 ? 0 : .max >> UInt64(prefix.length)
    var (high, low) = (prefix.address.high | address.high & rest, address.low)
    if prefix.length <= 48 {
      let subnet = UInt16(truncatingIfNeeded: high)
      // 0xFFFF is the other zero of ones' complement: it would not come back as itself (§3.4).
      guard subnet != 0xFFFF else { return nil }
      high = high & ~0xFFFF | UInt64(Self.adjusted(subnet, by: adjustment))
    } else {
      // The bits of an interface identifier that is zero would belong to a router's anycast address (§3.5).
      guard low != 0 else { return nil }
      let shifts: [UInt64] = [48, 32, 16, 0]
      guard let shift = shifts.first(where: { low >> $0 & 0xFFFF != 0xFFFF }) else { return nil }
      let word = UInt16(truncatingIfNeeded: low >> shift)
      low = low & ~(0xFFFF << shift) | UInt64(Self.adjusted(word, by: adjustment)) << shift
    }
    return IPAddress(uncheckedHigh: high, low: low)
  }

  /// Zero is always written as 0.
  private static func adjusted(_ word: UInt16, by adjustment: UInt16) -> UInt16 {
    let sum = add(word, adjustment)
    return sum == 0xFFFF ? 0 : sum
  }

  /// The ones' complement sum of the four words.
  private static func sum(_ words: UInt64) -> UInt16 {
    [48, 32, 16, 0].reduce(0) { add($0, UInt16(truncatingIfNeeded: words >> UInt64($1))) }
  }

  private static func add(_ one: UInt16, _ other: UInt16) -> UInt16 {
    let (sum, carry) = one.addingReportingOverflow(other)
    return carry ? sum &+ 1 : sum
  }
}
