// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Tells which of a learner's commands belong to which lesson, so that all sittings of it can be handed in.
package struct SittingRecorder: Sendable {
  /// Something to write down.
  package struct Entry: Hashable, Sendable {
    package var lesson: String
    /// Whether a sitting begins with it.
    package var begins: Bool
    package var lines: [String]
  }

  /// The lesson that is going on.
  private var lesson: String?
  /// The commands that stood in the session when it was last looked at.
  private var linesBefore = 0

  package init() {}

  /// Takes note of a command that was carried out.
  ///
  /// - Returns: what to write down; nil where the command belongs to no lesson.
  package mutating func note(_ result: CommandResult, in session: Session) -> Entry? {
    let before = lesson
    lesson = session.tutor?.lesson.id
    let firstNew = linesBefore
    linesBefore = lesson == nil ? 0 : session.standingLines.count
    guard let current = lesson ?? before else { return nil }
    if let tutor = session.tutor, current != before || isBeginning(result, in: session) {
      // Where a sitting begins is said outright: what the learner had done by then is not known to whoever replays it.
      return Entry(lesson: current, begins: current != before, lines: ["lesson \(current) \(tutor.index + 1)"])
    }
    guard let request = result.content as? OuterRequest else {
      // A page or a class is the program's affair, and nobody who replays the lesson has one.
      guard declaration(of: result, in: session)?.effect != .outer else { return nil }
      return Entry(lesson: current, begins: false, lines: [result.command])
    }
    // What was loaded is written out; saving and the like is nothing that a lesson sees.
    guard case .load = request else { return nil }
    let lines = Array(session.standingLines.dropFirst(firstNew))
    return lines.isEmpty ? nil : Entry(lesson: current, begins: false, lines: lines)
  }

  private func isBeginning(_ result: CommandResult, in session: Session) -> Bool {
    declaration(of: result, in: session)?.name == "lesson"
  }

  private func declaration(of result: CommandResult, in session: Session) -> CommandDeclaration? {
    result.command.split(separator: " ").first.flatMap { session.catalog.declaration(named: String($0)) }
  }
}
