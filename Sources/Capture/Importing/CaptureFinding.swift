// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// What a capture says about one property of a router.
struct CaptureFinding: Hashable, Sendable, Encodable {
  /// Nil while the router has no name.
  var router = ""
  /// `mapping`, `filtering` or `ports`.
  var property: String
  /// The values that the capture contradicts.
  var not: [String]
  /// The value that is set; nil if the default fits, or nothing does.
  var value: String?
  /// The evidence, in words.
  var words: String
}

extension CaptureSurvey {
  private static let kinds = ["endpoint-independent", "address-dependent", "address-and-port-dependent"]

  /// What contradicts which behaviour of the router with that outside address.
  func findings(_ outside: IPAddress) -> [CaptureFinding] {
    [mapping(outside), filtering(outside), ports(outside)].compactMap(\.self)
  }

  /// The translations by that outside address, in an order that does not depend on a dictionary's.
  private func flows(_ outside: IPAddress) -> [(flow: Flow, translations: [Translation])] {
    translations.map { ($0.key, $0.value.filter { $0.outside.address == outside }) }
      .filter { !$0.1.isEmpty }
      .sorted {
        ($0.0.transport.rawValue, $0.0.inside.description) < ($1.0.transport.rawValue, $1.0.inside.description)
      }
  }

  private func mapping(_ outside: IPAddress) -> CaptureFinding? {
    var evidence: [String: String] = [:]
    func contradict(_ kinds: [String], _ words: String) {
      for kind in kinds where evidence[kind] == nil { evidence[kind] = words }
    }
    for (flow, translations) in flows(outside) where flow.transport != .icmp {
      for (index, one) in translations.enumerated() {
        for other in translations.dropFirst(index + 1) where other.remote != one.remote {
          let isSameAddress = one.remote.address == other.remote.address
          let place = said("\(flow.inside) to \(one.remote) and \(other.remote)")
          let what = isSameAddress ? said("one destination, two of its ports") : said("two destinations")
          if one.outside == other.outside {
            contradict(
              isSameAddress ? ["address-and-port-dependent"] : ["address-dependent", "address-and-port-dependent"],
              said("\(what), one outside port: \(place)"))
          } else {
            contradict(
              isSameAddress ? ["endpoint-independent", "address-dependent"] : ["endpoint-independent"],
              said("\(what), two outside ports: \(place)"))
          }
        }
      }
    }
    return finding("mapping", evidence)
  }

  private func filtering(_ outside: IPAddress) -> CaptureFinding? {
    var evidence: [String: String] = [:]
    let knocks = knocks.filter { $0.outside.address == outside && $0.acquaintance != .endpoint }
      .sorted { ($0.remote.description, $0.outside.description) < ($1.remote.description, $1.outside.description) }
    for knock in knocks {
      let isStranger = knock.acquaintance == .none
      let kinds =
        switch (knock.passed, isStranger) {
        case (true, true): ["address-dependent", "address-and-port-dependent"]
        case (true, false): ["address-and-port-dependent"]
        case (false, true): ["endpoint-independent"]
        case (false, false): ["endpoint-independent", "address-dependent"]
        }
      let who =
        isStranger ? said("to whose address nothing had been sent") : said("to whose port nothing had been sent")
      for kind in kinds where evidence[kind] == nil {
        evidence[kind] =
          said("\(knock.remote), \(who), was \(knock.passed ? said("let in") : said("kept out")) at \(knock.outside)")
      }
    }
    return finding("filtering", evidence)
  }

  private func ports(_ outside: IPAddress) -> CaptureFinding? {
    let all = flows(outside).flatMap { flow, translations in
      flow.transport == .icmp ? [] : translations.map { (flow.inside, $0.outside) }
    }
    guard let first = all.first else { return nil }
    if let changed = all.first(where: { $0.0.port != $0.1.port }) {
      return CaptureFinding(
        property: "ports", not: ["preserve"], value: nil,
        words: said("\(changed.0) became \(changed.1), with another port"))
    }
    return CaptureFinding(
      property: "ports", not: ["sequential"], value: "preserve",
      words: said("\(first.0) became \(first.1), with its own port"))
  }

  private func finding(_ property: String, _ evidence: [String: String]) -> CaptureFinding? {
    let contradicted = Self.kinds.filter { evidence[$0] != nil }
    guard let first = contradicted.first else { return nil }
    let left = Self.kinds.filter { evidence[$0] == nil }
    let words = contradicted.compactMap { evidence[$0] }.reduce(into: [String]()) { list, words in
      if !list.contains(words) { list.append(words) }
    }
    // Of two that are left, the mapping that is common, and the filtering that lets in less.
    let value = first == Self.kinds[0] ? left.last : left.first
    return CaptureFinding(property: property, not: contradicted, value: value, words: words.joined(separator: "; "))
  }
}
