// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `history`
public struct HistoryCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "history", group: .session, effect: .looks,
    summary: said("lists the commands that have made the session what it is"),
    details: [
      said("It is what `save` would write: commands that failed, only showed something or were undone are not in it.")
    ],
    examples: ["host alice", "history"], seeAlso: ["undo", "save"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let lines = session.past.lines
    let omitted = lines.count - Session.mostListed
    return CommandOutcome(
      HistoryReport(history: lines.suffix(Session.mostListed), omitted: omitted > 0 ? omitted : nil))
  }
}
