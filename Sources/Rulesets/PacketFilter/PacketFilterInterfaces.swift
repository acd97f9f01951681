// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Which way interfaces lead, as far as the rules of a pf.conf show it.
struct PacketFilterInterfaces {
  /// The interfaces on which packets are translated on their way out, in the order of the rules. The first is the way out
  /// that natsh's router has.
  private(set) var outward: [String] = []
  private(set) var inward: Set<String> = []

  /// The group of the interfaces that default routes lead to.
  private static let egress = "egress"

  init(_ statements: [PacketFilterWords], _ members: (String) -> [String]) {
    let sources = statements.filter { ["nat", "binat"].contains($0.translation?.verb) }
    func prefixes(_ items: [String]) -> [IPPrefix] {
      items.flatMap(members).compactMap { $0 == "any" ? nil : RuleValues.prefix($0) }
    }
    var networks: [IPPrefix] = []
    for words in statements {
      guard let (verb, before, after) = words.translation else { continue }
      if verb == "rdr" {
        networks += prefixes(after.targets)
      } else if let from = before.addresses(after: "from"), !from.isNegated {
        networks += prefixes(from.items)
        inward.formUnion(from.items.compactMap(Self.interface(ofNetwork:)))
      }
    }
    for words in sources {
      guard let (verb, before, _) = words.translation, let match = before.interfaces, !match.isNegated else { continue }
      let isTurned =
        verb == "nat"
        && (before.word(after: "received-on").map(match.items.contains) ?? false
          || before.addresses(after: "to").map { to in
            !to.isNegated
              && to.items.flatMap(members).allSatisfy { item in
                Self.interface(ofNetwork: item).map { match.items.contains($0) || inward.contains($0) }
                  ?? RuleValues.prefix(item).map { target in
                    item != "any" && networks.contains(where: target.overlaps)
                  } ?? false
              }
          } ?? false)
      if isTurned {
        inward.formUnion(match.items)
      } else {
        outward += match.items.filter { !outward.contains($0) }
      }
    }
    inward.subtract(outward.first.map { [$0] } ?? [])
    outward.removeAll(where: inward.contains)
  }

  /// `em1` of `em1:network`.
  private static func interface(ofNetwork word: String) -> String? {
    let bare = word.filter { $0 != "(" && $0 != ")" }
    return bare.hasSuffix(":network") ? String(bare.dropLast(":network".count)) : nil
  }

  /// Which way the interfaces of a rule lead: true is outside; nil is either. `unknown` is what to take an interface for that no
  /// rule shows to lead anywhere.
  func leadsOutside(_ match: (items: [String], isNegated: Bool)?, unknown: Bool = true) -> Bool? {
    guard let match, match.items != ["any"] else { return nil }
    if match.isNegated {
      return outward.isEmpty ? true : outward.allSatisfy(match.items.contains) ? false : true
    }
    let sides = Set(match.items.map { side($0, unknown) })
    return sides.count == 1 ? sides.first ?? nil : nil
  }

  private func side(_ name: String, _ unknown: Bool) -> Bool {
    if name == Self.egress || outward.contains(name) { return true }
    if inward.contains(name) || name.hasPrefix("lo") { return false }
    return unknown && (outward.isEmpty || outward == [Self.egress])
  }

  /// The ways out that the rule names beside the one that natsh's router has; whether it names that one, too.
  func furtherWaysOut(_ match: (items: [String], isNegated: Bool)?) -> (names: [String], hasFirst: Bool) {
    guard let match, !match.isNegated, let first = outward.first else { return ([], true) }
    let names = outward.dropFirst().filter { match.items.contains($0) && $0 != Self.egress }
    return (names, names.isEmpty || match.items.contains(first) || match.items.contains(Self.egress))
  }
}
