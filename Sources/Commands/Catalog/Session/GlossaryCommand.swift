// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `glossary`
public struct GlossaryCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "glossary", strangers: ["words", "terms", "dictionary"], group: .session, effect: .looks,
    summary: said("explains the technical terms, each in a sentence or two"),
    details: [said("`help WORD` explains a single one.")], examples: ["glossary", "help hole-punching"],
    seeAlso: ["help", "at-home"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(GlossaryReport(terms: Glossary.terms))
  }
}
