// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension AuditReport: ReadingText {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if !applies {
      addInapplicable(to: &page)
    } else if isSingle, let finding = findings.first {
      add(finding, to: &page)
    } else {
      addOverview(to: &page)
    }
    return page.text
  }

  // MARK: All of them

  private func addOverview(to page: inout Page) {
    if let standard {
      page.add(summary(of: standard.rfc, said("requirements for \(standard.subject) that packets can show")))
      addList(findings, to: &page)
    } else {
      page.add(summary(of: 4787, "requirements"))
      addList(findings.filter { $0.rfc == 4787 }, to: &page)
      page.addGap()
      page.add(said("What RFC 7857 asks beyond that:"))
      addList(findings.filter { $0.rfc != 4787 }, to: &page)
    }
    page.addGap()
    for (property, names) in rivals {
      page.add(
        said("\(names.joined(separator: said(" and "))) want different values of \(property, .command): choose.")
      )
    }
    let unmet = findings.filter { $0.outcome == .notMet }
    let example = unmet.first { $0.level == .must } ?? unmet.first ?? findings.first
    page.add(
      said(
        "\(typed: "audit \(router) \(example?.requirement ?? "REQ-1")") shows one with the packets that decide it."
      ))
  }

  private func summary(of rfc: Int, _ what: String) -> StyledText {
    let total = findings.count { $0.rfc == rfc }
    var text: StyledText = said("\(router, .name) meets \(count(.met, rfc: rfc)) of RFC \(rfc)'s \(total) \(what)")
    let (partly, unmet, aside) = (
      count(.partly, rfc: rfc), count(.notMet, rfc: rfc), count(.notApplicable, rfc: rfc)
    )
    var rest: [StyledText] = []
    if partly > 0 { rest.append(said("\(partly) in part")) }
    if unmet > 0 { rest.append("\(said("\(unmet) not"), .refused)") }
    if aside > 0 { rest.append(said("\(aside) untried")) }
    if !rest.isEmpty { text += "; " + rest.joined(separator: ", ") }
    return text + "."
  }

  /// Properties that several fixes would set to different values, with the requirements that they fix.
  private var rivals: [(property: String, requirements: [String])] {
    var wishes: [(property: String, value: String, requirement: String)] = []
    for finding in findings {
      for command in finding.mend?.split(separator: "; ") ?? [] {
        let words = command.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count == 4 else { continue }
        wishes.append((words[2], words[3], finding.requirement))
      }
    }
    var properties: [String] = []
    for wish in wishes where !properties.contains(wish.property) { properties.append(wish.property) }
    return properties.compactMap { property in
      let own = wishes.filter { $0.property == property }
      return own.map(\.value).areAlike ? nil : (property, own.map(\.requirement))
    }
  }

  private func addList(_ findings: [Finding], to page: inout Page) {
    for finding in findings {
      addLine(finding, to: &page)
      if finding.outcome == .notMet { page.add(StyledText(finding.explanation), indent: Self.indent(page)) }
      for part in finding.parts where part.met == false && finding.met != false {
        addLine(part, to: &page)
        page.add(StyledText(part.explanation), indent: Self.indent(page))
      }
      if finding.outcome == .notApplicable { page.add(StyledText(finding.shown, .faint), indent: Self.indent(page)) }
      if let mend = finding.mend {
        let indent = Self.indent(page)
        page.add("\(mend, .command)", after: .spaces(indent) + "→ ", later: .spaces(indent + 2))
      }
    }
  }

  /// Where the words begin, after the mark and the longest name.
  private static let column = 11

  /// How far explanations are indented: as far as the words, if there is room.
  private static func indent(_ page: Page) -> Int { page.style.width < 60 ? 4 : column }

  private func addLine(_ finding: Finding, to page: inout Page) {
    let mark = finding.outcome.mark
    let name = StyledText(finding.requirement, finding.outcome == .notMet ? .refused : .plain)
    let level: StyledText = "  \("(\(finding.level.rawValue))", .faint)"
    page.add(
      StyledText(finding.asks) + level,
      after: "\(mark, finding.outcome.role) " + name.padded(to: Self.column - 2), later: .spaces(Self.indent(page)))
  }

  // MARK: One of them

  private func add(_ finding: Finding, to page: inout Page) {
    page.add(
      said(
        """
        \(finding.outcome.mark, finding.outcome.role) \(finding.requirement, .heading) of RFC \(finding.rfc) \
        (§\(finding.section), \(finding.level.rawValue)): \(finding.asks.lowercasedFirst)
        """), hanging: 2)
    page.add("  \(finding.outcome.sentence(about: router), finding.outcome.role)", hanging: 2)
    if !finding.experiment.isEmpty {
      page.addGap()
      page.add(said("A fresh NAT, set up as \(router, .name) is. \(castLine(of: finding))"))
      page.addGap()
      addExperiment(finding, to: &page)
      page.addGap()
    }
    page.add(StyledText(finding.shown))
    if finding.outcome != .notApplicable {
      page.add("\(finding.outcome == .notMet ? said("Why it matters:") : said("Without it:"), .faint) \(finding.why)")
    }
    if let setting = finding.setting {
      page.add(said("The setting behind it is \(setting.property.name, .command), now \(setting, .emphasis)."))
    }
    for part in finding.parts {
      page.addGap()
      addLine(part, to: &page)
      page.add(StyledText(part.explanation), indent: Self.indent(page))
    }
    if let mend = finding.mend {
      page.addGap()
      page.add(said("This fixes it: \(mend, .command)"), hanging: 2)
    }
  }

  private func castLine(of finding: Finding) -> StyledText {
    let taking = Set(finding.experiment.flatMap { [$0.from, $0.to] })
    // A separate network has its own hosts, whose addresses its hops show.
    let shown = cast.filter { member in
      taking.contains(member.name)
        && finding.experiment.contains {
          [$0.hop.source.address, $0.hop.destination.address].contains(member.address)
        }
    }
    guard !shown.isEmpty else { return "" }
    let words = shown.map { said("\($0.name, .name) is \($0.address, .address)") as StyledText }
    return words.joined(separator: ", ") + "."
  }

  /// Each packet as it came, and its fate below it.
  private func addExperiment(_ finding: Finding, to page: inout Page) {
    var table = TextTable([.init("", .right), .init(said("who")), .init(said("packet"))])
    for (number, row) in finding.experiment.enumerated() {
      var who: [StyledText] = [said("\(row.from, .name) to \(row.to, .name)")]
      if row.waitMicroseconds > 0, number > 0 {
        who.append("\(said("\(SimulatedTime.text(row.waitMicroseconds)) later"), .faint)")
      }
      table.addRow(lines: [["\(number + 1)"], who, row.lines])
    }
    table.add(to: &page, indent: 2)
  }

  // MARK: None of them

  private func addInapplicable(to page: inout Page) {
    page.add(StyledText(findings.first?.shown ?? ""))
    page.add(
      said(
        """
        RFC 4787 is about NATs, so it has nothing to ask of \(router, .name). Untranslated packets are filtered by a \
        firewall; RFC 6092 says how one should treat programs that want to be reached.
        """))
  }
}

