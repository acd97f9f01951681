// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `previous`
struct PreviousCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "previous", aliases: ["prev"], group: .lessons, effect: .guides,
    summary: said("goes back to the lesson's previous step"), examples: ["lesson who-are-you 2", "previous"],
    seeAlso: ["next", "restart"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      guard tutor.index > 0 else { throw CommandError(.atFirstStep) }
      tutor.begin(tutor.index - 1, in: &session)
      return CommandOutcome(tutor.stepReport())
    }
  }
}
