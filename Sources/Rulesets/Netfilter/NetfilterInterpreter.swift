// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What the rules of netfilter amount to, in natsh's axes.
struct NetfilterInterpreter {
  let chains: NetfilterChains
  let kind: RulesetKind
  var draft: RouterDraft
  let interfaces: NetfilterInterfaces
  /// Whether addresses are translated at all.
  var translates = false
  /// Whether a remembered outside endpoint is used again.
  var keepsEndpoints = false
  /// The outside addresses of single hosts, by the host.
  var ownAddresses: [IPAddress: (line: Int, address: IPAddress)] = [:]
  /// The outside addresses that hosts share, none if they are an interface's; nil as long as no rule gives any.
  var sharedAddresses: [IPAddress]?
  /// The protocols whose packets are translated, and the lines that translate some alone.
  var translatedTransports: Set<TransportProtocol> = []
  var limitedLines: [Int] = []
  /// The line that translates what is turned round.
  var turning: Int?
  /// The rules that translate destinations for packets from inside alone.
  var turned: [(line: Int, forwards: [RouterDraft.Forward.What])] = []
  /// Whether a destination is translated for packets from inside as well.
  var translatesInside = false
  /// Whether an earlier rule keeps packets from inside away from those that follow.
  var leavesInside = false
  /// Whether a rule has let something through where packets are forwarded.
  var letsThrough = false
  /// Whether anything keeps strangers out where nothing is translated.
  var guards = false

  static func draft(of chains: NetfilterChains, kind: RulesetKind) throws(RulesetFault) -> RouterDraft {
    var interpreter = NetfilterInterpreter(chains, kind)
    interpreter.readPostrouting()
    interpreter.readPrerouting()
    interpreter.readForward()
    interpreter.readInput()
    interpreter.readRest()
    interpreter.readTimeouts()
    interpreter.finish()
    interpreter.noteRest()
    for (line, why) in chains.unread { interpreter.draft.notes.unread(line, why) }
    let says = chains.chains.values.contains { !$0.rules.isEmpty || $0.drops }
    guard says || chains.forwardsPackets != nil else { throw .nothingInIt(kind) }
    return interpreter.draft
  }

  private init(_ chains: NetfilterChains, _ kind: RulesetKind) {
    self.chains = chains
    self.kind = kind
    // Rules that remember endpoints make a NAT of mappings out of one of flows.
    let remembers =
      chains.maps.values.contains { $0.isDynamic }
      && chains.rules(at: .postrouting).contains {
        if case .remember = $0.action { true } else { false }
      }
    let fromOutsideOnly = chains.rules(at: .forward).contains {
      if case .drop = $0.action { $0.inInterface != nil && $0.states?.values == ["invalid"] } else { false }
    }
    draft = RouterDraft(base: (chains.isExport ? !fromOutsideOnly : remembers) ? .home : .linux)
    interfaces = NetfilterInterfaces(chains)
  }

  /// Which way an interface leads: true is outside; nil is either.
  func leadsOutside(_ match: NetfilterRule.Match<String>?) -> Bool? { interfaces.leadsOutside(match) }

  /// Notes that conditions have no counterpart; true if there are any.
  mutating func refusesConditions(of rule: NetfilterRule, _ what: String) -> Bool {
    guard !rule.unknown.isEmpty else { return false }
    draft.notes.unread(
      rule.line, said("\(what) only with '\(rule.unknown.joined(separator: "', '"))', which natsh has not"))
    return true
  }

  // MARK: The end

