// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension PacketFilterReader {
  /// A rule that translates, or passes.
  mutating func takeTranslation(_ line: SourceLine, _ words: PacketFilterWords) throws(RulesetFault) {
    let verb = words.first ?? ""
    guard let (action, before, after) = words.translation else {
      if verb == "no", words.has("nat") || words.has("binat") { return takeExemption(line, words) }
      if verb == "no" {
        return draft.notes.unread(line.number, said("natsh forwards or does not; it has no exceptions"))
      }
      if verb == "nat" || verb == "rdr" || verb == "binat" {
        throw .broken(
          line: line.number, text: String(line.text), why: said("'->' and the new address are missing; was it cut off?")
        )
      }
      passes.append((line, words))
      return
    }
    guard !words.has("inet6") else { return draft.notes.unread(line.number, said("IPv6 is never translated here")) }
    guard let target = after.first else {
      throw .broken(
        line: line.number, text: String(line.text), why: said("the new address is missing; was it cut off?"))
    }
    noteRouting(line, words)
    switch action {
    case "nat": takeSource(line, before, after, target)
    case "rdr": takeRedirection(line, before, after)
    case "binat": takePair(line, before, target)
    default: draft.notes.unread(line.number, said("'\(action)' has no counterpart"))
    }
  }

  /// `no nat on $ext from any to 10.0.0.0/8`
  private mutating func takeExemption(_ line: SourceLine, _ words: PacketFilterWords) {
    let items = (words.addresses(after: "to")?.items ?? []).flatMap(members)
    let prefixes = items.compactMap { RuleValues.prefix($0) }
    let isOfOneHost = words.address(after: "from").flatMap { RuleValues.prefix($0) }?.length == 32
    if prefixes.isEmpty || prefixes.count < items.count || words.has("proto") || words.has("port") || isOfOneHost
      || words.addresses(after: "to")?.isNegated == true
    {
      draft.notes.unread(line.number, said("natsh leaves packets alone by their destination only"))
    } else {
      draft.addExemption(line.number, prefixes)
    }
  }

  /// Notes that natsh's router has one way out; true if the rule is for another alone.
  private mutating func isOfAnotherWayOut(_ line: SourceLine, _ words: PacketFilterWords) -> Bool {
    let further = interfaces.furtherWaysOut(words.interfaces)
    guard let first = interfaces.outward.first, !further.names.isEmpty else { return false }
    draft.notes.unread(
      line.number,
      said(
        "a router here has one way out, \(first), so \(further.names.joined(separator: ", ")) is left out; ",
        "`router NAME beside ROUTER` adds a second gateway"))
    return !further.hasFirst
  }

  private mutating func takeSource(
    _ line: SourceLine, _ before: PacketFilterWords, _ after: PacketFilterWords, _ target: String
  ) {
    if interfaces.leadsOutside(before.interfaces) == false {
      turning = turning ?? line.number
      draft.notes.became(line.number, said("hairpinning: what is turned round leaves by the router as well"))
      return
    }
    if isOfAnotherWayOut(line, before) { return }
    let source = before.addresses(after: "from")
    let destination = before.addresses(after: "to")
    let isOfOthers =
      source?.isNegated == true
      && source?.items.contains { interfaces.outward.contains(PacketFilterWords.bare($0)) } == false
    let isToSome = destination.map { !$0.isNegated && $0.items != ["any"] } ?? false
    if isOfOthers || isToSome || before.has("port") || before.has("tagged") {
      draft.notes.unread(
        line.number, said("it translates only some packets; natsh's routers translate whatever comes from inside"))
      return
    }
    let known = after.targets.flatMap(members).flatMap { RuleValues.addresses($0) ?? [] }
    let hosts = (source?.items ?? []).flatMap(members).compactMap { RuleValues.prefix($0) }
    if let host = hosts.first, hosts.count == 1, host.length == 32, known.count == 1 {
      translates = true
      ownAddresses[host.address] = (line.number, known[0])
      return
    }
    if let shared = sharedAddresses, shared != known {
      draft.notes.unread(
        line.number, said("the outside address is the same for every host here: natsh does not choose by rule"))
      return
    }
    sharedAddresses = known
    translates = true
    let names = before.list(after: "proto")
    translatedProtocols.formUnion(names.isEmpty ? ["tcp", "udp"] : names)
    if !names.isEmpty { limitedLines.append(line.number) }
    if source?.isNegated != true { for prefix in hosts { draft.addInside(line.number, prefix) } }
    if let destination, destination.isNegated {
      let items = destination.items.flatMap(members)
      let prefixes = items.compactMap { RuleValues.prefix($0) }
      if !prefixes.isEmpty { draft.addExemption(line.number, prefixes) }
      if prefixes.isEmpty || prefixes.count < items.count {
        draft.notes.unread(line.number, said("the addresses that it leaves alone are not in this file"))
      }
    }
    if known.isEmpty {
      draft.notes.became(
        line.number, said("nat on: the outside address is that of interface \(PacketFilterWords.bare(target))"))
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
    let hosts = after.targets.flatMap(members).flatMap { RuleValues.addresses($0) ?? [] }
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
    let side = interfaces.leadsOutside(before.interfaces)
    if let source = before.addresses(after: "from"), source.items != ["any"], side != false {
      draft.notes.unread(line.number, said("it is for certain senders; natsh's forwards are for everyone"))
      return
    }
    if before.addresses(after: "to")?.isNegated == true || before.has("tagged") {
      draft.notes.unread(line.number, said("'!' before an address or a port has no counterpart in a forward"))
      return
    }
    let whats = forwards(line, before, after, to: inside)
    if side == false {
      if !whats.isEmpty { turned.append((line.number, whats)) }
      return
    }
    if side == nil, !whats.isEmpty { redirectsInside = true }
    for what in whats { draft.addForward(line.number, what) }
    let further = interfaces.furtherWaysOut(before.interfaces)
    if !whats.isEmpty, !further.hasFirst, let first = interfaces.outward.first {
      let names = further.names.joined(separator: ", ")
      draft.notes.became(line.number, said("from outside, which is \(first) here rather than \(names)"))
    }
  }

  /// What a redirection forwards.
  private mutating func forwards(
    _ line: SourceLine, _ before: PacketFilterWords, _ after: PacketFilterWords, to inside: IPAddress
  ) -> [RouterDraft.Forward.What] {
    let names = before.list(after: "proto")
    let transports = TransportProtocol.allCases.filter { $0 != .icmp && (names.isEmpty || names.contains($0.name)) }
    if names.contains(where: { $0 != "tcp" && $0 != "udp" }) {
      draft.notes.unread(line.number, said("natsh forwards UDP and TCP"))
    }
    guard !transports.isEmpty else { return [] }
    let addresses = (before.addresses(after: "to")?.items ?? []).flatMap(members).compactMap { IPAddress($0) }
    if addresses.count > 1 {
      draft.notes.unread(line.number, said("a port that is forwarded is one of the router's first address"))
    }
    let address = addresses.count == 1 ? addresses.first : nil
    let target = after.word(after: "port")
    guard let ranges = before.ports(after: "to") else {
      if target != nil {
        draft.notes.unread(line.number, said("many ports become few; natsh's forwards go one to one"))
        return []
      }
      if transports.count == 1 {
        draft.notes.unread(line.number, said("what is nobody else's goes to a host over UDP and TCP alike"))
      }
      if let address, ownAddresses[inside]?.address == address { return [.address(address, to: inside)] }
      return [.all(of: address, to: inside)]
    }
    let first = target.flatMap { RuleValues.port($0.prefix { $0 != ":" }) }
    if ranges.isEmpty || target != nil && first == nil {
      draft.notes.unread(line.number, said("its ports are not plain numbers or ranges"))
      return []
    }
    var whats: [RouterDraft.Forward.What] = []
    for transport in transports {
      for range in ranges {
        if let target, range.count > 1, !target.hasSuffix(":*") {
          draft.notes.unread(line.number, said("\(range.count) ports become one; natsh's forwards go one to one"))
          continue
        }
        whats.append(.ports(transport, range, of: address, to: Endpoint(inside, first ?? range.lowerBound)))
      }
    }
    return whats
  }

  /// `binat on $ext from 192.168.1.5 to any -> 203.0.113.9`
  private mutating func takePair(_ line: SourceLine, _ before: PacketFilterWords, _ target: String) {
    if isOfAnotherWayOut(line, before) { return }
    guard let inside = before.address(after: "from").flatMap({ RuleValues.prefix($0) }),
      let own = RuleValues.prefix(PacketFilterWords.bare(target)), inside.length == own.length,
      own.addressCount <= UInt64(RouterDraft.mostAddresses)
    else {
      draft.notes.unread(line.number, said("natsh needs as many addresses outside as inside, and at most 256"))
      return
    }
    guard before.addresses(after: "to").map({ $0.items == ["any"] }) ?? true, !before.has("proto") else {
      draft.notes.unread(
        line.number, said("it translates only some packets; natsh's routers translate whatever comes from inside"))
      return
    }
    translates = true
    pairs.append(line.number)
    for offset in 0..<UInt32(own.addressCount) {
      let address = IPAddress(ipv4: own.address.ipv4Bits + offset)
      let host = IPAddress(ipv4: inside.address.ipv4Bits + offset)
      guard inside.length == 32 || inside.isHostAddress(host) else { continue }
      draft.addOutside(line.number, [address])
      draft.addForward(line.number, .address(address, to: host))
    }
  }

  /// What could be told only when every rule was read.
  mutating func finishTranslation() {
    for (line, whats) in turned {
      if whats.allSatisfy(draft.forwards(what:)) {
        redirectsInside = true
        draft.notes.became(line, said("hairpinning: for packets from inside as well"))
      } else {
        draft.notes.unread(
          line, said("it is for packets from inside alone, and natsh forwards what comes from outside"))
      }
    }
    if !translatedProtocols.isSuperset(of: ["tcp", "udp"]) {
      for line in limitedLines { draft.notes.unread(line, said("natsh translates every protocol in the same way")) }
    }
    for (host, own) in ownAddresses.sorted(by: { $0.value.line < $1.value.line }) {
      if draft.forwards.contains(where: { $0.what == .address(own.address, to: host) }) {
        draft.addOutside(own.line, [own.address])
      } else {
        draft.notes.unread(
          own.line, said("\(host) has \(own.address) outwards only; natsh's one-to-one NAT goes both ways"))
      }
    }
    guard sharedAddresses == nil else { return }
    for line in pairs + ownAddresses.values.map(\.line) {
      draft.notes.unread(line, said("the other hosts leave untranslated; here they share the router's address"))
    }
  }
}
