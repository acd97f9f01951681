// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Reads a pf.conf: the rules of FreeBSD (`nat on … -> …`) and those of OpenBSD (`match out … nat-to …`).
struct PacketFilterReader {
  var draft = RouterDraft(base: .symmetric)
  /// The values of macros and tables, as text.
  private var macros: [String: String] = [:]
  private var tables: [String: [String]] = [:]
  var interfaces = PacketFilterInterfaces([], { [$0] })
  /// The statements, with the values of macros.
  private var statements: [(line: SourceLine, words: PacketFilterWords)] = []
  var translates = false
  /// The outside addresses that hosts share, none if they are an interface's; nil as long as no rule gives any.
  var sharedAddresses: [IPAddress]?
  /// The outside addresses of single hosts, by the host.
  var ownAddresses: [IPAddress: (line: Int, address: IPAddress)] = [:]
  /// The lines that pair addresses, and those that translate some protocols alone.
  var pairs: [Int] = []
  var limitedLines: [Int] = []
  var translatedProtocols: Set<String> = []
  /// The rules that translate destinations for packets from inside alone.
  var turned: [(line: Int, forwards: [RouterDraft.Forward.What])] = []
  /// The rules that pass packets on as they are.
  var passes: [(line: SourceLine, words: PacketFilterWords)] = []
  /// The line that translates packets for a host inside that come from inside.
  var turning: Int?
  var redirectsInside = false
  var blocks: Int?
  /// Whether the rule that blocks is final, and whether rules block what comes from inside.
  var blocksAtOnce = false
  var blocksOutwards = false
  var blocksByReturn = false
  private var timeouts: [String: (line: Int, seconds: Int64)] = [:]

  static func read(_ lines: [SourceLine]) throws(RulesetFault) -> RouterDraft {
    var reader = PacketFilterReader()
    reader.begin()
    var pending: [String] = []
    var first: SourceLine?
    var depth = 0
    for line in lines {
      let text = Self.withoutComment(line.text)
      depth += text.count { $0 == "{" } - text.count { $0 == "}" }
      if depth < 0 {
        throw .broken(line: line.number, text: String(line.text), why: said("a brace closes that is not open"))
      }
      let goesOn = text.hasSuffix("\\")
      pending.append(goesOn ? String(text.dropLast()) : text)
      first = first ?? line
      guard !goesOn, depth == 0, let start = first else { continue }
      let whole = pending.joined(separator: " ").trimmed
      (pending, first) = ([], nil)
      if !whole.isEmpty { reader.collect(SourceLine(number: start.number, text: whole)) }
    }
    reader.interfaces = PacketFilterInterfaces(reader.statements.map(\.words), reader.members)
    for (line, words) in reader.statements { try reader.take(line, words) }
    if let first { throw .truncated(line: first.number, what: depth > 0 ? said("a list in braces") : said("a rule")) }
    try reader.finish(lines)
    return reader.draft
  }

