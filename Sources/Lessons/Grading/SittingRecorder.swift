// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Decides which of a learner's commands belong to which lesson, so that all its sittings can be handed in.
package struct SittingRecorder: Sendable {
  /// Something to write down.
  package struct Entry: Hashable, Sendable {
    /// Nil for what was done outside lessons.
    package var lesson: String?
    /// Whether a sitting begins with it.
    package var begins: Bool
    package var lines: [String]
  }

  /// Whether the commands outside lessons are to be written down as well.
  private let keepsAll: Bool
  /// The current lesson.
  private var lesson: String?
  /// The commands that stood in the session when it was last looked at.
  private var linesBefore = 0

  package init(keepsAll: Bool = false) { self.keepsAll = keepsAll }

  /// Notes a command that was carried out.
  ///
  /// - Returns: the lines to write down; nil if there are none, or they do not belong to a lesson.
  package mutating func note(_ result: CommandResult, in session: Session) -> Entry? {
    guard !(result.content is VoteReport) else { return nil }
    let before = lesson
    lesson = session.tutor?.lesson.id
    let firstNew = linesBefore
    linesBefore = standingLines(in: session)
    // The command that leaves a lesson is still part of it.
    let current = lesson ?? before
    guard current != nil || keepsAll else { return nil }
    if let tutor = session.tutor, current != before || isBeginning(result, in: session) {
      // The step at which a sitting begins is given explicitly: whoever replays it does not know what the learner had
      // done by then.
      return Entry(
        lesson: current, begins: current != before, lines: ["lesson \(tutor.lesson.id) \(tutor.index + 1)"])
    }
    guard let request = result.content as? OuterRequest else {
      // A page or a class is the program's affair, and nobody who replays the lesson has one.
      guard declaration(of: result, in: session)?.effect != .outer else { return nil }
      return Entry(lesson: current, begins: false, lines: [result.command])
    }
    // A loaded file is written out as its commands; saving and the like do not matter to a lesson.
    guard case .load = request else { return nil }
    let lines = Array(session.standingLines.dropFirst(firstNew))
    return lines.isEmpty ? nil : Entry(lesson: current, begins: false, lines: lines)
  }

  /// Notes that the session has been given another network from outside, and whatever lesson there was is over.
  package mutating func noteTakingOver(in session: Session) {
    lesson = nil
    linesBefore = standingLines(in: session)
  }

  private func standingLines(in session: Session) -> Int {
    lesson == nil && !keepsAll ? 0 : session.standingLines.count
  }

  private func isBeginning(_ result: CommandResult, in session: Session) -> Bool {
    declaration(of: result, in: session)?.name == "lesson"
  }

  private func declaration(of result: CommandResult, in session: Session) -> CommandDeclaration? {
    result.command.split(separator: " ").first.flatMap { session.catalog.declaration(named: String($0)) }
  }
}
