// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

extension NftablesRuleReader {
  /// A condition, whose first word has been taken.
  mutating func takeCondition(_ token: NftablesTokens.Token) throws(Fault) {
    guard !token.isQuoted else { throw Fault(why: said("\"\(token.text)\" stands alone")) }
    tokens.putBack()
    guard let key = fields() else {
      _ = tokens.pop()
      if ["hash", "numgen", "jhash", "symhash"].contains(token.text) { return try takeSpread(token.text) }
      rule.unknown.append(token.text)
      return
    }
    let field = key.joined(separator: " . ")
    if key == ["ct mark"] || key == ["mark"], tokens.take("set") {
      _ = skipValue()
      return
    }
    if tokens.take("vmap") { return try takeVerdicts(by: field) }
    if key.count > 1 {
      let set = tokens.pop()?.text ?? ""
      guard set.hasPrefix("@") else { throw Fault(why: said("a set should follow \(field)")) }
      rule.permission = ("\(table)/\(set.dropFirst())", key.contains("saddr"))
      return
    }
    var isNegated = tokens.take("!=")
    if tokens.take("!") { isNegated = true }
    _ = tokens.take("==")
    if field == "tcp flags" || field == "ct count" {
      // `tcp flags & (fin | rst) != 0`, `ct count over 100`.
      if field == "ct count", tokens.take("over"), let number = tokens.pop().flatMap({ Int($0.text) }) {
        limit = (number, false)
        return
      }
      rule.unknown.append(field)
      _ = skipFlags()
      return
    }
    // A mask: `ct mark & 0x2 == 0x2`, `ct status and assured == 0`.
    if tokens.isNext("&") || tokens.isNext("and") {
      _ = tokens.pop()
      let mask = tokens.pop()?.text ?? ""
      let isEqual = !tokens.take("!=")
      _ = tokens.take("==")
      let value = tokens.pop()?.text ?? ""
      let isZero = value.allSatisfy { $0 == "0" || $0 == "x" }
      try apply(field, [mask], isNegated: isEqual == isZero)
      return
    }
    try apply(field, values(), isNegated: isNegated)
  }

  /// The values of a condition: one, several with commas, those in braces or those of a set.
  private mutating func values() throws(Fault) -> [String] {
    guard let token = tokens.pop() else { throw Fault(why: said("a value is missing; was it cut off?")) }
    if token.text == "{" {
      guard let inner = tokens.block() else { throw Fault(why: said("a brace does not close")) }
      return NftablesReader.elements(inner).map { $0.key.joined(separator: " ") }
    }
    if token.text.hasPrefix("@"), let map = maps["\(table)/\(token.text.dropFirst())"] {
      return map.elements.map { $0.key.joined(separator: " ") }
    }
    var found = [token.text]
    while tokens.take(",") { if let next = tokens.pop() { found.append(next.text) } }
    return found
  }

  private mutating func skipValue() -> Bool {
    // `ct mark set 1`, `ct mark set ct mark or 2`, `ct mark set ct mark | 0x2`.
    if tokens.take("ct") || tokens.take("meta") {
      _ = tokens.take("mark")
      if tokens.take("or") || tokens.take("and") || tokens.take("|") || tokens.take("&") { _ = tokens.pop() }
      return true
    }
    return tokens.pop() != nil
  }

  private mutating func skipFlags() -> Bool {
    while let next = tokens.next?.text,
      ["&", "|", "(", ")", "==", "!=", ",", "/", "!", "fin", "syn", "rst", "psh", "ack", "urg", "0x0", "0"].contains(
        next)
    { _ = tokens.pop() }
    return true
  }

  /// Puts a condition into the rule.
  private mutating func apply(_ field: String, _ values: [String], isNegated: Bool) throws(Fault) {
    let shown = "\(field) \(isNegated ? "!= " : "")\(values.joined(separator: ","))"
    switch field {
    case "iifname", "iif": rule.inInterface = .init(values: values, isNegated: isNegated)
    case "oifname", "oif": rule.outInterface = .init(values: values, isNegated: isNegated)
    case "saddr", "daddr":
      var prefixes: [IPPrefix] = []
      for value in values {
        if let prefix = RuleValues.prefix(value) {
          prefixes.append(prefix)
        } else if let range = RuleValues.addresses(value), range.count <= RouterDraft.mostAddresses {
          prefixes += range.compactMap { IPPrefix(containing: $0, length: 32) }
        } else {
          throw Fault(why: said("'\(value)' is not an address"))
        }
      }
      let match = NetfilterRule.Match(values: prefixes, isNegated: isNegated)
      if field == "saddr" { rule.source = match } else { rule.destination = match }
    case "l4proto", "protocol":
      let known = values.compactMap { name in TransportProtocol.allCases.first { $0.name == name } }
      if values == ["ipv6-icmp"] { rule.isIPv6 = true }
      guard !isNegated, known.count == values.count else { return rule.unknown.append(shown) }
      rule.transports = known
    case "nfproto": if values == ["ipv6"] { rule.isIPv6 = true }
    case "dport":
      var ranges: [ClosedRange<UInt16>] = []
      for value in values {
        guard let range = RuleValues.ports(value, separator: "-") else {
          throw Fault(why: said("'\(value)' is not a port"))
        }
        ranges.append(range)
      }
      rule.ports = .init(values: ranges, isNegated: isNegated)
    case "ct state": rule.states = .init(values: values, isNegated: isNegated)
    case "ct status": rule.statuses = .init(values: values, isNegated: isNegated)
    case "fib": if values == ["local"], !isNegated { rule.isForRouter = true } else { rule.unknown.append(shown) }
    case "ip6": rule.isIPv6 = true
    case "ct direction": break
    default: rule.unknown.append(shown)
    }
  }

