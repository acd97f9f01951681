// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Reads what `nft list ruleset` prints, and files for `nft -f`.
struct NftablesReader {
  private var chains = NetfilterChains()
  private let lines: [SourceLine]

  static func read(_ lines: [SourceLine]) throws(RulesetFault) -> RouterDraft {
    var reader = NftablesReader(lines: lines)
    var rest: [SourceLine] = []
    for line in lines where !reader.chains.takeParameter(line) { rest.append(line) }
    try reader.readFile(NftablesTokens(rest))
    return try NetfilterInterpreter.draft(of: reader.chains, kind: .nft)
  }

  private init(lines: [SourceLine]) { self.lines = lines }

  private func text(_ line: Int) -> String { lines.indices.contains(line - 1) ? String(lines[line - 1].text) : "" }

  private func broken(_ line: Int, _ why: String) -> RulesetFault { .broken(line: line, text: text(line), why: why) }

  private mutating func readFile(_ tokens: NftablesTokens) throws(RulesetFault) {
    var tokens = tokens
    tokens.skipNewlines()
    while let token = tokens.next {
      if tokens.take("table") {
        try readTable(&tokens, line: token.line)
      } else if tokens.take("flush") || tokens.take("define") {
        _ = tokens.statement()
      } else if tokens.take("include") {
        _ = tokens.statement()
        chains.unread.append((token.line, said("what stands in another file is not read")))
      } else if tokens.take("add") || tokens.take("create") {
        try readAddition(&tokens, line: token.line)
      } else {
        let line = SourceLine(number: token.line, text: Substring(text(token.line)))
        throw .foreign(line: token.line, text: text(token.line), kind: .nft, looksLike: RulesetKind.guess(from: [line]))
      }
      tokens.skipNewlines()
    }
  }

  private static let families: Set<String> = ["ip", "ip6", "inet", "arp", "bridge", "netdev"]

  /// Families of tables that packets meet below IP.
  private static let familiesBelowIP = ["arp", "bridge", "netdev"]

  /// `inet filter`: the family, which may be left out, and the name.
  private func tableName(_ tokens: inout NftablesTokens, line: Int) throws(RulesetFault) -> String {
    let first = tokens.pop()?.text ?? ""
    guard Self.families.contains(first) else { return "ip \(first)" }
    guard let name = tokens.pop()?.text, name != NftablesTokens.newline else {
      throw broken(line, said("the table's name is missing"))
    }
    return "\(first) \(name)"
  }

  private mutating func readTable(_ tokens: inout NftablesTokens, line: Int) throws(RulesetFault) {
    let table = try tableName(&tokens, line: line)
    guard tokens.take("{") else {
      if tokens.isNext(NftablesTokens.newline) || tokens.isAtEnd { return }
      throw broken(line, said("'{' should follow the table's name"))
    }
    guard var body = tokens.block() else { throw .truncated(line: line, what: said("a table")) }
    if table == "ip natsh" || table == "inet natsh" { chains.isExport = true }
    body.skipNewlines()
    while let token = body.next {
      if body.take("chain") {
        let name = try self.name(&body, line: token.line)
        guard body.take("{"), let inner = body.block() else {
          throw .truncated(line: token.line, what: said("a chain"))
        }
        try readChain(name, inner, table, line: token.line)
      } else if body.take("ct") {
        try readHelper(&body, line: token.line)
      } else if body.take("map") || body.take("set") {
        let name = try self.name(&body, line: token.line)
        guard body.take("{"), let inner = body.block() else { throw .truncated(line: token.line, what: said("a set")) }
        readMap("\(table)/\(name)", inner)
      } else {
        let statement = body.statement()
        if statement.isEmpty { throw broken(token.line, said("this belongs to no table")) }
      }
      body.skipNewlines()
    }
  }

  /// `ct helper voice { type "sip" protocol udp; l3proto ip; }`, and other objects of connection tracking.
  private mutating func readHelper(_ tokens: inout NftablesTokens, line: Int) throws(RulesetFault) {
    let isHelper = tokens.take("helper")
    if !isHelper { _ = tokens.pop() }
    let name = try self.name(&tokens, line: line)
    guard tokens.take("{"), var inner = tokens.block() else { throw .truncated(line: line, what: said("an object")) }
    guard isHelper else { return }
    inner.skipNewlines()
    while !inner.isAtEnd {
      if inner.take("type"), let type = inner.pop()?.text { chains.helpers[name] = type }
      if inner.pop() == nil { break }
    }
  }

  private func name(_ tokens: inout NftablesTokens, line: Int) throws(RulesetFault) -> String {
    guard let name = tokens.pop()?.text, !["{", NftablesTokens.newline].contains(name) else {
      throw broken(line, said("a name is missing"))
    }
    return name
  }

