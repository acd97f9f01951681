// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `glossary [WORD]`
public struct GlossaryCommand: Command {
  public let word: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { word = arguments.optionalText("WORD") }

  public static let declaration = CommandDeclaration(
    Self.self, "glossary", strangers: ["words", "terms", "dictionary"], group: .session, effect: .looks,
    forms: [[], [.rest("WORD", .helpSubject)]],
    summary: said("explains the technical terms, each in a sentence or two"),
    details: [said("`help WORD` explains a single one.")], examples: ["glossary", "glossary hole-punching"],
    seeAlso: ["help", "at-home"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let word else { return CommandOutcome(GlossaryReport(terms: Glossary.terms)) }
    if let term = Glossary.term(named: word.value) { return CommandOutcome(GlossaryReport(terms: [term])) }
    do throws(SyntaxError) {
      return CommandOutcome(try session.catalog.help(word.value))
    } catch {
      // Parsing has looked the subject up already.
      return CommandOutcome()
    }
  }
}
