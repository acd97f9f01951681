// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The lines at the top of every written file.
enum ExportHeader {
  /// The words by which natsh recognises a file as its own, which it may replace.
  static let mark = NetworkExport.mark

  /// Comments: what the file is, and how Linux behaves differently.
  static func lines(_ subject: String, _ differences: [NetworkExport.Difference]) -> [String] {
    var lines = ["\(mark) \(Version.current): \(subject)"]
    guard !differences.isEmpty else { return lines.map { "# " + $0 } }
    lines += ["", "Differences between Linux and natsh with its settings:"]
    lines += differences.map { "  \($0.device), \($0.setting): \($0.text)" }
    return lines.map { $0.isEmpty ? "#" : "# " + $0 }
  }
}
