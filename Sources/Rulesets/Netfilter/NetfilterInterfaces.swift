// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Which way interfaces lead, as far as rules of netfilter show it.
struct NetfilterInterfaces {
  /// The interfaces by which packets leave that are translated, in the order of the rules. The first is the way out that
  /// natsh's router has.
  private(set) var outward: [String] = []
  /// Interfaces that lead inside.
  private(set) var inward: Set<String> = ["lo"]
  /// The networks inside, as far as rules name them.
  private var networks: [IPPrefix] = []

  init(_ chains: NetfilterChains) {
    let sources = chains.rules(at: .postrouting, type: "nat").filter { !$0.isIPv6 && $0.action.translatesSource }
    let destinations = chains.rules(at: .prerouting, type: "nat").filter { !$0.isIPv6 }
    networks = sources.flatMap { $0.source?.isNegated == false ? $0.source?.values ?? [] : [] }
    for rule in destinations {
      if case .destination(let new) = rule.action {
        networks += new.addresses.compactMap { IPPrefix(containing: $0, length: 32) }
      }
    }
    for rule in sources {
      if let match = rule.inInterface, !match.isNegated { inward.formUnion(match.values) }
      guard let match = rule.outInterface else { continue }
      if match.isNegated || leadsToNetworkInside(rule) {
        inward.formUnion(match.values)
      } else if rule.unknown.isEmpty, rule.statuses == nil {
        outward += match.values.filter { !outward.contains($0) }
      }
    }
    takePassing(chains)
    let found = outward.filter { !inward.contains($0) }
    if found.isEmpty { inward.subtract(outward) } else { outward = found }
    if outward.isEmpty { outward = Self.outward(of: chains, destinations, except: inward) }
  }

  /// The beginnings of the names of tunnels, whose other end may be trusted without being inside.
  private static let tunnels = ["tun", "tap", "wg", "ppp", "ipsec", "vti", "gre", "sit"]

  /// What may pass without a condition, or reach the router itself, comes from inside.
  private mutating func takePassing(_ chains: NetfilterChains) {
    var pairs: Set<[String]> = []
    for rule in chains.rules(at: .forward) + chains.rules(at: .input) {
      guard case .accept = rule.action, rule.isUnconditional || rule.states?.values.contains("new") == true,
        let from = rule.inInterface, !from.isNegated
      else { continue }
      for name in from.values where !Self.tunnels.contains(where: name.hasPrefix) {
        guard let to = rule.outInterface else {
          if outward.contains(where: { $0 != name }) { pairs.insert([name, ""]) }
          continue
        }
        if !to.isNegated { for out in to.values where outward.contains(out) { pairs.insert([name, out]) } }
      }
    }
    for pair in pairs where !pairs.contains(pair.reversed()) { inward.insert(pair[0]) }
  }

  /// Where nothing names the interface of what is translated: those from which something is forwarded, else the first
  /// from which something is dropped.
  private static func outward(
    of chains: NetfilterChains, _ destinations: [NetfilterRule], except inward: Set<String>
  ) -> [String] {
    func names(_ rule: NetfilterRule) -> [String] {
      guard let match = rule.inInterface, !match.isNegated else { return [] }
      return match.values.filter { !inward.contains($0) }
    }
    var found: [String] = []
    for rule in destinations where rule.action.translatesDestination {
      found += names(rule).filter { !found.contains($0) }
    }
    if !found.isEmpty { return found }
    let drops = (chains.rules(at: .forward) + chains.rules(at: .input)).filter {
      switch $0.action {
      case .drop, .reject: $0.outInterface == nil && names($0).count == 1
      default: false
      }
    }
    return (drops.first(where: \.isUnconditional) ?? drops.first).map(names) ?? []
  }

  /// Which way an interface leads: true is outside; nil is either.
  func leadsOutside(_ match: NetfilterRule.Match<String>?) -> Bool? {
    guard let match else { return nil }
    if match.isNegated {
      let left = outward.filter { name in !match.values.contains { Self.covers($0, name) } }
      return left.isEmpty && !outward.isEmpty ? false : left.count == outward.count ? true : nil
    }
    let sides = Set(match.values.map(side))
    return sides.count == 1 ? sides.first ?? nil : nil
  }

  private func side(_ name: String) -> Bool? {
    let isOutward = outward.contains { Self.covers(name, $0) }
    let isInward = inward.contains { $0 != "lo" && Self.covers(name, $0) } || name == "lo"
    return isOutward && isInward ? nil : isOutward || !isInward && outward.isEmpty
  }

  /// Whether a name, which may end in `*` or `+`, is that of an interface.
  private static func covers(_ name: String, _ interface: String) -> Bool {
    name == interface || (name.hasSuffix("*") || name.hasSuffix("+")) && interface.hasPrefix(name.dropLast())
  }

  /// Whether everything that the rule matches is on its way to hosts inside.
  func leadsToNetworkInside(_ rule: NetfilterRule) -> Bool {
    guard let match = rule.destination, !match.isNegated else { return false }
    return match.values.allSatisfy { target in
      target.address.scope == .private
        && networks.contains(where: target.overlaps)
    }
  }

  /// The ways out that the rule names beside the one that natsh's router has; whether it names that one, too.
  func furtherWaysOut(_ match: NetfilterRule.Match<String>?) -> (names: [String], hasFirst: Bool) {
    guard let match, !match.isNegated, let first = outward.first else { return ([], true) }
    let names = outward.dropFirst().filter { name in match.values.contains { Self.covers($0, name) } }
    return (names, match.values.contains { Self.covers($0, first) } || names.isEmpty)
  }
}

extension NetfilterRule.Action {
  /// Whether it gives packets another source.
  var translatesSource: Bool {
    switch self {
    case .masquerade, .source, .sourceByMap, .netmap, .fullCone: true
    default: false
    }
  }

  /// Whether it gives packets another destination.
  var translatesDestination: Bool {
    switch self {
    case .destination, .destinationByMap, .netmap, .fullCone: true
    default: false
    }
  }
}
