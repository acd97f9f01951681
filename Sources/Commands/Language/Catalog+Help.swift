// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

extension Catalog {
  /// Explains a command, a topic, a property, a preset or a reason word; without a subject, lists everything.
  ///
  /// - Throws: `unknownSubject` with the nearest subject, at column 1; parsed lines never get that far.
  public func help(_ subject: String?) throws(SyntaxError) -> HelpReport {
    guard let subject else { return overview }
    if let declaration = declaration(named: subject) { return .command(help(on: declaration)) }
    if let led = declarations(ledInBy: subject).first { return .command(help(on: led)) }
    let properties = Property.all(named: subject)
    let isReason = DropReason.allCases.contains { $0.rawValue.matches(subject) }
    if var topic = topic(named: subject) {
      topic.paragraphs += properties.flatMap(Self.paragraphs(on:))
      return .topic(topic)
    }
    if let property = properties.first {
      let title = said("\(property.name), a property of \(Self.owners(properties))")
      let more = isReason ? [said("As the reason why a packet was dropped, it is explained in `help refusals`.")] : []
      return .topic(
        HelpReport.Topic(
          name: property.name, title: title,
          paragraphs: Self.word(subject) + properties.flatMap(Self.paragraphs(on:)) + more))
    }
    if isReason, let topic = topic(named: "refusals") { return .topic(topic) }
    if NATPreset.allCases.contains(where: { $0.rawValue.matches(subject) }), var topic = topic(named: "presets") {
      topic.paragraphs = Self.word(subject) + topic.paragraphs
      return .topic(topic)
    }
    if let term = Glossary.term(named: subject) {
      return .topic(HelpReport.Topic(name: term.name, title: term.name, paragraphs: [term.meaning]))
    }
    throw SyntaxError(
      .unknownSubject(subject), column: 1, length: subject.count,
      suggestion: Nearest.candidate(to: subject, among: helpSubjects))
  }

  /// What a command's, a property's or a preset's name means as a word; nothing if it is none.
  private static func word(_ name: String) -> [String] {
    Glossary.term(named: name).map { [said("The word: \($0.meaning)")] } ?? []
  }

  /// Everything that `help` knows by name, in the order of the overview; every word once.
  var helpSubjects: [String] {
    var seen: Set<String> = []
    let all =
      declarations.map(\.name) + topics.map(\.name) + Property.all.map(\.name)
      + NATPreset.allCases.map(\.rawValue) + DropReason.allCases.map(\.rawValue)
      + Glossary.terms.flatMap { [$0.name] + $0.aliases }
    return all.filter { seen.insert($0).inserted }
  }

  /// The topic of that name, or the one that explains the word.
  private func topic(named name: String) -> HelpReport.Topic? {
    topics.first { $0.name.matches(name) }
      ?? Self.explainedElsewhere[name.lowercased()].flatMap { other in topics.first { $0.name == other } }
  }

  /// Words in natsh's output that a learner may ask about, and the topics that explain them.
  private static let explainedElsewhere = [
    "row": "mapping", "rows": "mapping", "mappings": "mapping", "endpoint": "endpoints", "port": "ports",
    "address": "private-addresses", "filter": "filtering", "clock": "time",
    "script": "scripts", "p2p": "peer-to-peer", "refused": "refusals", "dropped": "refusals",
  ]

  private var overview: HelpReport {
    var order: [CommandGroup] = []
    for declaration in declarations where !order.contains(declaration.group) { order.append(declaration.group) }
    let groups = order.map { group in
      HelpReport.Group(
        title: group.title,
        commands: declarations.filter { $0.group == group }.map { declaration in
          HelpReport.Entry(
            name: declaration.name, usage: declaration.usage.last ?? declaration.name, summary: declaration.summary)
        })
    }
    return .overview(groups, topics: topics)
  }

  private func help(on declaration: CommandDeclaration) -> HelpReport.CommandHelp {
    let takesProperty = declaration.forms.joined().contains {
      if case .required(.property) = $0.shape { true } else { false }
    }
    return HelpReport.CommandHelp(
      name: declaration.name, aliases: declaration.aliases, usage: declaration.usage, summary: declaration.summary,
      details: declaration.details + Self.word(declaration.name),
      examples: declaration.examples,
      properties: takesProperty ? Property.all.map(Self.help(on:)) : [], seeAlso: declaration.seeAlso)
  }

  private static func help(on property: Property) -> HelpReport.PropertyHelp {
    HelpReport.PropertyHelp(
      name: property.name, of: property.owner, values: property.grammar.usage, summary: property.summary)
  }

  private static func owners(_ properties: [Property]) -> String {
    properties.map { $0.owner == .any ? said("every device") : "a \($0.owner.rawValue)" }.joined(separator: " and of ")
  }

  private static func paragraphs(on property: Property) -> [String] {
    var paragraphs = [
      property.summary, "`set NAME \(property.name) \(property.grammar.usage)`",
      said("A change takes hold \(property.takesHold)."),
    ]
    if case .words(let words) = property.grammar {
      paragraphs += words.map { word in
        "`\(word.name)`" + (word.short.map { " (`\($0)`)" } ?? "") + (word.note.map { ": \($0)." } ?? "")
      }
    }
    return paragraphs
  }
}