  /// `meta l4proto . ip saddr . th sport`, each part by a short name; nil if no field comes next.
  mutating func fields() -> [String]? {
    guard let first = field() else { return nil }
    var found = [first]
    while tokens.take(".") { found.append(field() ?? "?") }
    return found
  }

  private mutating func field() -> String? {
    let start = tokens
    guard let word = tokens.pop(), !word.isQuoted else {
      tokens = start
      return nil
    }
    switch word.text {
    case "meta": return field() ?? tokens.pop()?.text
    case "iifname", "iif", "oifname", "oif", "l4proto", "nfproto", "mark": return word.text
    case "ip", "ip6":
      if word.text == "ip6" { rule.isIPv6 = true }
      guard let name = tokens.pop()?.text else { break }
      return word.text == "ip" ? name : name == "saddr" || name == "daddr" ? "ip6" : "ip6 \(name)"
    case "tcp", "udp", "th":
      guard let name = tokens.pop()?.text else { break }
      if word.text != "th", let transport = TransportProtocol.allCases.first(where: { $0.name == word.text }) {
        rule.transports = [transport]
      }
      return name == "dport" || name == "sport" ? name : "\(word.text) \(name)"
    case "icmp":
      rule.transports = [.icmp]
      return "icmp \(tokens.pop()?.text ?? "")"
    case "icmpv6":
      rule.isIPv6 = true
      return "icmpv6 \(tokens.pop()?.text ?? "")"
    case "ct":
      guard let name = tokens.pop()?.text else { break }
      guard name == "original" || name == "reply" else { return "ct \(name)" }
      // `ct original ip saddr`, `ct original proto-src`
      _ = tokens.take("ip")
      guard let part = tokens.pop()?.text else { break }
      return ["saddr": "saddr", "proto-src": "sport", "daddr": "daddr", "proto-dst": "dport"][part] ?? part
    case "fib":
      // `fib daddr type local`
      guard tokens.take("daddr") || tokens.take("saddr"), tokens.take("type") else { break }
      return "fib"
    default: break
    }
    tokens = start
    return nil
  }

  /// `jhash ip saddr mod 2 vmap { 0 : jump a, 1 : jump b }`
  private mutating func takeSpread(_ word: String) throws(Fault) {
    while !tokens.isAtEnd, !tokens.isNext("{") { _ = tokens.pop() }
    guard tokens.take("{"), let inner = tokens.block() else {
      throw Fault(why: said("what '\(word)' chooses from is missing"))
    }
    let chains = NftablesReader.elements(inner).compactMap { element -> String? in
      guard let verb = element.value.first, verb == "jump" || verb == "goto" else { return nil }
      return element.value.dropFirst().first
    }
    if chains.isEmpty {
      rule.unknown.append(word)
    } else {
      // A hash keeps a host on one of them; numbers go round.
      verdict = .jump(chains, isSpread: word == "numgen")
    }
  }

  /// `ct state vmap { established : accept, invalid : drop }`: a rule for each element.
  private mutating func takeVerdicts(by field: String) throws(Fault) {
    var elements: [NetfilterMap.Element]
    if tokens.take("{") {
      guard let inner = tokens.block() else { throw Fault(why: said("a brace does not close")) }
      elements = NftablesReader.elements(inner)
    } else {
      let name = tokens.pop()?.text.dropFirst() ?? ""
      guard let map = maps["\(table)/\(name)"] else { throw Fault(why: said("there is no map \(name) above it")) }
      elements = map.elements
    }
    let start = rule
    for element in elements {
      rule = start
      rule.line = element.line
      try apply(field, [element.key.joined(separator: " ")], isNegated: false)
      switch element.value.first {
      case "accept": rule.action = .accept
      case "drop": rule.action = .drop
      case "return", "continue": rule.action = .leave
      case "jump", "goto": rule.action = .jump(element.value.dropFirst().map { $0 }, isSpread: false)
      default: rule.action = .other(element.value.joined(separator: " "))
      }
      branches.append(rule)
    }
    rule = start
  }
}