extension RequirementOutcome {
  fileprivate var mark: String {
    switch self {
    case .met: "✓"
    case .partly: "~"
    case .notMet: "✗"
    case .notApplicable: "-"
    }
  }

  fileprivate var role: TextRole {
    switch self {
    case .met: .new
    case .partly: .changed
    case .notMet: .refused
    case .notApplicable: .faint
    }
  }

  fileprivate func sentence(about router: String) -> String {
    switch self {
    case .met: said("\(router) meets it.")
    case .partly: said("\(router) meets it in part.")
    case .notMet: said("\(router) does not meet it.")
    case .notApplicable: said("It could not be tried.")
    }
  }
}

extension String {
  fileprivate var lowercasedFirst: String {
    // An abbreviation is not changed.
    guard let first, dropFirst().first?.isUppercase != true else { return self }
    return first.lowercased() + dropFirst()
  }
}

extension ExperimentRow {
  /// The packet's endpoints, its contents, and its fate.
  fileprivate var lines: [StyledText] {
    var lines: [StyledText] = ["\(hop.source, .address) → \(hop.destination, .address)"]
    if let text = hop.text { lines.append(said("says \("\"\(text)\"", .payload)")) }
    if let icmp = hop.icmp { lines.append("ICMP \(icmp.name.replacing("-", with: " "))") }
    if let piece = hop.fragment {
      lines.append(said("a piece, from byte \(piece.offset) on\(piece.hasMore ? "" : said(", the last"))"))
    }
    if let flags = hop.flags { lines.append("TCP \(flags.names.joined(separator: "+").uppercased())") }
    return lines + fate
  }

  private var fate: [StyledText] {
    if let reason = hop.reason { return ["\(said("✗ dropped:"), .refused) \(reason.rawValue, .refused)"] }
    if hop.verdict == .sent { return [said("is sent by \(hop.node, .name)")] }
    if hop.verdict == .dropped { return ["\(said("✗ waits in vain"), .refused)"] }
    let row: StyledText = hop.mappingChange == .created ? "\(said(", by a new row"), .new)" : ""
    switch (hop.newSource, hop.newDestination) {
    case (let source?, let destination?):
      return [said("is turned round: from \(source, .changed)"), said("to \(destination, .changed)") + row]
    case (let source?, nil): return [said("leaves from \(source, .changed)") + row]
    case (nil, let destination?): return [said("comes in, to \(destination, .changed)")]
    case (nil, nil): return [said("passes as it is") + row]
    }
  }
}
