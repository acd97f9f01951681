// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// Lines that a careless learner might type, drawn from the declarations of all commands: a new command is included
/// automatically.
package struct RandomLines {
  private let catalog: Catalog
  private var generator: SeededGenerator

  package init(catalog: Catalog, seed: UInt64) {
    self.catalog = catalog
    generator = SeededGenerator(seed: seed, name: "lines", purpose: "test")
  }

  /// A number from 0 up to, not including, `count`.
  package mutating func below(_ count: Int) -> Int { Int(generator.below(UInt64(count))) }

  private mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

  private mutating func one<Value>(of values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }

  /// The next line, usually about things that exist in `session`. Most lines are good and all are plausible.
  package mutating func next(in session: Session) -> String {
    guard let declaration = drawDeclaration(in: session), var form = one(of: declaration.forms) else { return "" }
    var line = happens(8) ? one(of: declaration.aliases) ?? declaration.name : declaration.name
    if happens(3), let word = one(of: declaration.leadIns) { line = "\(word) \(line)" }
    // Floating parts may come in any order; sometimes they come before the optional ones.
    if happens(20), let place = form.firstIndex(where: isFloating), form.count > place + 1 {
      form.swapAt(place, form.count - 1)
    }
    for parameter in form { append(parameter, to: &line, in: session) }
    return happens(7) ? spoiled(line) : line
  }

  /// Packets and time most often; commands that discard everything seldom.
  private mutating func drawDeclaration(in session: Session) -> CommandDeclaration? {
    let isInLesson = session.companion != nil
    let isEmpty = session.network.allDevices.count < 6
    let weights = catalog.declarations.map { declaration in
      switch (declaration.effect, declaration.group) {
      case _ where ["reset", "scene"].contains(declaration.name): isEmpty ? 20 : 1
      case _ where ["import", "replay"].contains(declaration.name): 6
      case _ where ["call", "crowd", "matrix", "punch", "remove", "seed", "lesson", "leave"].contains(declaration.name):
        1
      case (.guides, _): isInLesson ? 8 : 1
      case (.travels, _): 3
      case (.changes, .building): isEmpty ? 20 : 5
      case (.changes, _): 10
      default: 1
      }
    }
    var left = below(max(weights.reduce(0, +), 1))
    for (declaration, weight) in zip(catalog.declarations, weights) {
      left -= weight
      if left < 0 { return declaration }
    }
    return nil
  }

  private func isFloating(_ parameter: Parameter) -> Bool {
    switch parameter.shape {
    case .clause, .choice: true
    default: false
    }
  }

  // MARK: Words

  private mutating func append(_ parameter: Parameter, to line: inout String, in session: Session) {
    switch parameter.shape {
    case .keyword: line += " \(parameter.label)"
    case .required(let kind): line += " \(word(kind, after: line, in: session))"
    case .optional(let kind, let most):
      for _ in 0..<below(most + 1) { line += " \(word(kind, after: line, in: session))" }
    case .clause(let kind, _, _):
      guard happens(35) else { return }
      line += " \(parameter.label)"
      line += " \(word(kind, after: line, in: session))"
    case .choice(let words):
      if happens(35), let word = one(of: words) { line += " \(word)" }
    case .rest(let kind): line += " \(word(kind, after: line, in: session))"
    }
  }

  private mutating func word(_ kind: ArgumentKind, after line: String, in session: Session) -> String {
    switch kind {
    case .newName: one(of: RandomWords.names) ?? ""
    case .label: one(of: RandomWords.names + RandomWords.askedNames) ?? ""
    case .address: one(of: RandomWords.addresses) ?? ""
    case .prefix: one(of: RandomWords.prefixes) ?? ""
    case .duration: one(of: RandomWords.durations) ?? ""
    case .rate: one(of: RandomWords.rates) ?? ""
    case .count(let range): "\(range.lowerBound + below(min(range.count, happens(90) ? 6 : 40)))"
    case .port: one(of: RandomWords.ports) ?? ""
    case .ports: one(of: RandomWords.ports).map { happens(30) ? "\($0)-\((Int($0) ?? 0) + below(4))" : $0 } ?? ""
    case .timeToLive: "\(1 + below(5))"
    case .text: one(of: session.companion == nil ? RandomWords.texts : RandomWords.texts + ["1", "2"]) ?? ""
    case .seed: "\(1 + below(3))"
    case .file: happens(90) ? one(of: MemoryCaptures.names) ?? "" : "file.natsh"
    case .endpoint: endpoint(after: line, in: session)
    case .propertyValue: value(after: line, in: session)
    default: completion(after: line, in: session) ?? one(of: RandomWords.names) ?? ""
    }
  }

  /// A completion that natsh itself would offer at the end of the line.
  private mutating func completion(after line: String, in session: Session) -> String? {
    let line = line + " "
    return one(of: session.completions(line: line, cursor: line.utf8.count).candidates)?.text
  }

  private mutating func endpoint(after line: String, in session: Session) -> String {
    let host =
      happens(85)
      ? completion(after: line, in: session)
      : one(of: happens(70) ? RandomWords.addresses : RandomWords.askedNames)
    let port = happens(60) ? ":\(one(of: RandomWords.ports) ?? "1")" : ""
    return (host ?? one(of: RandomWords.names) ?? "") + (host?.contains(":") == true ? "" : port)
  }

  /// A value of the property at the end of the line.
  private mutating func value(after line: String, in session: Session) -> String {
    let words = line.split(separator: " ").suffix(2).map(String.init)
    guard words.count == 2, let device = session.device(named: words[0]),
      let property = Property.named(words[1], of: device.kind)
    else { return "on" }
    let typical = RandomWords.values(of: property.grammar)
    if !typical.isEmpty, happens(70) { return one(of: typical) ?? "" }
    return completion(after: line, in: session) ?? one(of: typical) ?? "on"
  }

  // MARK: Slips

  /// The line as somebody in a hurry might type it.
  private mutating func spoiled(_ line: String) -> String {
    var words = line.split(separator: " ").map(String.init)
    let place = below(max(words.count, 1))
    switch below(7) {
    case 0 where words.count > 1: words.removeLast()
    case 1: words.insert(words[place], at: place)
    case 2: words[place] = one(of: RandomWords.slips) ?? ""
    case 3: words[place] = words[place].uppercased()
    case 4: words[place] = String(words[place].dropLast())
    case 5: words.append("# said in passing")
    default: words.append("; step")
    }
    return words.joined(separator: " ")
  }
}

