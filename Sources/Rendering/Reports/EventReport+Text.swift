// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension EventReport {
  /// The event in a sentence if the program has one for it, else its data unchanged.
  var sentence: StyledText {
    if let words { return StyledText(prose: words) }
    let fields = data.fields.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
    return "\(event)\(fields.isEmpty ? "" : ": " + fields)"
  }
}
