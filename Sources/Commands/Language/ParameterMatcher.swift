// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Fits the words of a statement into one of a command's forms, a word at a time, so that completion can stop anywhere
/// and ask what may come next.
///
/// Words that have to come right after the name, or after each other, are taken as they come, so that a device may be
/// called `lan`. Everywhere else a bare word is a keyword first.
struct ParameterMatcher {
  let form: [Parameter]
  let statement: Statement
  let usage: String
  let reader: ArgumentReader
  private(set) var entries: [Arguments.Entry] = []
  /// How far the words that come in order have got in the form.
  private(set) var place = 0
  /// The clause whose keyword was the last word.
  private(set) var pending: Parameter?
  /// The words taken by a parameter that takes all the rest.
  private(set) var rest: [Token] = []

  init(form: [Parameter], of declaration: CommandDeclaration, statement: Statement, reader: ArgumentReader) {
    self.form = form
    self.statement = statement
    self.reader = reader
    usage = declaration.usageInErrors(of: form)
  }

  /// Takes words as long as they fit.
  mutating func take(_ tokens: some Sequence<Token>) throws(SyntaxError) {
    for token in tokens { try take(token) }
  }

  /// Takes the next word, or says what is wrong with it.
  mutating func take(_ token: Token) throws(SyntaxError) {
    if let clause = pending, case .clause(let kind, _, _) = clause.shape {
      pending = nil
      try add(token, as: kind, to: clause)
      return
    }
    let next = nextInOrder(from: place)
    if let next, isRigid(next) { return try consume(next, token) }
    if !token.isQuoted, let (parameter, word) = floating(token) { return try open(parameter, word, token) }
    var candidate = next
    while let index = candidate {
      guard case .optional(let kind, let most) = form[index].shape else { return try consume(index, token) }
      if kind.recognises(token) {
        try checkForForgottenKeyword(token, kind)
        try add(token, as: kind, to: form[index])
        place = count(form[index].label) < most ? index : index + 1
        return
      }
      candidate = nextInOrder(from: index + 1)
    }
    throw unplaced(token, candidate: next)
  }

  /// Ends the statement: everything required is there, or the error says what is missing.
  mutating func finish() throws(SyntaxError) -> Arguments {
    if let clause = pending, case .clause(_, let placeholder, _) = clause.shape {
      throw missing(placeholder, after: clause.label)
    }
    var index = nextInOrder(from: place)
    while let current = index {
      switch form[current].shape {
      case .required: throw missing(form[current].label, after: previousKeyword(of: current))
      case .keyword: throw SyntaxError(.missingKeyword(form[current].label, usage: usage), column: statement.endColumn)
      case .rest(let kind): try closeRest(form[current].label, kind)
      case .optional, .clause, .choice: break
      }
      index = nextInOrder(from: current + 1)
    }
    return Arguments(statement: statement, usage: usage, entries: entries)
  }

  // MARK: Places

  func nextInOrder(from start: Int) -> Int? {
    form.indices.dropFirst(start).first { !form[$0].isFloating }
  }

  /// Whether the word at `index` must be exactly there, so that its meaning is certain.
  func isRigid(_ index: Int) -> Bool {
    if case .optional = form[index].shape { return false }
    if case .rest = form[index].shape, !rest.isEmpty { return true }
    guard index > 0 else { return true }
    if case .keyword = form[index].shape { return false }
    switch form[index - 1].shape {
    case .required, .keyword: return true
    case .optional, .clause, .choice, .rest: return false
    }
  }

  private func previousKeyword(of index: Int) -> String? {
    guard index > 0, case .keyword = form[index - 1].shape else { return nil }
    return form[index - 1].label
  }

  private func count(_ label: String) -> Int { entries.count { $0.label == label } }

  func floating(_ token: Token) -> (Parameter, String)? {
    for parameter in form where parameter.isFloating {
      if let word = parameter.keywords.first(where: { $0.matches(token.text) }) { return (parameter, word) }
    }
    return nil
  }

  func isUsedUp(_ parameter: Parameter) -> Bool {
    let most = if case .clause(_, _, let atMost) = parameter.shape { atMost } else { 1 }
    return count(parameter.label) >= most
  }

  // MARK: Taking words

  private mutating func open(_ parameter: Parameter, _ word: String, _ token: Token) throws(SyntaxError) {
    guard !isUsedUp(parameter) else {
      let given = entries.first { $0.label == parameter.label }
      if case .choice = parameter.shape, case .word(let first)? = given?.value, first != word {
        throw SyntaxError(.conflict(first, word), at: token)
      }
      throw SyntaxError(.duplicateClause(word), at: token)
    }
    if case .choice = parameter.shape {
      append(.word(word), token, parameter.label)
    } else {
      pending = parameter
    }
  }

