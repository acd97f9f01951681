// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension GlossaryReport: ReadingText {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var list = DefinitionList()
    for term in terms { list.add(StyledText(term.name, .name), StyledText(prose: term.meaning)) }
    list.add(to: &page)
    return page.text
  }
}

extension HelpReport: ReadingText {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    switch self {
    case .overview(let groups, let topics): Self.addOverview(groups, topics, to: &page)
    case .command(let help): Self.add(help, to: &page)
    case .topic(let topic):
      page.addHeading(topic.title)
      for paragraph in topic.paragraphs {
        page.addGap()
        page.add(StyledText(prose: paragraph), indent: 2)
      }
    }
    return page.text
  }

  private static func addOverview(_ groups: [Group], _ topics: [Topic], to page: inout Page) {
    for group in groups {
      page.addGap()
      page.addHeading(group.title)
      var list = DefinitionList()
      list.widestTerm = 12
      for entry in group.commands { list.add(StyledText(entry.name, .command), StyledText(prose: entry.summary)) }
      list.add(to: &page)
    }
    if !topics.isEmpty {
      page.addGap()
      page.addHeading(said("Topics"))
      page.add(topics.map { StyledText($0.name, .command) }.joined(separator: ", "), indent: 2)
    }
    page.addGap()
    page.add(
      said("\(typed: "help COMMAND") explains one, with examples that work; \(typed: "help TOPIC") explains a topic.")
    )
  }

  private static func add(_ help: CommandHelp, to page: inout Page) {
    for (index, usage) in help.usage.enumerated() {
      page.add(StyledText(usage, .command), after: index == 0 ? said("usage: ") : "       ", later: .spaces(11))
    }
    if !help.aliases.isEmpty {
      page.add(said("also:  \(help.aliases.map { StyledText($0, .command) }.joined(separator: ", "))"), hanging: 7)
    }
    page.addGap()
    page.add(StyledText(prose: help.summary), indent: 2)
    for paragraph in help.details {
      page.addGap()
      page.add(StyledText(prose: paragraph), indent: 2)
    }
    if !help.examples.isEmpty {
      page.addGap()
      page.addHeading(said("Examples"))
      for example in help.examples { page.add(StyledText(example, .command), indent: 2, hanging: 6) }
    }
    if !help.properties.isEmpty { addProperties(help.properties, to: &page) }
    if !help.seeAlso.isEmpty {
      page.addGap()
      page.add(said("See also \(help.seeAlso.map { StyledText($0, .command) }.joined(separator: ", "))."))
    }
  }

  private static func addProperties(_ properties: [PropertyHelp], to page: inout Page) {
    var owners: [PropertyOwner] = []
    for property in properties where !owners.contains(property.of) { owners.append(property.of) }
    for owner in owners {
      page.addGap()
      page.addHeading(owner == .any ? said("Properties of any device") : said("Properties of a \(owner.rawValue)"))
      var list = DefinitionList()
      for property in properties where property.of == owner {
        list.add(
          StyledText(property.name, .name),
          "\(StyledText(prose: property.summary))\(property.summary.isEmpty ? "" : " ")\("[\(property.values)]", .faint)"
        )
      }
      list.add(to: &page)
    }
  }
}
