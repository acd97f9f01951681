// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `restart`
struct RestartCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "restart", group: .lessons, effect: .guides,
    summary: said("begins the lesson's step again, with the network as it was then"),
    examples: ["lesson who-are-you", "restart"], seeAlso: ["previous", "play"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      let before = tutor.state
      tutor.begin(tutor.index, in: &session)
      tutor.state.hintsGiven = before.hintsGiven
      tutor.state.questionHintsGiven = before.questionHintsGiven
      return CommandOutcome(tutor.stepReport())
    }
  }
}
