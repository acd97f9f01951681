// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `redo [N]`
public struct RedoCommand: Command {
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "redo", group: .packets, effect: .travels, forms: [[.optional("N", .count(1...1_000_000))]],
    summary: said("does again what `undo` undid"),
    details: [said("It works until something else is changed.")],
    examples: ["host alice", "host bob", "undo 2", "redo 2"], seeAlso: ["undo"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let asked = count?.value ?? 1
    let available = session.past.redoable
    guard asked <= available else {
      throw CommandError(.tooFarForward(asked: asked, available: available), at: count?.columns)
    }
    let before = session
    var entries: [Past.Entry] = []
    while entries.count < asked, let entry = session.past.takeUndone() { entries.append(entry) }
    do throws(CommandError) {
      try session.doAgain(entries)
      session.past.noteRedone(entries.count)
    } catch {
      session = before
      throw error
    }
    return CommandOutcome(
      UndoReport(
        direction: .redone, commands: entries.flatMap(\.lines), timeMicroseconds: session.network.clock.microseconds))
  }
}
