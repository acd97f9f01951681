// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `reset`
public struct ResetCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "reset", strangers: ["restart", "new"], group: .building, effect: .changes,
    summary: said("removes everything and sets the clock to zero"),
    details: [said("`undo` brings it all back.")], examples: ["scene two-homes", "reset"],
    seeAlso: ["remove", "scene", "undo"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    session.startOver(seed: session.network.seed)
    return CommandOutcome(ChangeReport(change: .reset))
  }
}
