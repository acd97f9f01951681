// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The result of an experiment.
struct Evidence: Sendable {
  /// Whether the NAT does what is asked; nil if the question does not arise.
  var holds: Bool?
  /// The events, in a sentence or two.
  var shown: String
  /// The packets that show it.
  var rows: [ExperimentRow] = []
  /// The property to blame or to thank, if it is not the one that the requirement names.
  var decidedBy: Property?
}

extension Sequence where Element: Equatable {
  /// Whether all elements are alike; true for none and for one.
  var areAlike: Bool {
    var iterator = makeIterator()
    guard let first = iterator.next() else { return true }
    while let next = iterator.next() { if next != first { return false } }
    return true
  }
}
