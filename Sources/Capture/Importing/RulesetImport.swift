// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Rulesets
import Wording

extension ImportCommand {
  /// Makes the router that a file of rules describes, or gives one the rules in place of its own.
  func importRules(
    _ kind: RulesetKind?, as router: Located<String>?, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let source = try session.openFile(path)
    let bytes: [UInt8]
    do throws(CaptureFiles.Failure) {
      bytes = try source.bytes(0, min(source.size, RulesetFault.mostBytes + 1))
    } catch {
      throw CommandError(.other(CaptureRefusal.unreadable(path.value, error.reason)), at: path.columns)
    }
    let ruleset: Ruleset
    do throws(RulesetFault) {
      if source.size > RulesetFault.mostBytes { throw .tooLong(source.size) }
      ruleset = try Ruleset(bytes, as: kind)
    } catch {
      throw CommandError(.other(RulesetRefusal(path: path.value, fault: error)), at: path.columns)
    }
    let target = try session.target(router, orNamed: ruleset.name)
    let made = ruleset.commands(for: target)
    try session.build(made.commands)
    return CommandOutcome(
      RulesetReport(
        kind: ruleset.kind, file: path.value, router: target.name, commands: made.commands, lines: made.lines))
  }
}

extension Session {
  /// The router that is to have the rules.
  fileprivate func target(
    _ router: Located<String>?, orNamed own: String?
  ) throws(CommandError) -> ImportTarget {
    guard let router else {
      if let own, network.device(named: own) == nil { return .new(own) }
      var number = 1
      while network.device(named: "router-\(number)") != nil { number += 1 }
      return .new("router-\(number)")
    }
    guard let device = network.device(named: router.value) else { return .new(router.value) }
    guard let existing = network.router(device.id) else {
      throw CommandError(.other(ImportFault.notARouter(device.name)), at: router.columns)
    }
    var undoing = existing.nat.mappings.filter(\.isStatic).map {
      "unforward \(device.name) \($0.transport.name) \($0.external.port)"
    }
    undoing += existing.nat.pairs.map { "unforward \(device.name) address \($0.external)" }
    if existing.nat.defaultHost != nil { undoing.append("unforward \(device.name) all") }
    if existing.clampsSegmentSize { undoing.append("set \(device.name) mss off") }
    if !existing.nat.behavior.gateways.isEmpty { undoing.append("set \(device.name) alg off") }
    if !existing.filters.isEmpty { undoing.append("filter \(device.name) off") }
    if existing.nat.externalAddresses.contains(where: { !existing.addresses.contains($0) }) {
      undoing.append("set \(device.name) addresses none")
    }
    return .existing(
      name: device.name, addresses: existing.addresses, prefixes: existing.prefixes, undoing: undoing)
  }
}

/// Why no router was made of a file of rules.
struct RulesetRefusal: CommandFault {
  var path: String
  var fault: RulesetFault

  var word: String { "cannot-import" }
  var message: String { said("cannot read '\(path)': \(fault.message)") }
}

/// `import` of rules: the router, and what became of each line. `{"import": {"kind": "nft", "file": "x.nft", "router":
/// "home-a", "commands": ["router …"], "lines": [{"line": 3, "text": "…", "became": ["ports overload"], "unread": []}]}}`.
struct RulesetReport: ResultContent {
  var kind: RulesetKind
  var file: String
  var router: String
  var commands: [String]
  var lines: [LineReading]

  private enum CodingKeys: String, CodingKey { case `import` }
  private enum ImportKeys: String, CodingKey { case kind, file, router, commands, lines }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var nested = container.nestedContainer(keyedBy: ImportKeys.self, forKey: .import)
    try nested.encode(kind.rawValue, forKey: .kind)
    try nested.encode(file, forKey: .file)
    try nested.encode(router, forKey: .router)
    try nested.encode(commands, forKey: .commands)
    try nested.encode(lines.map(LineJSON.init), forKey: .lines)
  }

  private struct LineJSON: Encodable {
    var line: Int
    var text: String
    var became: [String]
    var unread: [String]

    init(_ reading: LineReading) {
      (line, text, became, unread) = (reading.number, reading.text, reading.became, reading.unread)
    }
  }
}

extension RulesetReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("\(router, .name) is set up as '\(file)' says, \(kind.words):"))
    for command in commands.prefix(page.mostListed) { page.add(StyledText(command, .command), indent: 2, hanging: 4) }
    if commands.count > page.mostListed { page.add(said("and \(commands.count - page.mostListed) more"), indent: 2) }
    page.addGap()
    page.add(said("Line by line:"))
    for line in lines.prefix(page.mostListed) {
      page.add("\(line.number): \(line.text.prefix(160), .faint)", indent: 2, hanging: 4)
      for words in line.became { page.add(said("is \(words)"), indent: 6, hanging: 8) }
      for words in line.unread { page.add("\(said("not read"), .changed): \(words)", indent: 6, hanging: 8) }
    }
    if lines.count > page.mostListed { page.add(said("and \(lines.count - page.mostListed) more lines"), indent: 2) }
    let unread = lines.count { !$0.unread.isEmpty }
    page.addGap()
    page.add(
      unread == 0
        ? said("Every line that says something was read.")
        : said("\(Count.of(unread, "line")) could not be read, or not whole."))
    return page.text
  }
}
