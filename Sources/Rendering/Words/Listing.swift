// SPDX-License-Identifier: GPL-3.0-or-later

extension [String] {
  /// `a`, `a or b`, `a, b or c`.
  package func listed(_ conjunction: String) -> String {
    guard count > 1, let last else { return joined() }
    return dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
  }
}
