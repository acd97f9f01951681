// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Reads one rule of nftables: its conditions, then its statements.
struct NftablesRuleReader {
  struct Fault: Error {
    var why: String
  }

  var tokens: NftablesTokens
  let table: String
  let maps: [String: NetfilterMap]
  var rule: NetfilterRule
  var verdict: NetfilterRule.Action?
  private var memory: NetfilterRule.Action?
  var limit: (above: Int, perHost: Bool)?
  /// Rules that the elements of a verdict map stand for.
  var branches: [NetfilterRule] = []

  init(_ statement: [NftablesTokens.Token], table: String, maps: [String: NetfilterMap]) {
    tokens = NftablesTokens(statement)
    self.table = table
    self.maps = maps
    rule = NetfilterRule(line: statement.first?.line ?? 0)
    rule.isIPv6 = table.hasPrefix("ip6 ")
  }

  mutating func rules() throws(Fault) -> [NetfilterRule] {
    while let token = tokens.pop() { try take(token) }
    if !branches.isEmpty { return branches }
    rule.action = verdict ?? memory ?? .nothing
    if let limit {
      switch verdict {
      case .drop, .reject: rule.action = .count(above: limit.above, perHost: limit.perHost)
      default: rule.unknown.append("ct count")
      }
    }
    return [rule]
  }

  private mutating func word(after what: String) throws(Fault) -> String {
    guard let token = tokens.pop() else {
      throw Fault(why: said("something is missing after '\(what)'; was it cut off?"))
    }
    return token.text
  }

  // MARK: Statements

  private mutating func take(_ token: NftablesTokens.Token) throws(Fault) {
    switch token.text {
    case "accept": verdict = .accept
    case "drop": verdict = .drop
    case "return": verdict = .leave
    case "continue", "notrack": verdict = token.text == "notrack" ? .untrack : verdict
    case "reject":
      var words: [String] = []
      while let next = tokens.next, next.text != "comment" {
        words.append(next.text)
        _ = tokens.pop()
      }
      verdict = .reject(with: words.joined(separator: " "))
    case "jump", "goto": verdict = .jump([try word(after: token.text)], isSpread: false)
    case "masquerade":
      var translation = NetfilterRule.Translation()
      if tokens.take("to") {
        _ = tokens.take(":")
        try takePorts(&translation)
      }
      takeFlags(&translation)
      verdict = .masquerade(translation)
    case "snat", "dnat": try takeTranslation(isSource: token.text == "snat")
    case "redirect":
      _ = tokens.statement()
      verdict = .redirect
    case "fullcone": verdict = .fullCone
    case "update", "add": try takeMemory()
    case "counter":
      if tokens.take("packets") {
        _ = tokens.pop()
        if tokens.take("bytes") { _ = tokens.pop() }
      }
    case "log":
      while let next = tokens.next, !["accept", "drop", "reject", "jump", "return"].contains(next.text) {
        _ = tokens.pop()
      }
    case "limit":
      // `limit rate 10/second burst 5 packets`: a limit says how many, not which.
      _ = tokens.take("rate")
      while let next = tokens.next,
        next.text == "over" || next.text == "burst" || next.text == "packets"
          || next.text == "bytes" || next.text.first?.isNumber == true || next.text.hasPrefix("/")
      { _ = tokens.pop() }
      rule.unknown.append(said("limit rate"))
    case "tcp" where tokens.isNext("option"):
      // `tcp option maxseg size set rt mtu`
      let words = tokens.statement().map(\.text)
      verdict =
        words.contains("maxseg") && words.contains("set") ? .clampMSS : .other("tcp " + words.joined(separator: " "))
    case "ct" where tokens.isNext("helper"):
      // `ct helper set "ftp"`
      verdict = .help(tokens.statement().last?.text ?? "")
    case "comment": _ = tokens.pop()
    case "flow":
      _ = tokens.statement()
    default: try takeCondition(token)
    }
  }

  /// `to 203.0.113.5:1024-65535 fully-random`, `to meta l4proto . ip saddr . th sport map @outbound`
  private mutating func takeTranslation(isSource: Bool) throws(Fault) {
    if tokens.take("ip6") { rule.isIPv6 = true }
    _ = tokens.take("ip")
    let isPrefix = tokens.take("prefix")
    _ = tokens.take("to")
    var translation = NetfilterRule.Translation()
    guard let first = tokens.next else { throw Fault(why: said("the address is missing; was it cut off?")) }
    if first.text == ":" {
      _ = tokens.pop()
      try takePorts(&translation)
    } else if let addresses = RuleValues.addresses(first.text), addresses.first?.isIPv4 == true {
      _ = tokens.pop()
      translation.addresses = addresses
      if isPrefix, let prefix = RuleValues.prefix(first.text) {
        verdict = .netmap(prefix)
        return
      }
      if tokens.take(":") || (tokens.isNext(".") && tokens.take(".")) { try takePorts(&translation) }
    } else if rule.isIPv6 || first.text.contains("::") {
      rule.isIPv6 = true
      _ = tokens.statement()
    } else {
      return try takeLookup(isSource: isSource)
    }
    takeFlags(&translation)
    verdict = isSource ? .source(translation) : .destination(translation)
  }

