// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Simulated time as people read it, exact and short: `21ms`, `5m0.021s`, `2h4m`.
package enum SimulatedTime {
  /// The text of that many microseconds. Below a second the unit is ms or us; from a second on, hours and minutes come
  /// before decimal seconds.
  package static func text(_ microseconds: Int64) -> String {
    let sign = microseconds < 0 ? "-" : ""
    let total = microseconds.magnitude
    if total == 0 { return "0ms" }
    if total < 1_000 { return "\(sign)\(total)us" }
    if total < 1_000_000 { return sign + decimal(total, unit: 1_000) + "ms" }
    let (hours, underHour) = total.quotientAndRemainder(dividingBy: 3_600_000_000)
    let (minutes, underMinute) = underHour.quotientAndRemainder(dividingBy: 60_000_000)
    var text = sign
    if hours > 0 { text += "\(hours)h" }
    if minutes > 0 || hours > 0 && underMinute > 0 { text += "\(minutes)m" }
    if underMinute > 0 { text += decimal(underMinute, unit: 1_000_000) + "s" }
    return text
  }

  /// `1021` of unit 1,000 as `1.021`, without zeros at the end.
  private static func decimal(_ value: UInt64, unit: UInt64) -> String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    guard rest > 0 else { return "\(whole)" }
    var digits = String(rest + unit).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(whole).\(digits)"
  }
}

/// Counts as people read them.
package enum Count {
  /// `65,507`.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 row`, `3 rows`.
  package static func of(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
    counted(grouped(number), isOne: number == 1, singular, plural)
  }

  /// `2mbit`, `64kbit`, as a RATE is typed.
  package static func rate(_ bitsPerSecond: Int64) -> String {
    for (unit, size) in [("gbit", Int64(1_000_000_000)), ("mbit", 1_000_000), ("kbit", 1_000)]
    where bitsPerSecond >= size && bitsPerSecond % (size / 10) == 0 {
      let tenths = bitsPerSecond / (size / 10)
      return tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
    }
    return "\(bitsPerSecond)bit"
  }
}
