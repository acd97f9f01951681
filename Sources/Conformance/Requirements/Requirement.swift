// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// How strongly a standard asks for something (RFC 2119).
package enum RequirementLevel: String, Encodable, Sendable {
  case must
  case should
  case recommended
  case may
}

/// One sentence of a standard, and the experiment that decides whether a NAT obeys it.
struct Criterion: Sendable {
  /// `REQ-3a`
  var id: String
  var level: RequirementLevel
  /// Its demand, in a few words of our own; a line's worth.
  var asks: String
  /// Why it matters: the damage if it is not met.
  var why: String
  /// The property that decides it, if there is one.
  var property: Property?
  /// Settings that may fix it, tried in order.
  var mends: [[PropertyValue]] = []
  var examine: @Sendable (NATUnderTest) -> Evidence
}

/// A requirement: its main sentence, and those below it that are more than permission.
struct Requirement: Sendable {
  var rfc: Int
  /// `4.2.1`
  var section: String
  var main: Criterion
  var parts: [Criterion] = []

  var id: String { main.id }

  /// All requirements that natsh can judge: RFC 4787's in their order, then RFC 7857's additions.
  static let all = rfc4787 + rfc7857

  /// The standards, each of which is judged alone when it is asked for by its name, `rfc5382`.
  static let standards: [(rfc: Int, subject: String, requirements: [Requirement])] = [
    (4787, "UDP", rfc4787), (7857, said("NATs in general"), rfc7857), (5382, "TCP", rfc5382),
    (5508, "ICMP", rfc5508), (6888, said("carriers' NATs"), rfc6888),
  ]

  /// The standard that a learner means: `rfc5382`, `RFC-5382`, `5382`.
  static func standard(named word: String) -> (rfc: Int, subject: String, requirements: [Requirement])? {
    standards.first { "\($0.rfc)" == plain(word) }
  }

  /// The requirement that a learner means: `REQ-9`, `req9`, `9`, `4787-9`, `REQ-3a` for the whole of REQ-3, `7857-9`.
  static func named(_ word: String) -> Requirement? {
    let wanted = Self.bare(word)
    let known = standards.flatMap(\.requirements)
    return known.first { bare($0.id) == wanted || $0.parts.contains { bare($0.id) == wanted } }
  }

  /// The word without parts that make no difference.
  private static func bare(_ word: String) -> String {
    var rest = plain(word)[...]
    for prefix in ["4787", "req"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
    return String(rest)
  }

  private static func plain(_ word: String) -> String {
    let rest = word.lowercased().filter { !"-_ ".contains($0) }
    return rest.hasPrefix("rfc") ? String(rest.dropFirst(3)) : rest
  }
}

/// The requirements' names, for completion.
public struct RequirementList: WordListing {
  /// The list's name, as the command asks for it.
  static let name = "requirements"

  public init() {}

  public func words(of list: String) -> [Completions.Candidate] {
    guard list == Self.name else { return [] }
    return Requirement.standards.flatMap { standard in
      [Completions.Candidate("rfc\(standard.rfc)", note: said("all that natsh can judge, for \(standard.subject)"))]
        + standard.requirements.map { .init($0.id, note: $0.main.asks) }
    }
  }
}
