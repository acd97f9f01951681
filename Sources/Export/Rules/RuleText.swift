// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Pieces of nftables' language.
enum RuleText {
  static func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }

  /// A chain; one without a hook is only jumped to.
  static func chain(_ name: String, _ hook: String?, _ rules: [String]) -> [String] {
    ["chain \(name) {"] + indented((hook.map { [$0] } ?? []) + rules) + ["}"]
  }

  /// A time as nftables reads it, rounded up to milliseconds and never zero.
  static func time(_ interval: Interval) -> String {
    let milliseconds = max((interval.microseconds + 999) / 1_000, 1)
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }

  /// A time in the kernel's whole seconds, rounded up and never zero.
  static func seconds(_ interval: Interval) -> String {
    String(min(max((interval.microseconds + 999_999) / 1_000_000, 1), 2_147_483))
  }
}