/// The material of random lines when the session has nothing to offer.
private enum RandomWords {
  static let names = ["alice", "bob", "carol", "Dave", "éric", "r1", "R2", "isp", "home-a", "home-b"]
  static let askedNames = ["shop.example", "Shop.example", "bob.example", "a..b"]
  static let addresses = [
    "1.2.3.4", "1.2.3.5", "192.168.1.10", "192.168.1.1", "192.168.1.255", "10.0.0.7", "255.255.255.255", "127.0.0.1",
    "2001:db8::5", "198.51.100.1", "88.1.2.3", "49.36.10.25", "88.90.100.110",
  ]
  static let prefixes = ["192.168.1.0/24", "10.0.0.0/29", "100.64.0.0/10", "2001:db8:1::/64", "88.1.2.0/24"]
  static let durations = ["1us", "1ms", "10ms", "20ms", "1s", "5m", "3h"]
  static let rates = ["1bit", "64kbit", "2mbit", "unlimited"]
  static let ports = ["80", "4000", "5000", "5001", "62000", "62001", "1", "65535"]
  static let texts = ["hello", "\"a;b # c\"", "\"q\\\"\\\\\\n\"", "x", "\"\"", "日本"]
  static let slips = ["lan", "behind", "to", "0", "99999999999999999999", "-1", "\"", "a b", "no-one", ":", "::1", "é"]

  static func values(of grammar: PropertyGrammar) -> [String] {
    switch grammar {
    case .words(let words): words.flatMap { [$0.name] + ($0.short.map { [$0] } ?? []) }
    case .onOff: ["on", "off"]
    case .nat64: ["off", "on", "on 2001:db8:64::/96", "on 2001:db8:64::/40"]
    case .outsidePrefix: ["off", "2001:db8:1::/48", "2001:db8:77:8800::/56"]
    case .portControl: ["off", "pcp", "nat-pmp upnp", "pcp nat-pmp upnp lying"]
    case .gateways: ["off", "ftp on", "sip on", "sip off ftp on", "ftp off"]
    case .portAssignment:
      ["sequential 65534", "preserve", "overload", "random", "random 65535 65535", "sequential 62000"]
    case .addresses: ["88.1.2.9 88.1.2.10", "none"]
    case .prefixes: prefixes
    case .address: ["203.0.113.53", "none"]
    case .duration: durations
    case .limit: ["1", "2", "unlimited"]
    case .rate: rates
    case .mtu: ["68", "576", "1500", "unlimited"]
    case .loss: ["0%", "30%", "100%"]
    }
  }
}
