// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Reads what `iptables-save` prints.
struct IptablesReader {
  private var chains = NetfilterChains()
  private var table: (name: String, line: Int)?
  private var isIPv6 = false
  /// Lines between which the rules are ip6tables' own, although no comment says so.
  private var linesOfIPv6: [ClosedRange<Int>] = []

  static func read(_ lines: [SourceLine]) throws(RulesetFault) -> RouterDraft {
    var reader = IptablesReader()
    reader.linesOfIPv6 = tablesOfIPv6(lines)
    for line in lines { try reader.take(line) }
    if let table = reader.table { throw .truncated(line: table.line, what: said("the table \(table.name)")) }
    return try NetfilterInterpreter.draft(of: reader.chains, kind: .iptables)
  }

  /// From `*` to `COMMIT`, where a rule has something that only IPv6 has.
  private static func tablesOfIPv6(_ lines: [SourceLine]) -> [ClosedRange<Int>] {
    let marks = ["ipv6-icmp", "icmpv6", "icmp6", "::/", "/128 ", " --hl-", " -m ipv6header", " -m rt "]
    var found: [ClosedRange<Int>] = []
    var start = 0
    var isOfIPv6 = false
    for line in lines {
      if line.text.hasPrefix("*") { (start, isOfIPv6) = (line.number, false) }
      if line.text.hasPrefix("-"), marks.contains(where: line.text.contains) { isOfIPv6 = true }
      if line.text == "COMMIT", isOfIPv6 { found.append(start...line.number) }
    }
    return found
  }

  private mutating func take(_ line: SourceLine) throws(RulesetFault) {
    guard let first = line.text.first else { return }
    if first == "#" {
      if line.text.contains("tables-save") { isIPv6 = line.text.contains("ip6tables-save") }
      return
    }
    if chains.takeParameter(line) { return }
    if first == "*" {
      if let table { throw .truncated(line: table.line, what: said("the table \(table.name)")) }
      let isOfIPv6 = isIPv6 || linesOfIPv6.contains { $0.contains(line.number) }
      table = ((isOfIPv6 ? "ip6 " : "") + line.text.dropFirst(), line.number)
      return
    }
    guard let table else { throw foreign(line) }
    if line.text == "COMMIT" {
      self.table = nil
    } else if first == ":" {
      try declare(line, in: table.name)
    } else {
      var words = ArraySlice(line.text.words)
      if words.first?.hasPrefix("[") == true { words = words.dropFirst() }
      guard let verb = words.first, ["-A", "-I", "--append", "--insert"].contains(verb) else { throw foreign(line) }
      guard let name = words.dropFirst().first else {
        throw .broken(line: line.number, text: String(line.text), why: said("the name of a chain is missing"))
      }
      let key = "\(table.name)/\(name)"
      guard chains.chains[key] != nil else {
        throw .broken(line: line.number, text: String(line.text), why: said("there is no chain \(name) in this table"))
      }
      var reader = IptablesRuleReader(line, words.dropFirst(2), isIPv6: table.name.hasPrefix("ip6 "))
      let rule = try reader.read()
      if verb == "-I" || verb == "--insert" {
        chains.chains[key]?.rules.insert(rule, at: 0)
      } else {
        chains.chains[key]?.rules.append(rule)
      }
    }
  }

  /// `:FORWARD DROP [0:0]`
  private mutating func declare(_ line: SourceLine, in table: String) throws(RulesetFault) {
    let words = line.text.dropFirst().words
    guard words.count >= 2 else {
      throw .broken(line: line.number, text: String(line.text), why: said("a chain has a name and a policy, or '-'"))
    }
    let key = "\(table)/\(words[0])"
    var chain = NetfilterChains.Chain(line: line.number)
    chain.hook = words[1] == "-" ? nil : NetfilterChains.Hook(rawValue: words[0].lowercased())
    chain.type = table.hasPrefix("ip6 ") ? String(table.dropFirst(4)) : table
    if chains.chains[key] != nil { chain.rules = chains.chains[key]?.rules ?? [] } else { chains.order.append(key) }
    chain.drops = words[1] == "DROP"
    chains.chains[key] = chain
  }

