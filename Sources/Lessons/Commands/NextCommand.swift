// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `next`
struct NextCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "next", group: .lessons, effect: .guides,
    summary: said("goes on to the lesson's next step, once this one is done"),
    examples: ["lesson who-are-you", "next"], seeAlso: ["previous", "check", "skip"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if session.tutor == nil, let id = session[LessonEnd.self]?.id ?? session[LessonShelf.self]?.lessonEndedLast() {
      let shelf = try session.shelf()
      guard let lesson = shelf.library().next(after: id) else { throw CommandError(.noNextLesson) }
      return try session.open(lesson, at: nil, of: shelf)
    }
    let equivalent = session.tutor?.lineToGoOn
    var outcome = try session.leaveStep { tutor, session throws(CommandError) in
      try tutor.mayLeaveStep(in: session)
      return tutor.goOn(in: &session, skipped: nil)
    }
    outcome.equivalentLine = equivalent
    return outcome
  }
}
