// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `undo [N]`
public struct UndoCommand: Command {
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "undo", aliases: ["back"], strangers: ["revert", "rewind", "u"], group: .packets, effect: .travels,
    forms: [[.optional("N", .count(1...1_000_000))]],
    summary: said("undoes the last command that changed anything, or the last N"),
    details: [
      said(
        "`step` and `wait` are among them: the clock, the packets, the numbers and random choices go back too. Looking is ",
        "never undone. Asking for more than there are is an error, and undoes nothing.")
    ],
    examples: ["host alice", "host bob", "undo", "redo"], seeAlso: ["redo", "history"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let asked = count?.value ?? 1
    let available = session.past.undoable
    guard asked <= available else {
      let isInLesson = session.companion != nil && session.past.isChapter
      throw CommandError(
        isInLesson
          ? .lessonStepStart(asked: asked, available: available) : .tooFarBack(asked: asked, available: available),
        at: count?.columns)
    }
    let before = session
    let (lines, start, replay) = session.past.goBack(
      asked, keepingLines: session.companion?.keepsUndone ?? false)
    session.network = start
    do throws(CommandError) {
      try session.doAgain(replay)
    } catch {
      session = before
      throw error
    }
    return CommandOutcome(
      UndoReport(
        direction: .undone, commands: lines, timeMicroseconds: session.network.clock.microseconds))
  }
}
