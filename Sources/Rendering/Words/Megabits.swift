// SPDX-License-Identifier: GPL-3.0-or-later

/// Bits a second in megabits, the unit in which bandwidth is sold.
package enum Megabits {
  /// `2,000`, `1.5`, `0.064`: to the kilobit.
  package static func text(_ bitsPerSecond: Int64) -> String {
    let kilobits = (bitsPerSecond + 500) / 1_000
    let (whole, rest) = kilobits.quotientAndRemainder(dividingBy: 1_000)
    guard rest > 0 else { return Count.grouped(Int(whole)) }
    var digits = String(String(1_000 + rest).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(Count.grouped(Int(whole))).\(digits)"
  }
}
