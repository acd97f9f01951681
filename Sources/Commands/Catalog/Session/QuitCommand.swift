// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `quit` (`exit`)
public struct QuitCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "quit", aliases: ["exit"], strangers: ["bye", "logout", "q", "leave"], group: .session, effect: .outer,
    summary: said("leaves natsh"), details: [said("Ctrl-D does so too.")], examples: ["quit"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.quit)
  }
}
