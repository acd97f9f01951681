// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `hint`
struct HintCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "hint", aliases: ["hints"], group: .lessons, effect: .guides,
    summary: said("gives another hint for the lesson's step"), examples: ["lesson who-are-you", "hint"],
    seeAlso: ["solution", "task"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      CommandOutcome(try tutor.nextHint())
    }
  }
}