  private mutating func consume(_ index: Int, _ token: Token) throws(SyntaxError) {
    switch form[index].shape {
    case .required(let kind), .optional(let kind, _):
      try add(token, as: kind, to: form[index])
      place = index + 1
    case .keyword:
      guard token.isKeyword(form[index].label) else {
        throw SyntaxError(
          .missingKeyword(form[index].label, usage: usage), at: token,
          suggestion: Nearest.candidate(to: token.text, among: [form[index].label])
            ?? "\(form[index].label) \(token.text)")
      }
      append(.word(form[index].label), token, form[index].label)
      place = index + 1
    case .rest:
      rest.append(token)
      place = index
    case .clause, .choice: break
    }
  }

  private mutating func add(_ token: Token, as kind: ArgumentKind, to parameter: Parameter) throws(SyntaxError) {
    if kind == .newName, !token.isQuoted, floating(token) != nil {
      throw SyntaxError(.missingArgument(label: parameter.label, after: nil, usage: usage), at: token)
    }
    if kind == .text, !token.isQuoted, form.contains(where: { $0.keywords.contains("icmp") }), count("protocol") == 0,
      let meant = ForeignProtocol.meant(by: token.text)
    {
      throw SyntaxError(.unknownProtocol(token.text), at: token, suggestion: meant)
    }
    if case .property(let label) = kind {
      append(.property(try property(token, of: label)), token, parameter.label)
      return
    }
    let value = try read(token, as: kind)
    if let family = value.family, entries.contains(where: { $0.label == parameter.label && $0.value.family == family })
    {
      throw SyntaxError(.duplicateFamily(family), at: token)
    }
    append(value, token, parameter.label)
  }

  private mutating func append(_ value: ArgumentValue, _ token: Token, _ label: String) {
    entries.append(Arguments.Entry(label: label, value: value, token: token, columns: token.columns))
  }

  /// Reads a word; if a duration was typed with a space before its unit, the error covers both words.
  private func read(_ token: Token, as kind: ArgumentKind) throws(SyntaxError) -> ArgumentValue {
    do {
      return try reader.value(of: token, as: kind)
    } catch {
      guard case .badDuration = error.kind,
        let unit = statement.tokens.first(where: { $0.columns.lowerBound > error.column }),
        let meant = ArgumentReader.durationMeant(by: token.text + unit.text)
      else { throw error }
      throw SyntaxError(
        error.kind, column: error.column, length: unit.columns.upperBound - error.column, suggestion: meant)
    }
  }

  // MARK: Properties

  /// The device that the argument of that label names.
  func device(_ label: String) -> NamedDevice? {
    for entry in entries where entry.label == label {
      if case .device(let device) = entry.value { return device }
    }
    return nil
  }

  func property(_ label: String) -> Property? {
    for entry in entries where entry.label == label {
      if case .property(let property) = entry.value { return property }
    }
    return nil
  }

  private func property(_ token: Token, of label: String) throws(SyntaxError) -> Property {
    guard let device = device(label) else { throw missing(label, after: nil) }
    if let found = Property.named(token.text, of: device.kind) { return found }
    if let other = Property.all(named: token.text).first {
      throw SyntaxError(.propertyOfOtherKind(other.name, device: device.name), at: token)
    }
    throw SyntaxError(
      .unknownProperty(token.text, of: device.kind), at: token,
      suggestion: Nearest.candidate(to: token.text, among: Property.all(of: device.kind).map(\.name)))
  }

  private mutating func closeRest(_ label: String, _ kind: ArgumentKind) throws(SyntaxError) {
    guard case .propertyValue(let of) = kind, let property = property(of) else {
      guard let first = rest.first, let last = rest.last else { throw missing(label, after: nil) }
      if kind == .helpSubject {
        let words = rest.map(\.text).joined(separator: " ")
        rest = [
          Token(text: words, isQuoted: false, columns: first.columns.lowerBound..<last.columns.upperBound)
        ]
      }
      for token in rest { append(try read(token, as: kind), token, label) }
      return
    }
    let device = entries.first?.token.text ?? "NAME"
    let reader = PropertyReader(property, rest, device: device)
    guard let first = rest.first, let last = rest.last else {
      throw SyntaxError(
        .missingArgument(label: label, after: property.name, usage: reader.usage),
        column: statement.endColumn)
    }
    let columns = first.columns.lowerBound..<last.columns.upperBound
    let value = try property.read(reader)
    entries.append(Arguments.Entry(label: label, value: .propertyValue(value), token: first, columns: columns))
  }
}

extension ArgumentKind {
  /// Whether a word looks like one of this kind, right or wrong, where it may be left out.
  fileprivate func recognises(_ token: Token) -> Bool {
    switch self {
    case .address, .prefix: !token.isQuoted && (token.text.first?.beginsNumber == true || token.text.contains(":"))
    case .count, .seed, .port, .ports, .forwardedPort, .timeToLive:
      token.text.first?.beginsNumber == true || token.text.first == "-"
    default: true
    }
  }
}

extension ArgumentValue {
  /// The family of an address or a prefix, each of which may be given once.
  fileprivate var family: AddressFamily? {
    switch self {
    case .address(let address): address.family
    case .prefix(let prefix): prefix.family
    default: nil
    }
  }
}
