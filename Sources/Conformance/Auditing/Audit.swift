// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// A router's NAT judged by the standards. Every verdict comes from packets that were really sent, and every fix from
/// experiments repeated with the setting changed.
package struct Audit: Sendable {
  let subject: NATUnderTest

  package init(name: String, behavior: NATBehavior, external: [IPAddress], inside: IPPrefix?) {
    subject = NATUnderTest(name: name, behavior: behavior, external: external, inside: inside)
  }

  /// Whether the router translates at all; if it does not, RFC 4787 has nothing to ask of it.
  package var applies: Bool { subject.behavior.translates && !subject.external.isEmpty }

  /// The findings about all requirements, or about those given.
  func findings(_ requirements: [Requirement] = Requirement.all) -> [Finding] { requirements.map(finding) }

  func finding(_ requirement: Requirement) -> Finding {
    guard applies else { return Self.inapplicable(requirement, to: subject) }
    let main = requirement.main.examine(subject)
    let parts = requirement.parts.map { part in
      let evidence = part.examine(subject)
      let mend = evidence.holds == false ? part.mends.first { part.examine(subject.with($0)).holds == true } : nil
      return finding(part, of: requirement, evidence, outcome: Self.outcome(evidence.holds, []), mend: mend, parts: [])
    }
    let outcome = Self.outcome(main.holds, parts.map(\.met))
    let mend = outcome == .notMet || outcome == .partly ? mend(requirement, isMainBroken: main.holds == false) : nil
    return finding(requirement.main, of: requirement, main, outcome: outcome, mend: mend, parts: parts)
  }

  private static func outcome(_ main: Bool?, _ parts: [Bool?]) -> RequirementOutcome {
    switch main {
    case nil: .notApplicable
    case false?: .notMet
    case true?: parts.contains(false) ? .partly : .met
    }
  }

  /// The first of the requirement's mends that does all that it asks; else the first that does what was missing most.
  private func mend(_ requirement: Requirement, isMainBroken: Bool) -> [PropertyValue]? {
    let candidates = requirement.main.mends + requirement.parts.flatMap(\.mends)
    let isWhole = { (subject: NATUnderTest) in
      requirement.main.examine(subject).holds == true
        && !requirement.parts.contains { $0.examine(subject).holds == false }
    }
    if let whole = candidates.first(where: { isWhole(subject.with($0)) }) { return whole }
    guard isMainBroken else { return nil }
    return candidates.first { requirement.main.examine(subject.with($0)).holds == true }
  }

  private func finding(
    _ criterion: Criterion, of requirement: Requirement, _ evidence: Evidence, outcome: RequirementOutcome,
    mend: [PropertyValue]?, parts: [Finding]
  ) -> Finding {
    let property = evidence.decidedBy ?? criterion.property
    return Finding(
      requirement: criterion.id, rfc: requirement.rfc, section: requirement.section, level: criterion.level,
      asks: criterion.asks, outcome: outcome, met: evidence.holds,
      setting: property.flatMap { $0.value(in: subject.behavior) },
      mend: mend.map { values in
        values.map { "set \(subject.name) \($0.property.name) \($0.shortText)" }.joined(separator: "; ")
      }, shown: evidence.shown, why: criterion.why, experiment: evidence.rows, parts: parts)
  }

  /// The findings for a router that does not translate.
  private static func inapplicable(_ requirement: Requirement, to subject: NATUnderTest) -> Finding {
    let isSetSo = !subject.behavior.translates
    return Finding(
      requirement: requirement.id, rfc: requirement.rfc, section: requirement.section, level: requirement.main.level,
      asks: requirement.main.asks, outcome: .notApplicable, met: nil, setting: isSetSo ? Properties.nat(false) : nil,
      mend: nil,
      shown: said("\(subject.name) does not translate")
        + (isSetSo ? "." : said(": it has no outside IPv4 address, and IPv6 is never translated.")),
      why: requirement.main.why, experiment: [], parts: [])
  }
}

extension PropertyValue {
  /// The shortest words that `set` accepts for it: `eim`.
  fileprivate var shortText: String {
    guard case .words(let words) = property.grammar else {
      // `random` alone means all ports except the well-known ones.
      return self == Properties.ports(.random(1_024...65_535)) ? "random" : description
    }
    return words.first { $0.name == description }?.short ?? description
  }
}
