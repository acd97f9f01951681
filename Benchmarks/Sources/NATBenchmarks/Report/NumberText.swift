// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// With one decimal where that says something: `4.2`, `123`.
func decimal(_ value: Double) -> String {
  value.isFinite ? String(format: abs(value) < 100 ? (abs(value) < 0.95 ? "%.2f" : "%.1f") : "%.0f", value) : "-"
}

func whole(_ value: Double) -> String { value.isFinite ? grouped(Int(value.rounded())) : "-" }

func millions(_ value: Double) -> String { String(format: "%.2fM", value / 1e6) }

/// `64,000`
func grouped(_ number: Int) -> String {
  var text = ""
  for (place, digit) in String(number).reversed().enumerated() {
    if place > 0, place.isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
