// SPDX-License-Identifier: GPL-3.0-or-later

/// The capacity of a link or a stream, in bits a second.
public struct BitRate: Hashable, Comparable, Sendable {
  public let bitsPerSecond: Int64

  /// The fastest that text may name: a petabit a second.
  public static let fastest = BitRate(bitsPerSecond: 1_000_000_000_000_000)

  public init(bitsPerSecond: Int64) {
    self.bitsPerSecond = bitsPerSecond
  }

  public static func < (left: BitRate, right: BitRate) -> Bool { left.bitsPerSecond < right.bitsPerSecond }
}

extension BitRate: LosslessStringConvertible {
  private static let units: [(name: String, bits: Int64)] = [
    ("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1_000), ("bit", 1),
  ]

  /// Reads `64kbit`, `2mbit`, `1.5gbit`, `300bit`: a number above zero and a decimal unit.
  public init?(_ text: String) {
    let lowered = text.lowercased()
    guard let unit = Self.units.first(where: { lowered.hasSuffix($0.name) }),
      let bits = DecimalNumber(lowered.dropLast(unit.name.count))?.scaled(by: unit.bits),
      bits > 0, bits <= Self.fastest.bitsPerSecond
    else { return nil }
    self.init(bitsPerSecond: bits)
  }

  /// With the largest unit that leaves a whole number: `2mbit`, `1500kbit`.
  public var description: String {
    let unit = Self.units.first { bitsPerSecond >= $0.bits && bitsPerSecond % $0.bits == 0 }
    guard let unit else { return "\(bitsPerSecond)bit" }
    return "\(bitsPerSecond / unit.bits)\(unit.name)"
  }
}