  private func foreign(_ line: SourceLine) -> RulesetFault {
    .foreign(
      line: line.number, text: String(line.text), kind: .iptables, looksLike: RulesetKind.guess(from: [line]))
  }
}

/// Reads the options of one rule.
private struct IptablesRuleReader {
  private let line: SourceLine
  private var words: ArraySlice<String>
  private var rule: NetfilterRule
  private var target = ""
  private var translation = NetfilterRule.Translation()
  private var hasTranslation = false
  private var netmap: IPPrefix?
  private var rejection = "icmp-port-unreachable"
  private var helper: String?
  private var limit: Int?
  private var mask = 32

  init(_ line: SourceLine, _ words: ArraySlice<String>, isIPv6: Bool) {
    self.line = line
    self.words = words
    rule = NetfilterRule(line: line.number)
    rule.isIPv6 = isIPv6
  }

  /// Options that say nothing about which packets, or that every packet of natsh's meets.
  private static let harmless: Set<String> = [
    "--comment", "--log-prefix", "--log-level", "--limit", "--limit-burst", "--reject-with", "--nflog-prefix",
    "--nflog-group", "--set-counters", "-c",
  ]

  mutating func read() throws(RulesetFault) -> NetfilterRule {
    while let option = words.popFirst() {
      var isNegated = false
      var option = option
      if option == "!" {
        isNegated = true
        option = try value(of: "!")
      }
      try take(option, isNegated: isNegated)
    }
    rule.action = action
    return rule
  }

  private mutating func value(of option: String) throws(RulesetFault) -> String {
    guard let value = words.popFirst() else {
      throw .broken(
        line: line.number, text: String(line.text), why: said("\(option) needs a value; was the line cut off?"))
    }
    return value
  }

  private func bad(_ option: String, _ value: String) -> RulesetFault {
    .broken(line: line.number, text: String(line.text), why: said("'\(value)' cannot follow \(option)"))
  }

  private mutating func take(_ option: String, isNegated: Bool) throws(RulesetFault) {
    switch option {
    case "-i", "--in-interface": rule.inInterface = .init(values: [try value(of: option)], isNegated: isNegated)
    case "-o", "--out-interface": rule.outInterface = .init(values: [try value(of: option)], isNegated: isNegated)
    case "-s", "--source", "--src": rule.source = .init(values: try prefixes(option), isNegated: isNegated)
    case "-d", "--destination", "--dst": rule.destination = .init(values: try prefixes(option), isNegated: isNegated)
    case "-p", "--protocol": try takeProtocol(option, isNegated: isNegated)
    case "-m", "--match": _ = try value(of: option)
    case "--dport", "--destination-port", "--dports", "--destination-ports":
      let text = try value(of: option)
      var ranges: [ClosedRange<UInt16>] = []
      for part in text.split(separator: ",") {
        guard let range = RuleValues.ports(part, separator: ":") else { throw bad(option, text) }
        ranges.append(range)
      }
      rule.ports = .init(values: ranges, isNegated: isNegated)
    case "--state", "--ctstate":
      let states = try value(of: option).lowercased().split(separator: ",").map(String.init)
      let isStatus = states.contains { $0 == "dnat" || $0 == "snat" }
      let match = NetfilterRule.Match(values: states, isNegated: isNegated)
      if isStatus { rule.statuses = match } else { rule.states = match }
    case "--dst-type":
      let type = try value(of: option)
      if type == "LOCAL", !isNegated { rule.isForRouter = true } else { rule.unknown.append("\(option) \(type)") }
    case "--pol":
      let policy = try value(of: option)
      if policy != "none" { rule.unknown.append("\(option) \(policy)") }
    case "--dir": _ = try value(of: option)
    case "-j", "--jump", "-g", "--goto": target = try value(of: option)
    case "--to-source", "--to-destination": try takeTranslation(option)
    case "--to-ports":
      let text = try value(of: option)
      guard let ports = RuleValues.ports(text, separator: "-") else { throw bad(option, text) }
      translation.ports = ports
    case "--to":
      let text = try value(of: option)
      guard let prefix = RuleValues.prefix(text) else { throw bad(option, text) }
      netmap = prefix
    case "--random", "--random-fully": translation.isRandom = true
    case "--persistent": translation.isPersistent = true
    case "--clamp-mss-to-pmtu": break
    case "--set-mss": _ = try value(of: option)
    case "--reject-with": rejection = try value(of: option)
    case "--helper": helper = try value(of: option)
    case "--connlimit-above": limit = try number(option)
    case "--connlimit-mask": mask = try number(option)
    case "--connlimit-saddr": break
    default: takeOther(option, isNegated: isNegated)
    }
  }

