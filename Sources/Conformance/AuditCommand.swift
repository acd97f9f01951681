// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `audit ROUTER [REQUIREMENT]`
struct AuditCommand: Command {
  let router: Located<NamedDevice>
  /// Nil means all of them.
  let requirement: Located<String>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    requirement = arguments.optionalText("REQUIREMENT")
  }

  static let declaration = CommandDeclaration(
    Self.self, "audit", strangers: ["conformance", "rfc", "rfc4787", "compliance", "verify"], group: .looking,
    effect: .looks,
    forms: [[.required("ROUTER", .device(.routers)), .optional("REQUIREMENT", .listed(RequirementList.name))]],
    summary: said("checks a router against RFC 4787, requirement by requirement"),
    details: [
      said(
        "RFC 4787 says what a NAT must do so that programs can find their way through it; RFC 7857 came later and added a ",
        "little. For each requirement natsh takes a fresh NAT, set up as the router is, sends packets through ",
        "it, and looks at what happens to them."),
      said(
        "An unmet requirement comes with the reason to care and the command that fixes it. A requirement's name shows that one ",
        "with its packets: `audit home-a REQ-9`. Neither the router nor its table changes."),
      said(
        "`rfc4787` and `rfc7857` audit one of these two alone, `rfc5382` audits TCP, `rfc5508` ICMP, `rfc6888` what a ",
        "carrier owes to its customers, as far as packets can show it. `5382-5` is REQ-5 of RFC 5382."),
    ],
    examples: ["scene one-home", "audit home-a", "audit home-a REQ-9", "audit home-a rfc5382"],
    seeAlso: ["show", "set", "presets", "mapping", "filtering", "hairpinning"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    // Parsing has looked it up already.
    guard let device = session.network.device(named: router.value.name),
      let found = session.network.router(device.id)
    else { throw CommandError(.host(.notAHost(router.value.name)), at: router.columns) }
    var requirements = Requirement.all
    let standard = requirement.flatMap { Requirement.standard(named: $0.value) }
    if let standard {
      requirements = standard.requirements
    } else if let requirement {
      guard let wanted = Requirement.named(requirement.value) else {
        throw CommandError(
          .other(AuditFault.unknownRequirement(requirement.value)), at: requirement.columns,
          suggestion: requirement.value.contains(where: \.isNumber)
            ? nil : Nearest.candidate(to: requirement.value, among: Requirement.all.map(\.id)))
      }
      requirements = [wanted]
    }
    let audit = Audit(
      name: device.name, behavior: found.nat.behavior, external: found.nat.externalAddresses,
      inside: found.prefixes.first { $0.family == .ipv4 })
    return CommandOutcome(
      AuditReport(
        router: device.name, applies: audit.applies, findings: audit.findings(requirements),
        isSingle: requirement != nil && standard == nil, standard: standard.map { ($0.rfc, $0.subject) },
        cast: Party.allCases.compactMap { party in
          audit.subject.addresses[party].map { (party.rawValue, $0) }
        }))
  }
}

/// Why an audit was not carried out.
enum AuditFault: CommandFault {
  case unknownRequirement(String)

  var word: String { "unknown-requirement" }

  var message: String {
    switch self {
    case .unknownRequirement(let word):
      said(
        "there is no requirement '\(word)'. Write REQ-1 to REQ-14 for those of RFC 4787, 7857-5 for section 5 of RFC 7857, ",
        "5382-5 for REQ-5 of RFC 5382; or rfc4787, rfc7857, rfc5382, rfc5508 or rfc6888 for all of a standard")
    }
  }
}

extension Vocabulary {
  /// The part of conformance.
  public static let conformance = Vocabulary([AuditCommand.declaration])
}
