// SPDX-License-Identifier: GPL-3.0-or-later

/// A decimal number as it is written, kept exact: without floating point, so that it reads back as it was typed.
package struct DecimalNumber {
  private let whole: Int64
  private let fraction: [Int64]

  /// Reads ASCII digits, of which up to nine may follow a point.
  package init?(_ text: Substring) {
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

  /// The number times `scale`, or nil if that is not a whole number or is too large.
  package func scaled(by scale: Int64) -> Int64? {
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

extension Character {
  /// Whether a word that begins with it is meant as a number. Some letters are numbers, too, and may begin a name: `一`,
  /// `Ⅷ`.
  var beginsNumber: Bool { isNumber && !isLetter }
}
