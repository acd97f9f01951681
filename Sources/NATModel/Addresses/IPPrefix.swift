// SPDX-License-Identifier: GPL-3.0-or-later

/// An address prefix such as `192.168.1.0/24`, its host bits all zero.
public struct IPPrefix: Hashable, Sendable {
  /// The prefix's first address.
  public let address: IPAddress
  /// The number of leading bits that are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6.
  public let length: Int

  /// The prefix of `length` bits that contains `address`, or nil when the family has fewer bits than that.
  public init?(containing address: IPAddress, length: Int) {
    guard (0...address.family.bitWidth).contains(length) else { return nil }
    let (high, low) = Self.mask(length: length, family: address.family)
    self.address = IPAddress(uncheckedHigh: address.high & high, low: address.low & low)
    self.length = length
  }

  /// For callers who know that the bits after `length` are zero.
  init(unchecked address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// The family of the prefix.
  public var family: AddressFamily { address.family }

  /// Whether `candidate` is within the prefix.
  public func contains(_ candidate: IPAddress) -> Bool {
    // Short IPv6 prefixes would otherwise contain the mapped form of IPv4 addresses.
    guard candidate.isIPv4 == address.isIPv4 else { return false }
    let (high, low) = Self.mask(length: length, family: family)
    return candidate.high & high == address.high && candidate.low & low == address.low
  }

  /// Whether the two prefixes share an address.
  public func overlaps(_ other: IPPrefix) -> Bool {
    contains(other.address) || other.contains(address)
  }

  /// The last address of the prefix.
  public var lastAddress: IPAddress {
    let (high, low) = Self.mask(length: length, family: family)
    return IPAddress(uncheckedHigh: address.high | ~high, low: address.low | ~low)
  }

  /// The number of addresses, saturating at `UInt64.max`.
  public var addressCount: UInt64 {
    let hostBits = family.bitWidth - length
    return hostBits >= 64 ? .max : 1 << UInt64(hostBits)
  }

  /// Whether a host may be given `candidate`: within the prefix, and in IPv4 neither its network nor its broadcast
  /// address (RFC 1122 §3.2.1.3), which a /31 (RFC 3021) or /32 does not have.
  public func isHostAddress(_ candidate: IPAddress) -> Bool {
    guard contains(candidate) else { return false }
    guard family == .ipv4, length < 31 else { return candidate != address || addressCount <= 2 }
    return candidate != address && candidate != lastAddress
  }

  /// The mask over the shared 128 bits; an IPv4 length counts from the mapped form's 96th bit.
  private static func mask(length: Int, family: AddressFamily) -> (high: UInt64, low: UInt64) {
    let bits = family == .ipv4 ? length + 96 : length
    let high: UInt64 = bits >= 64 ? .max : ~(.max >> UInt64(bits))
    let low: UInt64 = bits <= 64 ? 0 : bits == 128 ? .max : ~(.max >> UInt64(bits - 64))
    return (high, low)
  }
}

extension IPPrefix: LosslessStringConvertible {
  /// Reads `ADDRESS/LENGTH`. Host bits must be zero, so that a mistyped network is noticed.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])),
      parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]), String(length) == parts[1],
      let prefix = IPPrefix(containing: address, length: length), prefix.address == address
    else { return nil }
    self = prefix
  }

  public var description: String { "\(address)/\(length)" }
}
