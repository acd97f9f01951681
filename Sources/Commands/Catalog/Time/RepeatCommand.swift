// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `repeat N LINE…`
public struct RepeatCommand: Command {
  let count: Located<Int>
  /// What is carried out each time: a command, or several in quotes.
  let line: String
  private let columns: Range<Int>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    count = try arguments.count("N")
    let words = arguments.statement.tokens.filter { [count] in $0.columns.lowerBound >= count.columns.upperBound }
    columns = (words.first?.columns.lowerBound ?? 1)..<(words.last?.columns.upperBound ?? 2)
    line = words.count == 1 && words[0].isQuoted ? words[0].text : words.map(\.typed).joined(separator: " ")
  }

  /// The name whose value is the number of the time.
  static let counter = "i"

  /// Those that begin another world, or are about the past; and itself.
  private static let barred = ["reset", "scene", "seed", "switch", "repeat"]

  public static let declaration = CommandDeclaration(
    Self.self, "repeat", aliases: ["times"], strangers: ["for", "loop", "while"], group: .packets, effect: .changes,
    forms: [[.required("N", .count(1...100_000)), .rest("LINE", .text)]],
    summary: said("carries out a command many times, and `undo` takes all of them back at once"),
    details: [
      said(
        "`$i` in LINE is 1 the first time, 2 the next, and so on. Several commands stand in quotes, with `;` between them."
      ),
      said("If one fails, none has happened. Only commands that change the network can be repeated."),
    ],
    examples: [
      "scene one-home", "repeat 3 send alice:600$i bob", "run", "repeat 2 \"send alice:700$i bob; run\"", "undo",
    ],
    seeAlso: ["let", "undo", "send"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.allOrNothing { session throws(CommandError) in
      try session.moving(RepeatReport(times: count.value)) { session throws(CommandError) in
        for time in 1...count.value {
          if time & 63 == 0, session.monitor?.goesOn(.repeating, time, of: count.value) == false {
            throw CommandError(.interrupted)
          }
          try carryOut(time, in: &session)
        }
      }
    }
  }

  private func carryOut(_ time: Int, in session: inout Session) throws(CommandError) {
    let statements = try reading(time) { () throws(SyntaxError) in try Statement.statements(in: line) }
    for statement in statements {
      // Read only now: an earlier one may have made the device that it names.
      let command = try reading(time) { () throws(SyntaxError) in
        try session.catalog.parse(statement.expanding(Variables(Self.counter, time)), in: session)
      }
      let name = type(of: command).declaration.name
      guard command.effect == .changes, !Self.barred.contains(name) else {
        throw CommandError(.notRepeated(name), at: columns)
      }
      let outcome = try command.execute(in: &session)
      // A run that was stopped on the way.
      if outcome.equivalent != nil { throw CommandError(.interrupted) }
    }
  }

  private func reading<Result>(
    _ time: Int, _ body: () throws(SyntaxError) -> Result
  ) throws(CommandError) -> Result {
    do throws(SyntaxError) {
      return try body()
    } catch {
      throw CommandError(.inRepeat(time: time, error), at: columns)
    }
  }
}

/// `repeat`.
public struct RepeatReport: ResultContent {
  public var times: Int
}
