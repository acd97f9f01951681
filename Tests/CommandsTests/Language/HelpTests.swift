// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands

@Suite struct HelpTests {
  private func topic(_ subject: String) throws -> HelpReport.Topic {
    guard case .topic(let topic) = try Catalog.standard.help(subject) else {
      Issue.record("'\(subject)' is not a topic")
      return HelpReport.Topic(name: "", title: "", paragraphs: [])
    }
    return topic
  }

  @Test func theOverviewHasEveryCommandOnce() throws {
    guard case .overview(let groups, let topics) = try Catalog.standard.help(nil) else { return #expect(Bool(false)) }
    #expect(groups.map(\.title) == ["Building", "Packets and time", "Looking", "Session"])
    #expect(groups.flatMap(\.commands).map(\.name).sorted() == Catalog.standardDeclarations.map(\.name).sorted())
    #expect(topics.first?.name == "start")
  }

  @Test func commandsAreExplained() throws {
    guard case .command(let set) = try Catalog.standard.help("SET") else { return #expect(Bool(false)) }
    #expect(set.usage == ["set NAME PROPERTY VALUE…"])
    #expect(set.properties.count == Property.all.count)
    guard case .command(let undo) = try Catalog.standard.help("back") else { return #expect(Bool(false)) }
    #expect(undo.name == "undo")
    #expect(undo.properties.isEmpty)
  }

  @Test func everySubjectHasHelp() throws {
    for subject in Catalog.standard.helpSubjects { #expect(throws: Never.self) { try Catalog.standard.help(subject) } }
  }

  @Test func propertiesAreTopics() throws {
    #expect(try topic("udp-timeout").title == "udp-timeout, a property of a router")
    #expect(try topic("firewall").paragraphs.last?.contains("help refusals") == true)
    #expect(try topic("loss").title == "loss, a property of every device")
    let ports = try topic("ports").paragraphs.joined(separator: "\n")
    #expect(ports.contains("random [FIRST LAST]"))
    #expect(ports.contains("open | bound"))
    #expect(try topic("filtering").paragraphs.contains { $0.contains("`apdf`") })
  }

  @Test func refusalsNameEveryReason() throws {
    let text = try topic("refusals").paragraphs.joined(separator: "\n")
    for reason in DropReason.allCases { #expect(text.contains("`\(reason.rawValue)`")) }
    #expect(try topic("hairpin-off").name == "refusals")
  }

  @Test func presetsAreAllNamed() throws {
    let text = try topic("presets").paragraphs.joined(separator: "\n")
    for preset in NATPreset.allCases { #expect(text.contains("`\(preset.rawValue)`")) }
    let words = Properties.preset.property.grammar
    guard case .words(let all) = words else { return #expect(Bool(false)) }
    #expect(all.map(\.name) == NATPreset.allCases.map(\.rawValue))
  }

  /// Words that natsh prints itself.
  @Test(arguments: [
    "SYN", "ack", "fin", "rst", "handshake", "connection", "payload", "static-mapping", "identifier", "permission",
    "allocation", "segment", "flags", "echo", "delivered", "translated", "verdict", "hop", "row", "table",
  ]) func theWordsThatNatshSaysAreExplained(word: String) throws {
    switch try Catalog.standard.help(word) {
    case .topic(let topic): #expect(!topic.paragraphs.isEmpty)
    case .command(let command): #expect(command.details.contains { $0.hasPrefix("The word: ") })
    case .overview: Issue.record("'\(word)' is not explained")
    }
  }

  @Test(arguments: [
    ("help private address", "private-address"), ("help port forwarding", "forwarding"),
    ("help time to live", "ttl"), ("help \"hole punching\"", "hole-punching"), ("help no mapping", "refusals"),
    ("glossary private address", "private-address"), ("glossary NAT", "nat"), ("glossary drop reasons", nil),
    ("help udp timeout", "udp-timeout"), ("help nat", "nat"),
  ]) func aSubjectMayHaveSeveralWords(line: String, name: String?) throws {
    var session = Session(catalog: .standard)
    let statement = try #require(try Statement.statements(in: line).first)
    guard let result = try? session.execute(statement) else { return #expect(name == nil) }
    if let help = result.content as? HelpReport, case .topic(let topic) = help {
      #expect(topic.name == name)
    } else {
      #expect((result.content as? GlossaryReport)?.terms.map(\.name) == name.map { [$0] })
    }
  }

  @Test func severalUnknownWordsAreOneUnknownSubject() {
    #expect(fault("help hole punchin") == "unknown-subject@6+12 hole-punching")
  }

  @Test func anUnknownSubjectHasANeighbour() {
    #expect(throws: SyntaxError(.unknownSubject("filterin"), column: 1, length: 8, suggestion: "filtering")) {
      try Catalog.standard.help("filterin")
    }
  }

  /// Text in backquotes that begins like a command is one, or shows placeholders in upper case.
  @Test(arguments: HelpTopics.standard.map(\.name))
  func commandsInTopicsWork(name: String) throws {
    var names = FakeNames(routers: ["home-a", "home-b"], hosts: ["bob"])
    for host in ["alice", "server"] { names.devices.append(NamedDevice(name: host, kind: .host)) }
    for paragraph in try #require(HelpTopics.standard.first { $0.name == name }).paragraphs {
      let pieces = paragraph.split(separator: "`", omittingEmptySubsequences: false)
      for (index, piece) in pieces.enumerated() where !index.isMultiple(of: 2) {
        let line = String(piece)
        let words = line.split(separator: " ")
        guard words.count > 1, let first = words.first, Catalog.standard.declaration(named: String(first)) != nil,
          !words.contains(where: { $0.count > 1 && $0 == $0.uppercased() && $0.first?.isLetter == true || $0 == "N" }),
          !line.hasPrefix("router "), !line.hasPrefix("host "), !line.hasPrefix("show r")
        else { continue }
        #expect(fault(line, in: names) == "none", "\(name): \(line)")
      }
    }
  }
}
