// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `check`
struct CheckCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "check", group: .lessons, effect: .looks,
    summary: said("tells whether the lesson's step is done, and what is still missing"),
    details: [said("The lesson checks automatically after every command; this reports everything that it sees.")],
    examples: ["lesson who-are-you", "check"], seeAlso: ["task", "hint"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      let parts = tutor.check(in: tutor.lessonSession ?? session)
      return CommandOutcome(TutorRemark(place: tutor.place(), parts: parts))
    }
  }
}
