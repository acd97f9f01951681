// SPDX-License-Identifier: GPL-3.0-or-later

/// Shares of a whole in words, to a tenth of a percent: `63.9 %`.
enum Percentage {
  /// - Parameter share: from 0 to 1.
  static func text(_ share: Double) -> String {
    let tenths = Int(share * 1_000 + 0.5)
    return "\(tenths / 10).\(tenths % 10)\u{A0}%"
  }

  static func text(_ count: Int, of all: Int) -> String { text(Double(count) / Double(max(all, 1))) }
}
