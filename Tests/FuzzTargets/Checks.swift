// SPDX-License-Identifier: GPL-3.0-or-later

/// The checks that a session's walk makes besides its text for people, each of which costs more than the commands do.
package struct Checks: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Every result and every error as JSON.
  package static let json = Checks(rawValue: 1)
  /// Completion in the middle and at the end of each line.
  package static let completion = Checks(rawValue: 2)
  /// A failure leaves everything as it was.
  package static let failures = Checks(rawValue: 4)
  /// Undone and redone, saved and loaded, the session is the same.
  package static let journeys = Checks(rawValue: 8)

  package static let all: Checks = [.json, .completion, .failures, .journeys]

  /// Some of them, chosen by an input's length: a fuzzer tries so many inputs of each length that none is forgotten,
  /// and gets through many more of them than if it checked everything for each.
  package static func some(for bytes: [UInt8]) -> Checks {
    switch bytes.count % 32 {
    case 0: .all
    case 1: .journeys
    case 2: .failures
    case 3...6: .json
    case 7...10: .completion
    default: []
    }
  }
}
