// SPDX-License-Identifier: GPL-3.0-or-later

/// How much a link or a stream carries, in bits a second.
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

/// The share of packets that a link loses, in millionths: text, storage and arithmetic agree exactly.
public struct LossRate: Hashable, Comparable, Sendable {
  public let partsPerMillion: Int

  public static let none = LossRate(clampedPartsPerMillion: 0)

  private init(clampedPartsPerMillion: Int) {
    partsPerMillion = clampedPartsPerMillion
  }

  /// Nil for less than nothing and for more than everything.
  public init?(partsPerMillion: Int) {
    guard (0...1_000_000).contains(partsPerMillion) else { return nil }
    self.init(clampedPartsPerMillion: partsPerMillion)
  }

  public var percent: Double { Double(partsPerMillion) / 10_000 }

  public static func < (left: LossRate, right: LossRate) -> Bool { left.partsPerMillion < right.partsPerMillion }
}

extension LossRate: LosslessStringConvertible {
  /// Reads a percentage from 0 to 100 with up to four decimals: `5%`, `0.5%`; the sign may be left out.
  public init?(_ text: String) {
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard let parts = DecimalNumber(number)?.scaled(by: 10_000), let exact = Int(exactly: parts) else { return nil }
    self.init(partsPerMillion: exact)
  }

  /// `5%`, `0.5%`.
  public var description: String {
    let (whole, fraction) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
    guard fraction > 0 else { return "\(whole)%" }
    var digits = String(String(10_000 + fraction).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)%"
  }
}

/// A decimal number as it is written, kept exact: no floating point, so that what is read back is what was typed.
struct DecimalNumber {
  private let whole: Int64
  private let fraction: [Int64]

  /// Reads ASCII digits, of which up to nine may stand behind a point.
  init?(_ text: Substring) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, first.isDecimalDigits, let whole = Int64(first) else { return nil }
    self.whole = whole
    guard parts.count == 2 else {
      fraction = []
      return
    }
    guard parts[1].isDecimalDigits, parts[1].count <= 9 else { return nil }
    fraction = parts[1].utf8.map { Int64($0) - 48 }
  }

  /// The number times `scale`, or nil where that is no whole number or too large.
  func scaled(by scale: Int64) -> Int64? {
    let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    var total = product
    var rest = scale
    for digit in fraction {
      guard rest % 10 == 0 || (digit * rest) % 10 == 0 else { return nil }
      let (sum, tooMuch) = total.addingReportingOverflow(digit * rest / 10)
      guard !tooMuch else { return nil }
      total = sum
      rest /= 10
    }
    return total
  }
}

extension StringProtocol {
  /// Whether there is something and all of it is ASCII digits.
  var isDecimalDigits: Bool { !isEmpty && utf8.allSatisfy { (48...57).contains($0) } }
}
