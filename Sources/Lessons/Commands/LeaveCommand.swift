// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `leave`
struct LeaveCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "leave", group: .lessons, effect: .guides,
    summary: said("leaves the lesson; what you have done is kept"),
    details: [said("The network stays as it is. `lesson ID` comes back.")],
    examples: ["lesson who-are-you", "leave"], seeAlso: ["lesson", "lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let tutor = session.tutor else { throw CommandError(.notInLesson) }
    if let lessons = tutor.lessonSession { session.goBack(to: lessons) }
    session.companion = nil
    return CommandOutcome(LessonNotice.left(tutor.place()))
  }
}
