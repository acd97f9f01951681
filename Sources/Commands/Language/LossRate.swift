// SPDX-License-Identifier: GPL-3.0-or-later

/// The share of packets that a link loses, in millionths: text, storage and arithmetic agree exactly.
public struct LossRate: Hashable, Comparable, Sendable {
  public let partsPerMillion: Int

  public static let none = LossRate(clampedPartsPerMillion: 0)

  private init(clampedPartsPerMillion: Int) {
    partsPerMillion = clampedPartsPerMillion
  }

  /// Nil below 0 and above 1,000,000.
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