  private static func withoutComment(_ text: Substring) -> String {
    var isQuoted = false
    var shown = ""
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == "#", !isQuoted { break }
      shown.append(character)
    }
    return String(shown.trimmed)
  }

  /// pf keeps a state for each flow, draws ports from 50001 up, and lets both sides keep a state alive.
  private mutating func begin() {
    draft.behavior.portAssignment = .random(50_001...65_535)
    draft.behavior.refresh = .both
    draft.behavior.rejection = .asHost
    apply(Self.defaults)
  }

  private mutating func apply(_ seconds: [String: Int64]) {
    for (name, value) in seconds { timeouts[name] = (0, value) }
  }

  // MARK: Statements

  /// Notes what a macro or a table stands for, and keeps any other statement for later.
  private mutating func collect(_ line: SourceLine) {
    if let equals = line.text.firstIndex(of: "="),
      line.text[..<equals].trimmed.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    {
      let value = line.text[line.text.index(after: equals)...].trimmed
      macros[String(line.text[..<equals].trimmed)] = expanded(String(value.filter { $0 != "\"" }))
      return
    }
    let words = PacketFilterWords(expanded(String(line.text)))
    if words.first == "table", words.words.dropFirst().first?.hasPrefix("<") == true { takeTable(words) }
    if words.first != nil { statements.append((line, words)) }
  }

  private mutating func take(_ line: SourceLine, _ words: PacketFilterWords) throws(RulesetFault) {
    guard let verb = words.first else { return }
    switch verb {
    case "set": takeOption(line, words)
    case "table" where words.words.dropFirst().first?.hasPrefix("<") == true:
      if words.has("file") {
        draft.notes.unread(line.number, said("what stands in another file or anchor is not read"))
      }
    case "nat", "rdr", "binat", "no", "match", "pass": try takeTranslation(line, words)
    case "block": takeBlock(line, words)
    case "scrub": noteScrub(line, words)
    case "anchor", "nat-anchor", "rdr-anchor", "binat-anchor", "load", "include":
      draft.notes.unread(line.number, said("what stands in another file or anchor is not read"))
    case "antispoof", "queue", "altq", "ethernet", "ether", "dummynet-anchor", "fairq":
      draft.notes.unread(line.number, said("'\(verb)' has no counterpart"))
    default:
      throw .foreign(
        line: line.number, text: String(line.text), kind: .pf,
        looksLike: RulesetKind.guess(from: [line]).flatMap { $0 == .pf ? nil : $0 })
    }
  }

  /// The text with macros' values in the places of their names.
  private func expanded(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let name = rest[rest.index(after: dollar)...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest = rest[name.endIndex...]
      result += macros[String(name)] ?? "$\(name)"
    }
    return result + rest
  }

  /// The addresses that a word stands for: itself, or a table's.
  func members(of word: String) -> [String] {
    guard word.hasPrefix("<"), word.hasSuffix(">") else { return [word] }
    return tables[String(word.dropFirst().dropLast())] ?? []
  }

  private mutating func takeTable(_ words: PacketFilterWords) {
    guard let name = words.words.dropFirst().first, name.hasPrefix("<") else { return }
    let members = words.words.drop { $0 != "{" }.dropFirst().prefix { $0 != "}" }
    tables[String(name.dropFirst().dropLast())] = members.filter { $0 != "," }
  }

  /// Takes `max-mss SIZE`; whether it stands there.
  mutating func noteClamping(_ line: SourceLine, _ words: PacketFilterWords) -> Bool {
    guard words.has("max-mss") else { return false }
    draft.clampSegmentSize(line.number, to: words.word(after: "max-mss"))
    return true
  }

  private mutating func noteScrub(_ line: SourceLine, _ words: PacketFilterWords) {
    if !noteClamping(line, words) {
      draft.notes.unread(line.number, said("natsh passes packets on as they are"))
    }
  }

  // MARK: Options

  private mutating func takeOption(_ line: SourceLine, _ words: PacketFilterWords) {
    switch words.words.dropFirst().first {
    case "timeout":
      var rest = words.words.dropFirst(2).filter { $0 != "{" && $0 != "}" && $0 != "," }[...]
      while let name = rest.popFirst() {
        guard let value = rest.popFirst().flatMap({ Int64($0) }), value > 0, value < 1 << 31 else {
          draft.notes.unread(line.number, said("'\(name)' needs a number of seconds"))
          break
        }
        if Self.properties[name] != nil {
          timeouts[name] = (line.number, value)
        } else {
          draft.notes.unread(line.number, said("no property has \(name) alone"))
        }
      }
    case "optimization":
      let name = words.words.dropFirst(2).first ?? ""
      guard let values = Self.optimizations[name] else {
        draft.notes.unread(line.number, said("'\(name)' is not known"))
        return
      }
      for (name, value) in values { timeouts[name] = (line.number, value) }
    case "limit":
      let list = words.words.dropFirst(2).filter { $0 != "{" && $0 != "}" && $0 != "," }
      if let place = list.firstIndex(of: "states"), let most = list.dropFirst(place + 1).first.flatMap({ Int($0) }),
        most > 0
      {
        draft.set(line.number, Properties.maximumMappings(most))
      } else {
        draft.notes.unread(line.number, said("natsh limits the rows of the table, and nothing else"))
      }
    case "block-policy":
      blocksByReturn = words.words.last == "return"
      draft.notes.became(
        line.number, said("what is blocked is \(blocksByReturn ? said("answered") : said("dropped silently"))"))
    case "skip":
      if words.list(after: "on").allSatisfy({ $0.hasPrefix("lo") }) {
        draft.notes.became(line.number, said("the router's own loopback, which natsh has not"))
      } else {
        draft.notes.unread(line.number, said("natsh filters by protocol and port, not by interface"))
      }
    case "state-policy": draft.notes.unread(line.number, said("a state here has no interface"))
    default: draft.notes.unread(line.number, said("it has no counterpart"))
    }
  }

  private static let defaults: [String: Int64] = [
    "udp.single": 30, "udp.multiple": 60, "tcp.established": 86_400, "tcp.opening": 30, "tcp.finwait": 45,
    "icmp.first": 20,
  ]
  /// The timers that have a counterpart.
  private static let properties = [
    "udp.single": "udp-timeout", "udp.multiple": "udp-stream-timeout", "tcp.established": "tcp-established-timeout",
    "tcp.finwait": "tcp-transitory-timeout", "tcp.opening": "tcp-opening-timeout", "icmp.first": "icmp-timeout",
  ]
  private static let optimizations: [String: [String: Int64]] = {
    let slow: [String: Int64] = ["tcp.opening": 35, "tcp.established": 86_400, "tcp.finwait": 50]
    return [
      "default": [:], "normal": [:], "high-latency": slow, "satellite": slow,
      "aggressive": ["tcp.opening": 5, "tcp.established": 18_000, "tcp.finwait": 30],
      "conservative": ["tcp.opening": 900, "tcp.established": 432_000, "tcp.finwait": 600],
    ]
  }()

  private mutating func finish(_ lines: [SourceLine]) throws(RulesetFault) {
    guard !statements.isEmpty else { throw .nothingInIt(.pf) }
    finishTranslation()
    for (line, words) in passes { takePass(line, words) }
    for name in ["udp.single", "udp.multiple", "tcp.established", "tcp.finwait", "tcp.opening", "icmp.first"] {
      guard let timeout = timeouts[name], let property = Self.properties[name] else { continue }
      let value: PropertyValue =
        switch name {
        case "udp.single": Properties.udpTimeout(.seconds(timeout.seconds))
        case "udp.multiple": Properties.udpStreamTimeout(.seconds(timeout.seconds))
        case "tcp.established": Properties.tcpEstablishedTimeout(.seconds(timeout.seconds))
        case "tcp.finwait": Properties.tcpTransitoryTimeout(.seconds(timeout.seconds))
        case "tcp.opening": Properties.tcpOpeningTimeout(.seconds(timeout.seconds))
        default: Properties.icmpTimeout(.seconds(timeout.seconds))
        }
      value.apply(to: &draft.behavior)
      if timeout.line > 0 { draft.notes.became(timeout.line, "\(property) \(value)") }
    }
    if let blocks {
      draft.set(blocks, Properties.rejects(blocksByReturn ? .asHost : .silently))
    }
    if let turning {
      if redirectsInside {
        draft.set(turning, Properties.hairpinning(.forwardsOnly))
      } else {
        draft.notes.unread(
          turning, said("packets are turned round only where a destination is translated, and none is"))
      }
    }
    if !translates {
      draft.behavior.translates = false
      draft.behavior.firewall = blocks != nil
      let line = blocks ?? lines.first { !$0.text.isEmpty }?.number ?? 1
      draft.notes.became(line, said("nat off: nothing is translated"))
    }
  }
}
