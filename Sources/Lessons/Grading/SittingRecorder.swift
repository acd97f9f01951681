// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Decides which of a learner's commands belong to which lesson, so that all its sittings can be handed in.
package struct SittingRecorder: Sendable {
  /// Something to write down.
  package struct Entry: Hashable, Sendable {
    package var lesson: String
    /// Whether a sitting begins with it.
    package var begins: Bool
    package var lines: [String]
  }

  /// The current lesson.
  private var lesson: String?
  /// The commands that stood in the session when it was last looked at.
  private var linesBefore = 0

  package init() {}

  /// Notes a command that was carried out.
  ///
  /// - Returns: the lines to write down; nil if the command does not belong to a lesson.
  package mutating func note(_ result: CommandResult, in session: Session) -> Entry? {
    let before = lesson
    lesson = session.tutor?.lesson.id
    let firstNew = linesBefore
    linesBefore = lesson == nil ? 0 : session.standingLines.count
    guard let current = lesson ?? before else { return nil }
    if let tutor = session.tutor, current != before || isBeginning(result, in: session) {
      // The step at which a sitting begins is given explicitly: whoever replays it does not know what the learner had
      // done by then.
      return Entry(lesson: current, begins: current != before, lines: ["lesson \(current) \(tutor.index + 1)"])
    }
    guard let request = result.content as? OuterRequest else {
      return Entry(lesson: current, begins: false, lines: [result.command])
    }
    // A loaded file is written out as its commands; saving and the like do not matter to a lesson.
    guard case .load = request else { return nil }
    let lines = Array(session.standingLines.dropFirst(firstNew))
    return lines.isEmpty ? nil : Entry(lesson: current, begins: false, lines: lines)
  }

  private func isBeginning(_ result: CommandResult, in session: Session) -> Bool {
    guard let word = result.command.split(separator: " ").first else { return false }
    return session.catalog.declaration(named: String(word))?.name == "lesson"
  }
}
