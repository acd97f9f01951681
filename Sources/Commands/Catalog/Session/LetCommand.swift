// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `let NAME = VALUE…`, `let`
public struct LetCommand: Command {
  /// Nil lists all names.
  let name: Located<String>?
  let words: [Token]

  public init(_ arguments: Arguments) throws(SyntaxError) {
    name = arguments.optionalText("NAME")
    let equals = arguments.columns("=")
    words = arguments.statement.tokens.filter { $0.columns.lowerBound >= equals.upperBound }
  }

  public static let declaration = CommandDeclaration(
    Self.self, "let", strangers: ["define", "variable", "var"], group: .session, effect: .looks,
    forms: [[], [.required("NAME", .label), .keyword("="), .rest("VALUE", .text)]],
    summary: said("gives a name to a value, and `$NAME` stands for it in later lines"),
    details: [
      said(
        "`$NAME` may be a word, several words, or a part of one, in quotes too: `alice:$port`. `save` writes the values ",
        "in place of the names, so `undo` passes `let` over. Alone it lists all names."),
      said("A line is cut into words first, so a value is never more than words of the line that it stands in."),
    ],
    examples: ["scene one-home", "let greeting = \"good day\"", "send alice bob:4000 $greeting", "let"],
    seeAlso: ["repeat", "send"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if let name { session.variables.set(name.value, words) }
    let shown = session.variables.entries.filter { name == nil || $0.name.matches(name?.value ?? "") }
    return CommandOutcome(
      VariablesReport(variables: shown.map { VariablesReport.Variable(name: $0.name, value: $0.text) }))
  }
}

/// `let`.
public struct VariablesReport: ResultContent {
  public struct Variable: Encodable, Sendable {
    public var name: String
    public var value: String
  }
  public var variables: [Variable]
}
