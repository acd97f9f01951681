// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Reads the words after `set NAME PROPERTY` as that property's value.
struct PropertyReader {
  let declaration: PropertyDeclaration
  /// What stands after the property; at least one word.
  let tokens: [Token]
  let usage: String

  init(_ declaration: PropertyDeclaration, _ tokens: [Token], device: String) {
    self.declaration = declaration
    self.tokens = tokens
    usage = "set \(device) \(declaration.name) \(declaration.grammar.usage)"
  }

  func value() throws(SyntaxError) -> PropertyValue {
    switch declaration.property {
    case .portAssignment: return .portAssignment(try portAssignment())
    case .addresses: return .addresses(try addresses())
    case .exempt: return .exempt(try prefixes())
    case .portControl: return .portControl(try portControl())
    default: break
    }
    let token = try only()
    return switch declaration.property {
    case .preset: .preset(try ArgumentReader.preset(token))
    case .mapping: .mapping(try dependence(token))
    case .filtering: .filtering(try dependence(token))
    case .parity: .parity(try isOn(token))
    case .hairpinning: .hairpinning(Hairpinning(rawValue: try word(token)) ?? .off)
    case .firewall: .firewall(try isOn(token))
    case .nat: .nat(try isOn(token))
    case .pooling: .pooling(try word(token) == "paired" ? .paired : .arbitrary)
    case .refresh: .refresh(try word(token) == "outbound" ? .outbound : .both)
    case .rejects: .rejects(try rejection(token))
    case .tracking: .tracking(try word(token) == "mappings" ? .mappings : .connections)
    case .untracked: .untracked(try word(token) == "dropped" ? .dropped : .passed)
    case .midstream: .midstream(try midstream(token))
    case .hostPorts: .hostPorts(bound: try word(token) == "bound")
    case .udpTimeout: .udpTimeout(try positiveDuration(token))
    case .udpStreamTimeout:
      .udpStreamTimeout(token.isKeyword("udp-timeout") ? nil : try positiveDuration(token))
    case .tcpEstablishedTimeout: .tcpEstablishedTimeout(try positiveDuration(token))
    case .tcpTransitoryTimeout: .tcpTransitoryTimeout(try positiveDuration(token))
    case .tcpOpeningTimeout: .tcpOpeningTimeout(try positiveDuration(token))
    case .tcpClosingTimeout: .tcpClosingTimeout(try positiveDuration(token))
    case .icmpTimeout: .icmpTimeout(try positiveDuration(token))
    case .maximumMappings: .maximumMappings(try limit(token))
    case .maximumMappingsPerHost: .maximumMappingsPerHost(try limit(token))
    case .delay: .delay(try ArgumentReader.duration(token))
    case .rate: .rate(isUnlimited(token) ? nil : try ArgumentReader.rate(token))
    case .mtu: .mtu(try limit(token, in: PropertyGrammar.leastMTU...65_535, placeholder: "BYTES"))
    case .loss: .loss(try loss(token))
    case .portAssignment, .addresses, .exempt, .portControl: throw unexpected(token)
    }
  }

  private func portControl() throws(SyntaxError) -> PortControlSetting {
    var words: [String] = []
    for token in tokens {
      let word = try word(token)
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

  private func rejection(_ token: Token) throws(SyntaxError) -> RejectionStyle {
    switch try word(token) {
    case "silently": .silently
    case "icmp": .icmp
    default: .asHost
    }
  }

  private func midstream(_ token: Token) throws(SyntaxError) -> MidstreamSegments {
    switch try word(token) {
    case "dropped": .dropped
    case "reset": .reset
    default: .pickedUp
    }
  }

  private func only() throws(SyntaxError) -> Token {
    try checkCount(1)
    return tokens[0]
  }

  private func checkCount(_ most: Int) throws(SyntaxError) {
    if tokens.count > most { throw unexpected(tokens[most]) }
  }

  private func unexpected(_ token: Token) -> SyntaxError {
    SyntaxError(.unexpectedWord(token.text, usage: usage), at: token)
  }

  /// The declared word that a short form, or itself in any case, stands for.
  private func word(_ token: Token) throws(SyntaxError) -> String {
    let words = declaration.grammar.words
    let match = words.first { $0.name.matches(token.text) || ($0.short?.matches(token.text) ?? false) }
    if let match { return match.name }
    let all = words.map(\.name) + words.compactMap(\.short)
    throw SyntaxError(
      .unknownValue(token.text, of: declaration.name, allowed: words.map(\.name)), at: token,
      suggestion: Nearest.candidate(to: token.text, among: all))
  }

  private func isOn(_ token: Token) throws(SyntaxError) -> Bool { try word(token) == "on" }

  private func dependence(_ token: Token) throws(SyntaxError) -> EndpointDependence {
    let name = try word(token)
    return EndpointDependence.allCases.first { $0.name == name } ?? .endpointIndependent
  }

  private func positiveDuration(_ token: Token) throws(SyntaxError) -> Interval {
    let interval = try ArgumentReader.duration(token)
    guard interval > .zero else { throw SyntaxError(.durationNotPositive(token.text), at: token) }
    return interval
  }

  private func isUnlimited(_ token: Token) -> Bool { token.isKeyword("unlimited") }

  private func limit(
    _ token: Token, in range: ClosedRange<Int> = 1...Int(Int32.max), placeholder: String = "N"
  ) throws(SyntaxError) -> Int? {
    if isUnlimited(token) { return nil }
    if let near = Nearest.candidate(to: token.text, among: ["unlimited"]), token.text.first?.isLetter == true {
      throw SyntaxError(
        .unknownValue(token.text, of: declaration.name, allowed: ["unlimited", placeholder]), at: token,
        suggestion: near)
    }
    return try ArgumentReader.number(token, in: range)
  }

  private func loss(_ token: Token) throws(SyntaxError) -> LossRate {
    guard let loss = LossRate(token.text) else { throw SyntaxError(.badLoss(token.text), at: token) }
    return loss
  }

  private func portAssignment() throws(SyntaxError) -> PortAssignment {
    switch try word(tokens[0]) {
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
    default:
      try checkCount(2)
      guard tokens.count == 2 else { return .sequential(first: 62_000) }
      return .sequential(first: try port(tokens[1], in: 1024...65535))
    }
  }

  /// FIRST and LAST, the second and third word.
  private func portRange() throws(SyntaxError) -> ClosedRange<UInt16> {
    let first = try port(tokens[1], in: 1...65535)
    guard tokens.count == 3 else {
      throw SyntaxError(
        .missingArgument(label: "LAST", after: nil, usage: usage), column: tokens[1].columns.upperBound)
    }
    let last = try port(tokens[2], in: 1...65535)
    guard first <= last else {
      throw SyntaxError(
        .rangeReversed(first: tokens[1].text, last: tokens[2].text),
        column: tokens[1].columns.lowerBound, length: tokens[2].columns.upperBound - tokens[1].columns.lowerBound,
        suggestion: "\(last) \(first)")
    }
    return first...last
  }

  private func port(_ token: Token, in range: ClosedRange<Int>) throws(SyntaxError) -> UInt16 {
    try ArgumentReader.port(token.text, at: token, in: range)
  }

  private func prefixes() throws(SyntaxError) -> [IPPrefix] {
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

  private func addresses() throws(SyntaxError) -> [IPAddress] {
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
