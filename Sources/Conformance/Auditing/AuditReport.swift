// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// `audit ROUTER`: the router, requirement by requirement; with a requirement named, that one in full.
package struct AuditReport: ResultContent {
  package var router: String
  /// Whether the router translates, so that there is something to audit.
  package var applies: Bool
  package var findings: [Finding]
  /// Whether one requirement was asked for.
  package var isSingle: Bool
  /// The standard asked for by its name, and its subject; nil for RFC 4787 with RFC 7857.
  package var standard: (rfc: Int, subject: String)?
  /// The experiments' hosts, such as `pc 192.168.1.10`.
  package var cast: [(name: String, address: IPAddress)]

  /// How many of an RFC's requirements had that outcome.
  package func count(_ outcome: RequirementOutcome, rfc: Int) -> Int {
    findings.count { $0.rfc == rfc && $0.outcome == outcome }
  }

  private enum CodingKeys: String, CodingKey { case router, requirements, summary }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(router, forKey: .router)
    try container.encode(findings, forKey: .requirements)
    guard !isSingle else { return }
    var summary: [String: [String: Int]] = [:]
    for rfc in Set(findings.map(\.rfc)) {
      for outcome in RequirementOutcome.allCases {
        summary["\(rfc)", default: [:]][outcome.rawValue] = count(outcome, rfc: rfc)
      }
    }
    try container.encode(summary, forKey: .summary)
  }
}
