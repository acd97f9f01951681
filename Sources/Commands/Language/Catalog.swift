// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// All commands and topics of a shell: it parses lines, completes them and explains them.
public struct Catalog: Sendable {
  public let declarations: [CommandDeclaration]
  public let topics: [HelpReport.Topic]
  /// The ready-made networks.
  public let scenes: [Scene]
  /// The kinds of programs that hosts can run.
  public let programs: [ProgramDescription]
  /// The protocols of applications recognised by their bytes.
  public let messages: [MessageReader]
  /// What routers make of what hosts ask them.
  public let routerProgram: (any RouterProgram)?
  /// The program of a host that carries out an errand; nil if there is none.
  public let errands: ErrandProgram?
  private let indexByWord: [String: Int]

  /// Composes a language of its parts, in their order. A word that two declarations claim belongs to the first.
  public init(_ parts: Vocabulary...) {
    declarations = parts.flatMap(\.declarations)
    topics = parts.flatMap(\.topics)
    scenes = parts.flatMap(\.scenes)
    programs = parts.flatMap(\.programs)
    messages = parts.flatMap(\.messages)
    routerProgram = parts.lazy.compactMap(\.routerProgram).first
    errands = parts.lazy.compactMap(\.errands).first
    var index: [String: Int] = [:]
    for (number, declaration) in declarations.enumerated() {
      for word in [declaration.name] + declaration.aliases where index[word.lowercased()] == nil {
        index[word.lowercased()] = number
      }
    }
    indexByWord = index
  }

  /// The command of that name or alias, in any case.
  public func declaration(named word: String) -> CommandDeclaration? {
    indexByWord[word.lowercased()].map { declarations[$0] }
  }

  /// Reads a statement as a command.
  ///
  /// - Throws: the fault of the first word that does not fit, with its column; for a command with several forms, the
  ///   error of those that most words fit.
  public func parse(_ statement: Statement, in names: any NameContext) throws(SyntaxError) -> any Command {
    let (declaration, words) = try commandAndWords(of: statement)
    let reader = ArgumentReader(names: names, catalog: self)
    var misfits: [Misfit] = []
    for form in declaration.forms {
      var matcher = ParameterMatcher(form: form, of: declaration, statement: statement, reader: reader)
      let arguments: Arguments
      do {
        try matcher.take(words)
        arguments = try matcher.finish()
      } catch {
        misfits.append(Misfit(usage: declaration.usage(of: form), error: error))
        continue
      }
      return try declaration.make(arguments)
    }
    throw Misfit.error(of: misfits, after: words.isEmpty ? declaration.name : nil, in: statement)
      ?? SyntaxError(.unknownCommand(declaration.name), column: statement.column)
  }

  /// The declaration that a statement's first words name, and the words after them.
  func commandAndWords(of statement: Statement) throws(SyntaxError) -> (CommandDeclaration, ArraySlice<Token>) {
    guard let first = statement.tokens.first else {
      throw SyntaxError(.unknownCommand(""), column: statement.column)
    }
    let rest = statement.tokens.dropFirst()
    guard !first.isQuoted else { throw SyntaxError(.unknownCommand(first.text), at: first) }
    if let declaration = declaration(named: first.text) { return (declaration, rest) }
    let led = declarations(ledInBy: first.text)
    guard let example = led.first else { throw unknownCommand(first) }
    guard let second = rest.first else {
      let label = led.map { $0.name.uppercased() }.joined(separator: "|")
      throw SyntaxError(
        .missingArgument(label: label, after: first.text, usage: example.usage[0]), column: statement.endColumn)
    }
    if !second.isQuoted, let declaration = declaration(named: second.text),
      declaration.leadIns.contains(where: first.text.matches)
    {
      return (declaration, rest.dropFirst())
    }
    throw SyntaxError(
      .unexpectedWord(second.text, usage: led.map { "\(first.text) \($0.usage[0])" }.joined(separator: said(", or "))),
      at: second, suggestion: Nearest.candidate(to: second.text, among: led.map(\.name)))
  }

  /// The commands before which `word` may stand without meaning anything.
  func declarations(ledInBy word: String) -> [CommandDeclaration] {
    declarations.filter { $0.leadIns.contains(where: word.matches) }
  }

  private func unknownCommand(_ token: Token) -> SyntaxError {
    let stranger = declarations.first { $0.strangers.contains(where: token.text.matches) }
    let words = declarations.flatMap { [$0.name] + $0.aliases + $0.leadIns }
    return SyntaxError(
      .unknownCommand(token.text), at: token,
      suggestion: stranger?.name ?? Nearest.candidate(to: token.text, among: words))
  }
}
