// SPDX-License-Identifier: GPL-3.0-or-later

/// What each line of a file became, or why it became nothing.
struct LineNotes: Sendable {
  struct Note: Sendable {
    var became: [String] = []
    var unread: [String] = []
  }

  private(set) var notes: [Int: Note] = [:]

  /// The line is what is behind `words`, a property and its value or a command.
  mutating func became(_ line: Int, _ words: String) {
    if notes[line]?.became.contains(words) != true { notes[line, default: Note()].became.append(words) }
  }

  /// The line, or part of it, has no counterpart.
  mutating func unread(_ line: Int, _ why: String) {
    if notes[line]?.unread.contains(why) != true { notes[line, default: Note()].unread.append(why) }
  }

  func hasNote(_ line: Int) -> Bool { notes[line] != nil }
}

/// One line of the file and what was made of it.
package struct LineReading: Sendable {
  package var number: Int
  package var text: String
  package var became: [String]
  /// Why something of it has no counterpart; empty if it was read whole.
  package var unread: [String]
}
