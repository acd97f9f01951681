// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `clear`
public struct ClearCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "clear", aliases: ["cls"], group: .session, effect: .outer, summary: said("clears the screen"),
    details: [said("The network stays as it is; `reset` removes it. Ctrl-L clears the screen too.")],
    examples: ["clear"], seeAlso: ["reset"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.clear)
  }
}