  private mutating func takeLookup(isSource: Bool) throws(Fault) {
    guard let key = fields() else {
      verdict = .other(
        said("\(isSource ? said("snat") : said("dnat")) to \(tokens.statement().map(\.text).joined(separator: " "))"))
      return
    }
    guard tokens.take("map") else { throw Fault(why: said("'map' should follow \(key.joined(separator: " . "))")) }
    var lookup = NetfilterRule.Lookup(key: key)
    if tokens.take("{") {
      guard let inner = tokens.block() else { throw Fault(why: said("a brace does not close")) }
      lookup.elements = NftablesReader.elements(inner)
    } else {
      let name = try word(after: "map").drop { $0 == "@" }
      lookup.name = "\(table)/\(name)"
      guard maps["\(table)/\(name)"] != nil else { throw Fault(why: said("there is no map \(name) above it")) }
    }
    verdict = isSource ? .sourceByMap(lookup) : .destinationByMap(lookup)
  }

  private mutating func takePorts(_ translation: inout NetfilterRule.Translation) throws(Fault) {
    guard let token = tokens.pop() else { throw Fault(why: said("the port is missing; was it cut off?")) }
    if token.text == "numgen" {
      // `numgen inc mod 3536 map { 0 : 62000, 1 : 62001, … }`
      let isSequence = tokens.take("inc")
      while !tokens.isAtEnd, !tokens.isNext("{") { _ = tokens.pop() }
      guard tokens.take("{"), let inner = tokens.block() else { throw Fault(why: said("a brace does not close")) }
      let ports = NftablesReader.elements(inner).compactMap { $0.value.first.flatMap { UInt16($0) } }
      guard let first = ports.first else { throw Fault(why: said("the numbered ports are missing")) }
      let follows = zip(ports, ports.dropFirst()).allSatisfy { Int($0) + 1 == Int($1) }
      if isSequence, follows {
        translation.firstInSequence = first
      } else {
        translation.ports = (ports.min() ?? first)...(ports.max() ?? first)
        translation.isRandom = true
      }
      return
    }
    // `$(ports 62000 3536)` of an exported script.
    guard let ports = RuleValues.ports(token.text, separator: "-") else {
      throw Fault(why: said("'\(token.text)' is not a port"))
    }
    translation.ports = ports
  }

  private mutating func takeFlags(_ translation: inout NetfilterRule.Translation) {
    while let next = tokens.next?.text, ["random", "fully-random", "persistent", ","].contains(next) {
      if next.hasSuffix("random") { translation.isRandom = true }
      if next == "persistent" { translation.isPersistent = true }
      _ = tokens.pop()
    }
  }

  /// `update @outbound { meta l4proto . ip saddr … timeout 5m : … }`, `add @crowded { ip saddr ct count over 9 }`
  private mutating func takeMemory() throws(Fault) {
    let name = try word(after: "update").drop { $0 == "@" }
    guard tokens.take("{"), var inner = tokens.block() else {
      throw Fault(why: said("what it adds to @\(name) is missing"))
    }
    swap(&inner, &tokens)
    let key = fields() ?? []
    var timeout: Interval?
    if tokens.take("timeout"), let text = tokens.pop()?.text { timeout = Self.duration(text) }
    if tokens.take("ct"), tokens.take("count"), tokens.take("over"), let number = tokens.pop().flatMap({ Int($0.text) })
    {
      limit = (number, key.contains("saddr"))
    }
    swap(&inner, &tokens)
    memory = .remember(in: "\(table)/\(name)", key: key, timeout: timeout)
  }

  /// `5m`, `2h4m`, `300s`
  private static func duration(_ text: String) -> Interval? {
    var milliseconds: Int64 = 0
    var digits = ""
    var unit = ""
    let units: [String: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1]
    func part() -> Int64? {
      guard let number = Int64(digits), number < 1 << 32, let size = units[unit] else { return nil }
      return number * size
    }
    for character in text {
      if character.isNumber, !unit.isEmpty {
        guard let part = part() else { return nil }
        milliseconds += part
        (digits, unit) = ("", "")
      }
      if character.isNumber { digits.append(character) } else { unit.append(character) }
    }
    guard let last = part() else { return nil }
    return .milliseconds(milliseconds + last)
  }
}
