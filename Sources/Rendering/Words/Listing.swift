// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The word before a list's last element.
package enum Conjunction {
  case and, or

  fileprivate var words: String {
    switch self {
    case .and: said(" and ")
    case .or: said(" or ")
    }
  }
}

extension [String] {
  /// `a`, `a or b`, `a, b or c`.
  package func listed(_ conjunction: Conjunction) -> String {
    guard count > 1, let last else { return joined() }
    return dropLast().joined(separator: ", ") + conjunction.words + last
  }
}
