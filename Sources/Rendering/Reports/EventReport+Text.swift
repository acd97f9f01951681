// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension EventReport {
  /// What happened, in a sentence where the program has one, else its data as they stand.
  var sentence: StyledText {
    if let words { return StyledText(prose: words) }
    let fields = data.fields.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
    return "\(event)\(fields.isEmpty ? "" : ": " + fields)"
  }
}