  /// `add rule ip nat postrouting oifname "wan" masquerade`, and the same for tables and chains.
  private mutating func readAddition(_ tokens: inout NftablesTokens, line: Int) throws(RulesetFault) {
    if tokens.take("table") { return try readTable(&tokens, line: line) }
    if tokens.take("chain") {
      let table = try tableName(&tokens, line: line)
      let name = try self.name(&tokens, line: line)
      guard tokens.take("{") else {
        return try readChain(name, NftablesTokens([NftablesTokens.Token]()), table, line: line)
      }
      guard let inner = tokens.block() else { throw .truncated(line: line, what: said("a chain")) }
      return try readChain(name, inner, table, line: line)
    }
    guard tokens.take("rule") else {
      let what = tokens.statement().first?.text ?? ""
      chains.unread.append((line, said("'add \(what)' is not read; `nft list ruleset` shows what it adds to")))
      return
    }
    let table = try tableName(&tokens, line: line)
    let key = "\(table)/\(try name(&tokens, line: line))"
    guard chains.chains[key] != nil else { throw broken(line, said("there is no such chain above it")) }
    try addRule(tokens.statement(), to: key, table)
  }

  private mutating func readChain(
    _ name: String, _ tokens: NftablesTokens, _ table: String, line: Int
  ) throws(RulesetFault) {
    var tokens = tokens
    let key = "\(table)/\(name)"
    if chains.chains[key] == nil {
      chains.chains[key] = NetfilterChains.Chain(line: line)
      chains.order.append(key)
    }
    tokens.skipNewlines()
    while let token = tokens.next {
      let statement = tokens.statement()
      let words = statement.map(\.text)
      if words.first == "type", let hook = words.firstIndex(of: "hook"), words.indices.contains(hook + 1) {
        chains.chains[key]?.hook = NetfilterChains.Hook(rawValue: words[hook + 1])
        chains.chains[key]?.type = words.indices.contains(1) ? words[1] : ""
        if Self.familiesBelowIP.contains(where: { table.hasPrefix($0 + " ") }) { chains.chains[key]?.hook = .ingress }
      } else if words.first == "policy" {
        chains.chains[key]?.drops = words.dropFirst().first == "drop"
      } else if words.first == "comment" {
        // Says nothing about packets.
      } else if statement.isEmpty {
        throw broken(token.line, said("a brace closes what is not open"))
      } else {
        try addRule(statement, to: key, table)
      }
      tokens.skipNewlines()
    }
  }

  private mutating func addRule(
    _ statement: [NftablesTokens.Token], to key: String, _ table: String
  ) throws(RulesetFault) {
    guard let line = statement.first?.line else { return }
    var reader = NftablesRuleReader(statement, table: table, maps: chains.maps)
    do throws(NftablesRuleReader.Fault) {
      chains.chains[key]?.rules += try reader.rules()
    } catch {
      throw broken(line, error.why)
    }
  }

  private mutating func readMap(_ key: String, _ tokens: NftablesTokens) {
    var tokens = tokens
    var map = NetfilterMap()
    tokens.skipNewlines()
    while !tokens.isAtEnd {
      var statement = NftablesTokens(tokens.statement())
      if statement.take("flags") {
        while let token = statement.pop() { if token.text == "dynamic" { map.isDynamic = true } }
      } else if statement.take("elements"), statement.take("="), statement.take("{"), let inner = statement.block() {
        map.elements = Self.elements(inner)
      }
      tokens.skipNewlines()
    }
    chains.maps[key] = map
  }

  /// `a . b : c . d, e . f : g . h`
  static func elements(_ tokens: NftablesTokens) -> [NetfilterMap.Element] {
    var tokens = tokens
    var elements: [NetfilterMap.Element] = []
    var element = NetfilterMap.Element(line: tokens.line, key: [], value: [])
    var hasColon = false
    var isDetail = false
    func add(_ found: inout [NetfilterMap.Element]) {
      if !element.key.isEmpty { found.append(element) }
    }
    while let token = tokens.pop() {
      switch token.text {
      case NftablesTokens.newline, ".": continue
      case ",":
        add(&elements)
        element = NetfilterMap.Element(line: tokens.line, key: [], value: [])
        (hasColon, isDetail) = (false, false)
      case ":":
        hasColon = true
        isDetail = false
      case "timeout", "expires", "counter", "comment": isDetail = true
      default:
        if isDetail { continue }
        if element.key.isEmpty { element.line = token.line }
        if hasColon { element.value.append(token.text) } else { element.key.append(token.text) }
      }
    }
    add(&elements)
    return elements
  }
}