  private mutating func finish() {
    if translatedTransports.isDisjoint(with: [.tcp]) || translatedTransports.isDisjoint(with: [.udp]) {
      for line in limitedLines { draft.notes.unread(line, said("natsh translates every protocol in the same way")) }
    }
    for own in ownAddresses.values where translates && sharedAddresses == nil {
      draft.notes.unread(own.line, said("the other hosts leave untranslated; here they share the router's address"))
    }
    if turning != nil, !draft.behavior.hairpinning {
      if translatesInside, let line = turning {
        draft.set(line, Properties.hairpinning(.forwardsOnly))
      } else if let line = turning {
        draft.notes.unread(line, said("packets are turned round only where a destination is translated, and none is"))
      }
    }
    for (host, own) in ownAddresses.sorted(by: { $0.value.line < $1.value.line }) {
      let isPaired = draft.forwards.contains { $0.what == .address(own.address, to: host) }
      if isPaired {
        draft.addOutside(own.line, [own.address])
      } else {
        draft.notes.unread(
          own.line, said("\(host) has \(own.address) outwards only; natsh's one-to-one NAT goes both ways"))
      }
    }
    guard !translates else { return }
    draft.behavior.translates = false
    draft.behavior.firewall = guards
    let line = chains.forwardsPackets ?? chains.order.first.flatMap { chains.chains[$0]?.line } ?? 1
    draft.notes.became(
      line, guards ? said("nat off: nothing is translated") : said("preset open: nothing is translated or kept out"))
    if !guards {
      if draft.base == .linux { draft.behavior = NATPreset.open.behavior }
      draft.base = .open
    }
  }

  // MARK: Timeouts

  private mutating func readTimeouts() {
    let timeouts = chains.timeouts
    func seconds(_ name: String) -> (line: Int, value: Interval)? {
      timeouts[name].map { ($0.line, .seconds($0.seconds)) }
    }
    if let udp = seconds("udp_timeout") {
      draft.behavior.lifetimes.udp = udp.value
      draft.notes.became(udp.line, said("udp-timeout \(udp.value)"))
    }
    if let stream = seconds("udp_timeout_stream") {
      draft.behavior.lifetimes.udpStream = stream.value == draft.behavior.lifetimes.udp ? nil : stream.value
      draft.notes.became(stream.line, said("udp-stream-timeout \(stream.value)"))
    }
    if let icmp = seconds("icmp_timeout") { draft.set(icmp.line, Properties.icmpTimeout(icmp.value)) }
    if let open = seconds("tcp_timeout_established") {
      draft.set(open.line, Properties.tcpEstablishedTimeout(open.value))
    }
    readStates(seconds)
    for (name, timeout) in chains.timeouts where !draft.notes.hasNote(timeout.line) {
      if name.hasPrefix("icmpv6") || name == "tcp_loose" || name == "max" { continue }
      draft.notes.unread(timeout.line, said("no property has \(name) alone"))
    }
    if let most = chains.timeouts["max"], most.seconds > 0, most.seconds < 1 << 31 {
      draft.set(most.line, Properties.maximumMappings(Int(most.seconds)))
    }
  }

  /// The lifetimes of TCP's states, which natsh sets in groups.
  private mutating func readStates(_ seconds: (String) -> (line: Int, value: Interval)?) {
    let opening = ["syn_sent", "syn_recv"]
    let closing = ["fin_wait", "close_wait", "last_ack", "time_wait", "close"]
    let linux = NATPreset.linux.behavior.lifetimes.tcpStates
    let usual = [
      linux.synSent, linux.synReceived, linux.finWait, linux.closeWait, linux.lastAck, linux.timeWait, linux.closed,
    ]
    let stated = (opening + closing).map { seconds("tcp_timeout_\($0)") }
    guard stated.contains(where: { $0 != nil }) else { return }
    if draft.base == .linux, zip(stated, usual).allSatisfy({ $0 == nil || $0?.value == $1 }) {
      for state in stated { if let state { draft.notes.became(state.line, said("as preset linux")) } }
      return
    }
    func common(_ states: ArraySlice<(line: Int, value: Interval)?>) -> Interval? {
      let values = states.map { $0?.value }
      return values.allSatisfy { $0 == values.first } ? values.first ?? nil : nil
    }
    if let whole = common(stated[...]) {
      for state in stated { if let state { draft.set(state.line, Properties.tcpTransitoryTimeout(whole)) } }
      return
    }
    for (group, property) in [
      (stated[..<2], Properties.tcpOpeningTimeout), (stated[2...], Properties.tcpClosingTimeout),
    ] {
      guard let value = common(group) else { continue }
      for state in group { if let state { draft.set(state.line, property(value)) } }
    }
  }
}
