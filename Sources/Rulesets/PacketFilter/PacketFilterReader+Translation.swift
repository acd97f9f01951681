// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension PacketFilterReader {
  /// A rule that translates, or passes.
  mutating func takeTranslation(_ line: SourceLine, _ words: PacketFilterWords) throws(RulesetFault) {
    let parts: (before: PacketFilterWords, after: PacketFilterWords)?
    var verb = words.first ?? ""
    if let arrow = words.split(at: "->") {
      parts = arrow
    } else {
      let modern = ["nat-to", "rdr-to", "binat-to"].first { words.has($0) }
      parts = modern.flatMap { words.split(at: $0) }
      if let modern { verb = String(modern.dropLast(3)) }
    }
    guard let (before, after) = parts else {
      if verb == "no", words.has("nat") || words.has("binat") { return takeExemption(line, words) }
      if verb == "nat" || verb == "rdr" || verb == "binat" {
        throw .broken(
          line: line.number, text: String(line.text), why: said("'->' and the new address are missing; was it cut off?")
        )
      }
      return takePass(line, verb, words)
    }
    guard !words.has("inet6") else { return draft.notes.unread(line.number, said("IPv6 is never translated here")) }
    guard let target = after.first else {
      throw .broken(
        line: line.number, text: String(line.text), why: said("the new address is missing; was it cut off?"))
    }
    switch verb {
    case "nat": takeSource(line, before, after, target)
    case "rdr": takeRedirection(line, before, after)
    case "binat": takePair(line, before, target)
    default: draft.notes.unread(line.number, said("'\(verb)' has no counterpart"))
    }
  }

  private mutating func takePass(_ line: SourceLine, _ verb: String, _ words: PacketFilterWords) {
    if noteClamping(line, words) { return }
    if let most = words.word(after: "max-src-states").flatMap({ Int($0) }) {
      draft.set(line.number, Properties.maximumMappingsPerHost(max(most, 1)))
    } else if verb == "no" {
      draft.notes.unread(line.number, said("natsh forwards or does not; it has no exceptions"))
    } else {
      draft.notes.became(line.number, said("let through: answers, what is forwarded, and what comes from inside"))
    }
  }

  /// `no nat on $ext from any to 10.0.0.0/8`
  private mutating func takeExemption(_ line: SourceLine, _ words: PacketFilterWords) {
    let prefixes = (words.addresses(after: "to")?.items ?? []).flatMap(members).compactMap { RuleValues.prefix($0) }
    if prefixes.isEmpty {
      draft.notes.unread(line.number, said("natsh leaves packets alone by their destination only"))
    } else {
      draft.addExemption(line.number, prefixes)
    }
  }

  private mutating func takeSource(
    _ line: SourceLine, _ before: PacketFilterWords, _ after: PacketFilterWords, _ target: String
  ) {
    let interface = before.word(after: "on")
    if let interface, let outside, interface != outside {
      turning = turning ?? line.number
      draft.notes.became(line.number, said("hairpinning: what is turned round leaves by the router as well"))
      return
    }
    if !before.list(after: "proto").isEmpty, translates {
      draft.notes.unread(line.number, said("natsh translates every protocol in the same way"))
      return
    }
    outside = outside ?? interface
    translates = true
    if let source = before.addresses(after: "from"), !source.isNegated {
      for item in source.items.flatMap(members) {
        if let prefix = RuleValues.prefix(item), item != "any" { draft.addInside(line.number, prefix) }
      }
    }
    if let destination = before.addresses(after: "to"), destination.isNegated {
      let prefixes = destination.items.flatMap(members).compactMap { RuleValues.prefix($0) }
      if !prefixes.isEmpty { draft.addExemption(line.number, prefixes) }
    }
    let addresses = after.list(after: "->").isEmpty ? Self.targets(after).flatMap(members) : []
    let known = addresses.flatMap { RuleValues.addresses($0) ?? [] }
    if known.isEmpty {
      draft.notes.became(line.number, said("nat on: the outside address is that of interface \(Self.bare(target))"))
    } else {
      draft.addOutside(line.number, known)
    }
    takePool(line, after, count: known.count)
  }

  /// The ports and the choice of addresses.
  private mutating func takePool(_ line: SourceLine, _ after: PacketFilterWords, count: Int) {
    if after.has("static-port") {
      draft.set(line.number, Properties.ports(.overload), because: said("static-port keeps the inside port"))
    } else if let range = after.word(after: "port").flatMap({ RuleValues.ports($0, separator: ":") }) {
      draft.set(line.number, Properties.ports(.random(range)))
    } else {
      draft.set(line.number, Properties.ports(.random(50_001...65_535)), because: said("pf's own range"))
    }
    if after.has("endpoint-independent") { draft.set(line.number, Properties.mapping(.endpointIndependent)) }
    guard count > 1 else { return }
    let keeps = after.has("sticky-address") || after.has("source-hash")
    draft.set(line.number, Properties.pooling(keeps ? .paired : .arbitrary))
  }

  private mutating func takeRedirection(_ line: SourceLine, _ before: PacketFilterWords, _ after: PacketFilterWords) {
    let hosts = Self.targets(after).flatMap(members).flatMap { RuleValues.addresses($0) ?? [] }
    guard let inside = hosts.first, hosts.count == 1 else {
      draft.notes.unread(
        line.number,
        hosts.isEmpty
          ? said("it does not lead to an address") : said("one of several hosts would get it; natsh forwards to one"))
      return
    }
    guard inside.ipv4Bits >> 24 != 127 else {
      draft.notes.unread(line.number, said("natsh's routers run no services to which packets could be redirected"))
      return
    }
    if let source = before.addresses(after: "from"), source.items != ["any"] {
      draft.notes.unread(line.number, said("it is for certain senders; natsh's forwards are for everyone"))
      return
    }
    if let interface = before.word(after: "on") {
      if let outside, interface != outside, interface != "{" {
        redirectsInside = true
        draft.notes.became(line.number, said("hairpinning: for packets from inside as well"))
        return
      }
    } else {
      redirectsInside = true
    }
    let address = before.address(after: "to").flatMap { IPAddress($0) }
    guard let ranges = before.ports(after: "to") else {
      draft.addForward(line.number, .all(to: inside))
      return
    }
    let names = before.list(after: "proto")
    let transports = TransportProtocol.allCases.filter { $0 != .icmp && (names.isEmpty || names.contains($0.name)) }
    let target = after.word(after: "port")
    let first = target.flatMap { RuleValues.port($0.prefix { $0 != ":" }) }
    if ranges.isEmpty || target != nil && first == nil {
      draft.notes.unread(line.number, said("its ports are not plain numbers or ranges"))
      return
    }
    for transport in transports {
      for range in ranges {
        if let target, range.count > 1, !target.hasSuffix(":*") {
          draft.notes.unread(line.number, said("\(range.count) ports become one; natsh's forwards go one to one"))
          continue
        }
        draft.addForward(
          line.number,
          .ports(transport, range, of: address, to: Endpoint(inside, first ?? range.lowerBound)))
      }
    }
  }

  /// `binat on $ext from 192.168.1.5 to any -> 203.0.113.9`
  private mutating func takePair(_ line: SourceLine, _ before: PacketFilterWords, _ target: String) {
    guard let inside = before.address(after: "from").flatMap({ RuleValues.prefix($0) }),
      let own = RuleValues.prefix(Self.bare(target)), inside.length == own.length,
      own.addressCount <= UInt64(RouterDraft.mostAddresses)
    else {
      draft.notes.unread(line.number, said("natsh needs as many addresses outside as inside, and at most 256"))
      return
    }
    translates = true
    outside = outside ?? before.word(after: "on")
    for offset in 0..<UInt32(own.addressCount) {
      let address = IPAddress(ipv4: own.address.ipv4Bits + offset)
      let host = IPAddress(ipv4: inside.address.ipv4Bits + offset)
      guard inside.length == 32 || inside.isHostAddress(host) else { continue }
      draft.addOutside(line.number, [address])
      draft.addForward(line.number, .address(address, to: host))
    }
  }

  /// The new addresses: one word, or a list.
  private static func targets(_ after: PacketFilterWords) -> [String] {
    guard after.first == "{" else { return after.first.map { [bare($0)] } ?? [] }
    return after.words.dropFirst().prefix { $0 != "}" }.filter { $0 != "," }.map(bare)
  }

  /// Without the parentheses that say that the address may change, and without `:0`.
  private static func bare(_ word: String) -> String {
    String(word.filter { $0 != "(" && $0 != ")" }.prefix { $0 != ":" })
  }
}
