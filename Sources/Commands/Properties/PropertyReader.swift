// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The words after `set NAME PROPERTY`, read as a property's value.
struct PropertyReader {
  let property: Property
  /// The words after the property; at least one.
  let tokens: [Token]
  let usage: String

  init(_ property: Property, _ tokens: [Token], device: String) {
    self.property = property
    self.tokens = tokens
    usage = "set \(device) \(property.name) \(property.grammar.usage)"
  }

  /// The only word there may be.
  func only() throws(SyntaxError) -> Token {
    try checkCount(1)
    return tokens[0]
  }

  func checkCount(_ most: Int) throws(SyntaxError) {
    if tokens.count > most { throw unexpected(tokens[most]) }
  }

  private func unexpected(_ token: Token) -> SyntaxError {
    SyntaxError(.unexpectedWord(token.text, usage: usage), at: token)
  }

  /// Which of the declared words the only token is, itself or its short form, in any case.
  func indexOfWord() throws(SyntaxError) -> Int { try indexOfWord(try only()) }

  func indexOfWord(_ token: Token) throws(SyntaxError) -> Int {
    let words = property.grammar.words
    let match = words.firstIndex { $0.name.matches(token.text) || ($0.short?.matches(token.text) ?? false) }
    if let match { return match }
    let all = words.map(\.name) + words.compactMap(\.short)
    throw SyntaxError(
      .unknownValue(token.text, of: property.name, allowed: words.map(\.name)), at: token,
      suggestion: Nearest.candidate(to: token.text, among: all))
  }

  func duration(allowsZero: Bool) throws(SyntaxError) -> Interval {
    let token = try only()
    let interval = try ArgumentReader.duration(token)
    guard allowsZero || interval > .zero else { throw SyntaxError(.durationNotPositive(token.text), at: token) }
    return interval
  }

  /// A duration, or nil for `word`.
  func duration(orWord word: String) throws(SyntaxError) -> Interval? {
    try only().isKeyword(word) ? nil : try duration(allowsZero: false)
  }

  private func isUnlimited(_ token: Token) -> Bool { token.isKeyword("unlimited") }

  func rate() throws(SyntaxError) -> BitRate? {
    let token = try only()
    return isUnlimited(token) ? nil : try ArgumentReader.rate(token)
  }

  /// A count, or nil for `unlimited`.
  func limit(in range: ClosedRange<Int>, placeholder: String) throws(SyntaxError) -> Int? {
    let token = try only()
    if isUnlimited(token) { return nil }
    if let near = Nearest.candidate(to: token.text, among: ["unlimited"]), token.text.first?.isLetter == true {
      throw SyntaxError(
        .unknownValue(token.text, of: property.name, allowed: ["unlimited", placeholder]), at: token,
        suggestion: near)
    }
    return try ArgumentReader.number(token, in: range)
  }

  func loss() throws(SyntaxError) -> LossRate {
    let token = try only()
    guard let loss = LossRate(token.text) else { throw SyntaxError(.badLoss(token.text), at: token) }
    return loss
  }

  func portAssignment() throws(SyntaxError) -> PortAssignment {
    switch property.grammar.words[try indexOfWord(tokens[0])].name {
    case "preserve":
      try checkCount(2)
      guard tokens.count == 2 else { return .preserve }
      guard tokens[1].isKeyword("or-refuse") else {
        throw SyntaxError(
          .unknownValue(tokens[1].text, of: "ports preserve", allowed: ["or-refuse"]), at: tokens[1],
          suggestion: Nearest.candidate(to: tokens[1].text, among: ["or-refuse"]))
      }
      return .preserveOrRefuse
    case "overload":
      try checkCount(3)
      guard tokens.count > 1 else { return .overload }
      return .overloadWithin(try portRange())
    case "random":
      try checkCount(3)
      guard tokens.count > 1 else { return .random(1024...65535) }
      return .random(try portRange())
    case "blocks": return try portBlocks()
    default:
      try checkCount(2)
      guard tokens.count == 2 else { return .sequential(first: 62_000) }
      return .sequential(first: try port(tokens[1], in: 1024...65535))
    }
  }