  private mutating func number(_ option: String) throws(RulesetFault) -> Int {
    let text = try value(of: option)
    guard let number = Int(text), number >= 0 else { throw bad(option, text) }
    return number
  }

  private mutating func takeProtocol(_ option: String, isNegated: Bool) throws(RulesetFault) {
    let name = try value(of: option).lowercased()
    if name == "all" || name == "0" { return }
    let numbers = ["6": "tcp", "17": "udp", "1": "icmp"]
    if !isNegated, let known = TransportProtocol.allCases.first(where: { $0.name == numbers[name] ?? name }) {
      rule.transports = [known]
    } else {
      rule.unknown.append("\(isNegated ? "! " : "")-p \(name)")
    }
  }

  private mutating func prefixes(_ option: String) throws(RulesetFault) -> [IPPrefix] {
    let text = try value(of: option)
    var prefixes: [IPPrefix] = []
    for part in text.split(separator: ",") {
      guard let prefix = RuleValues.prefix(part) else { throw bad(option, text) }
      prefixes.append(prefix)
    }
    return prefixes
  }

  /// `203.0.113.5-203.0.113.8:1024-65535`
  private mutating func takeTranslation(_ option: String) throws(RulesetFault) {
    let text = try value(of: option)
    hasTranslation = true
    if text.hasPrefix("[") {
      rule.isIPv6 = true
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if let first = parts.first, !first.isEmpty {
      guard let addresses = RuleValues.addresses(first) else { throw bad(option, text) }
      translation.addresses += addresses
    }
    guard parts.count == 2 else { return }
    // A base port after a slash: `5000-5010/6000`.
    guard let ports = RuleValues.ports(parts[1].prefix { $0 != "/" }, separator: "-") else { throw bad(option, text) }
    if parts[1].contains("/") { rule.unknown.append(said("the base port in \(text)")) }
    translation.ports = ports
  }

  /// An option that natsh has nothing for, with its values.
  private mutating func takeOther(_ option: String, isNegated: Bool) {
    var text = (isNegated ? "! " : "") + option
    while let next = words.first, next != "!", !next.hasPrefix("-") {
      text += " " + next
      words = words.dropFirst()
    }
    if !Self.harmless.contains(option) { rule.unknown.append(text) }
  }

  private var action: NetfilterRule.Action {
    if let limit, target == "DROP" || target == "REJECT" { return .count(above: limit, perHost: mask == 32) }
    switch target {
    case "": return .nothing
    case "ACCEPT": return .accept
    case "DROP": return .drop
    case "REJECT": return .reject(with: rejection)
    case "MASQUERADE": return .masquerade(translation)
    case "SNAT": return hasTranslation ? .source(translation) : .other(said("SNAT without --to-source"))
    case "DNAT": return hasTranslation ? .destination(translation) : .other(said("DNAT without --to-destination"))
    case "NETMAP": return netmap.map { .netmap($0) } ?? .other(said("NETMAP without --to"))
    case "REDIRECT": return .redirect
    case "FULLCONENAT": return .fullCone
    case "RETURN": return .leave
    case "TCPMSS": return .clampMSS
    case "CT": return helper.map { .help($0) } ?? .untrack
    case "NOTRACK": return .untrack
    case "LOG", "NFLOG", "ULOG": return .nothing
    case "MARK", "CONNMARK": return .other(target)
    case _ where Self.otherTargets.contains(target): return .other(target)
    default: return .jump([target], isSpread: false)
    }
  }

  /// The kernel's targets for which natsh has nothing.
  private static let otherTargets: Set<String> = [
    "TPROXY", "TOS", "DSCP", "TTL", "HL", "QUEUE", "NFQUEUE", "CLASSIFY", "SET", "TEE", "SYNPROXY", "CHECKSUM",
  ]
}
