// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// What stands at the top of everything that is written.
enum ExportHeader {
  /// By these words natsh knows a file for its own, and may replace it.
  static let mark = NetworkExport.mark

  /// Comments: what the file is, and what Linux does otherwise.
  static func lines(_ subject: String, _ differences: [NetworkExport.Difference]) -> [String] {
    var lines = ["\(mark) \(Version.current): \(subject)"]
    guard !differences.isEmpty else { return lines.map { "# " + $0 } }
    lines += ["", "What Linux does otherwise than natsh as it was set:"]
    lines += differences.map { "  \($0.device), \($0.setting): \($0.text)" }
    return lines.map { $0.isEmpty ? "#" : "# " + $0 }
  }
}