  /// SIZE, and perhaps FIRST and LAST.
  private func portBlocks() throws(SyntaxError) -> PortAssignment {
    try checkCount(4)
    // The smallest share that a large cloud gives to a virtual machine.
    guard tokens.count > 1 else { return .blocks(size: 64, within: 1024...65535) }
    let range = tokens.count > 2 ? try portRange(at: 2) : 1024...65535
    return .blocks(size: try ArgumentReader.number(tokens[1], in: 1...range.count), within: range)
  }

  /// FIRST and LAST, by default the second and third word.
  private func portRange(at place: Int = 1) throws(SyntaxError) -> ClosedRange<UInt16> {
    let first = try port(tokens[place], in: 1...65535)
    guard tokens.count == place + 2 else {
      throw SyntaxError(
        .missingArgument(label: "LAST", after: nil, usage: usage), column: tokens[place].columns.upperBound)
    }
    let last = try port(tokens[place + 1], in: 1...65535)
    guard first <= last else {
      throw SyntaxError(
        .rangeReversed(first: tokens[place].text, last: tokens[place + 1].text),
        column: tokens[place].columns.lowerBound,
        length: tokens[place + 1].columns.upperBound - tokens[place].columns.lowerBound,
        suggestion: "\(last) \(first)")
    }
    return first...last
  }

  private func port(_ token: Token, in range: ClosedRange<Int>) throws(SyntaxError) -> UInt16 {
    try ArgumentReader.port(token.text, at: token, in: range)
  }

  func portControl() throws(SyntaxError) -> PortControlSetting {
    var words: [String] = []
    for token in tokens {
      let word = property.grammar.words[try indexOfWord(token)].name
      guard !words.contains("off"), word != "off" || words.isEmpty, !words.contains(word) else {
        throw unexpected(token)
      }
      words.append(word)
    }
    let dialects = words.compactMap(PortControlSetting.Dialect.init(rawValue:))
    if dialects.isEmpty, words == ["lying"], let last = tokens.last {
      throw SyntaxError(
        .missingArgument(label: "pcp|nat-pmp|upnp", after: nil, usage: usage), column: last.columns.upperBound)
    }
    return PortControlSetting(dialects, lies: words.contains("lying"))
  }

  func prefixes() throws(SyntaxError) -> [IPPrefix] {
    if tokens.count == 1, tokens[0].isKeyword("none") { return [] }
    var prefixes: [IPPrefix] = []
    for token in tokens {
      for text in token.text.split(separator: ",") {
        guard let prefix = IPPrefix(String(text)) else { throw SyntaxError(.badPrefix(String(text)), at: token) }
        prefixes.append(prefix)
      }
    }
    guard !prefixes.isEmpty else { throw SyntaxError(.badPrefix(tokens[0].text), at: tokens[0]) }
    return prefixes
  }

  func addressOrNone() throws(SyntaxError) -> IPAddress? {
    let token = try only()
    if token.isKeyword("none") { return nil }
    guard let address = IPAddress(token.text) else {
      throw SyntaxError(
        .badAddress(token.text), at: token, suggestion: Nearest.candidate(to: token.text, among: ["none"]))
    }
    return address
  }

  func addresses() throws(SyntaxError) -> [IPAddress] {
    if tokens.count == 1, tokens[0].isKeyword("none") { return [] }
    var addresses: [IPAddress] = []
    var seen: Set<IPAddress> = []
    for token in tokens {
      for part in token.text.split(separator: ",", omittingEmptySubsequences: true) {
        guard let address = IPAddress(String(part)) else {
          throw SyntaxError(.badAddress(String(part)), at: token)
        }
        guard seen.insert(address).inserted else {
          throw SyntaxError(.duplicateAddress("\(address)"), at: token)
        }
        addresses.append(address)
      }
    }
    guard !addresses.isEmpty else { throw SyntaxError(.badAddress(tokens[0].text), at: tokens[0]) }
    return addresses
  }
}
