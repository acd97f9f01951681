// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What is let through, what is dropped, and what is for the router itself.
extension NetfilterInterpreter {
  mutating func readForward() {
    for name in chains.order {
      guard let chain = chains.chains[name], chain.hook == .forward, chain.drops, !name.hasPrefix("ip6 ") else {
        continue
      }
      guards = true
      draft.notes.became(chain.line, said("firewall on: what no rule lets through ends here"))
    }
    let keepsIn = guards
    var isDecided = false
    for rule in chains.rules(at: .forward) { readForward(rule, keepsIn: keepsIn, &isDecided) }
  }

  /// `keepsIn` says that what no rule lets through is dropped; `isDecided`, that a rule before has decided for strangers.
  private mutating func readForward(_ rule: NetfilterRule, keepsIn: Bool, _ isDecided: inout Bool) {
    switch rule.action {
    case .nothing, .jump: return
    case .leave:
      if !rule.isUnconditional { draft.notes.unread(rule.line, said("natsh's filters have no exceptions")) }
    case .remember where translates && !rule.isIPv6: draft.set(rule.line, Properties.refresh(.both))
    case .remember(_, let key, let timeout): readUntranslatedMemory(rule, key, timeout)
    case .count(let above, let perHost): readCount(rule, above, perHost)
    case .clampMSS: draft.clampSegmentSize(rule.line)
    case .drop where rule.states?.values == ["invalid"] && rule.states?.isNegated == false:
      draft.set(rule.line, Properties.untracked(leadsOutside(rule.inInterface) == true ? .passed : .dropped))
    case .drop where isRestOfProtocol(rule), .reject where isRestOfProtocol(rule):
      draft.notes.became(rule.line, said("firewall on: what no rule lets through ends here"))
    case .drop, .reject:
      guard rule.isUnconditional, !rule.isIPv6 else { return readDrop(rule) }
      guard isForStrangers(rule) else {
        draft.notes.unread(rule.line, said("natsh's filters drop by protocol and port, not by interface"))
        return
      }
      if !isDecided { guards = true }
      isDecided = true
      if case .reject = rule.action {
        draft.set(rule.line, Properties.rejects(.icmp))
      } else {
        draft.notes.became(rule.line, said("firewall on: what no rule lets through ends here"))
      }
    case .accept: readAccept(rule, keepsIn: keepsIn, &isDecided)
    case .other(let target): draft.notes.unread(rule.line, said("'\(target)' has no counterpart"))
    default: draft.notes.unread(rule.line, said("it has no counterpart where packets are forwarded"))
    }
  }

  /// Whether the rule ends what is left of TCP or UDP when others have let through what may pass.
  private func isRestOfProtocol(_ rule: NetfilterRule) -> Bool {
    var bare = rule
    bare.transports = []
    return letsThrough && bare.isUnconditional && !rule.transports.isEmpty && !rule.transports.contains(.icmp)
      && !rule.isIPv6 && isForStrangers(rule)
  }

  /// Whether the rule is for what comes from outside, or from anywhere, to hosts inside.
  private func isForStrangers(_ rule: NetfilterRule) -> Bool {
    leadsOutside(rule.inInterface) != false && leadsOutside(rule.outInterface) != true
  }

  /// A limit of flows.
  private mutating func readCount(_ rule: NetfilterRule, _ above: Int, _ perHost: Bool) {
    guard rule.ports == nil, rule.destination == nil, rule.source == nil, rule.unknown.isEmpty,
      leadsOutside(rule.inInterface) != true
    else {
      draft.notes.unread(rule.line, said("natsh limits all flows from inside, or those of every host in the same way"))
      return
    }
    let most = max(above, 1)
    draft.set(rule.line, perHost ? Properties.maximumMappingsPerHost(most) : Properties.maximumMappings(most))
    if !rule.transports.isEmpty {
      let names = rule.transports.map(\.name).joined(separator: ", ")
      draft.notes.unread(rule.line, said("it counts flows of \(names) alone; natsh's limit is for every protocol"))
    }
  }

  private mutating func readAccept(_ rule: NetfilterRule, keepsIn: Bool, _ isDecided: inout Bool) {
    let isFromOutside = leadsOutside(rule.inInterface)
    let passing = said("let through: answers, what is forwarded, and what comes from inside")
    letsThrough = true
    if rule.permission != nil || rule.states.map({ !$0.values.contains("new") && !$0.isNegated }) == true
      || rule.statuses != nil
    {
      draft.notes.became(rule.line, passing)
    } else if rule.isIPv6 {
      if isFromOutside == false {
        draft.notes.became(rule.line, passing)
      } else {
        draft.notes.unread(rule.line, said("natsh's firewall for IPv6 goes by flows alone"))
      }
    } else if isFromOutside == false || isFromOutside == nil && leadsOutside(rule.outInterface) == true {
      let isPart =
        !rule.transports.isEmpty || rule.ports != nil || rule.destination != nil || !rule.unknown.isEmpty
        || rule.source?.values.contains { $0.length == 32 } == true
      if isPart, keepsIn {
        draft.notes.unread(rule.line, said("whatever comes from inside goes out here, not only this"))
      } else {
        draft.notes.became(rule.line, passing)
      }
    } else if let match = rule.destination, !match.isNegated,
      draft.forwards.contains(where: { forward in match.values.contains { $0.contains(forward.inside) } })
    {
      draft.notes.became(rule.line, said("let through: it belongs to a forward"))
    } else if rule.isUnconditional || rule.states != nil && rule.source == nil && rule.transports.isEmpty {
      if isDecided { return draft.notes.became(rule.line, said("nothing: a rule before it decides")) }
      isDecided = true
      guards = false
      draft.set(rule.line, Properties.firewall(false))
    } else if let source = rule.source, !source.isNegated, rule.transports.isEmpty, rule.ports == nil,
      isFromOutside == nil, source.values.allSatisfy({ prefix in draft.inside.contains { $0.prefix == prefix } })
    {
      draft.notes.became(rule.line, passing)
    } else {
      draft.notes.unread(rule.line, said("natsh lets in what a row or a forward admits, and nothing else"))
    }
  }

  /// Memory of untranslated endpoints: strangers come in to those.
  private mutating func readUntranslatedMemory(
    _ rule: NetfilterRule, _ key: [String], _ timeout: Interval?
  ) {
    if !translates, !rule.isIPv6 {
      draft.set(
        rule.line, Properties.filtering(key.contains("daddr") ? .addressDependent : .endpointIndependent),
        because: said("others than the flow's own remote come in"))
      readMemory(rule, key, timeout)
    } else {
      draft.notes.became(rule.line, said("filtering for IPv6, the same as for IPv4"))
    }
  }

  /// A rule that drops a protocol, or some of its ports.
  private mutating func readDrop(_ rule: NetfilterRule) {
    if rule.isIPv6, rule.transports.isEmpty, rule.unknown.allSatisfy({ $0.hasPrefix("icmpv6") }) {
      draft.notes.became(rule.line, said("the same filter for IPv6"))
      return
    }
    guard !refusesConditions(of: rule, said("it drops packets")) else { return }
    guard rule.source == nil, rule.destination == nil, !rule.isForRouter, rule.states == nil, rule.statuses == nil,
      rule.permission == nil, !rule.transports.isEmpty, !rule.isIPv6
    else {
      draft.notes.unread(rule.line, said("natsh's filters drop by protocol and port, not by address or state"))
      return
    }
    let ports = rule.ports.map { $0.isNegated ? [] : $0.values.flatMap { Array($0) } }
    if let ports, ports.isEmpty || ports.count > 64 {
      draft.notes.unread(rule.line, said("natsh's filters take single ports, and this rule up to 64 of them"))
      return
    }
    let isOneSided = rule.inInterface != nil || rule.outInterface != nil
    for transport in rule.transports {
      if let ports, transport != .icmp {
        for port in ports { draft.addFilter(rule.line, transport, port: port, isOneSided: isOneSided) }
      } else {
        draft.addFilter(rule.line, transport, port: nil, isOneSided: isOneSided)
      }
    }
  }

  /// Packets for the router itself: its answer to what is for nobody inside.
  mutating func readInput() {
    var decision: (line: Int, style: RejectionStyle)?
    var resetsTCP = false
    for rule in chains.rules(at: .input) {
      if case .reject(let answer) = rule.action, rule.transports == [.tcp], answer.contains("reset"), decision == nil,
        rule.ports == nil, rule.source == nil, rule.destination == nil, rule.unknown.isEmpty
      {
        resetsTCP = true
        draft.notes.became(rule.line, said("rejects as-host: a reset answers TCP"))
        continue
      }
      guard leadsOutside(rule.inInterface) != false, rule.isUnconditional, !rule.isIPv6, decision == nil else {
        noteInput(rule)
        continue
      }
      switch rule.action {
      case .drop: decision = (rule.line, .silently)
      case .reject(let answer):
        decision = (rule.line, resetsTCP && !answer.contains("prohibited") ? .asHost : .icmp)
      case .accept: decision = (rule.line, .asHost)
      default: noteInput(rule)
      }
    }
    for name in chains.order where decision == nil {
      guard let chain = chains.chains[name], chain.hook == .input, chain.drops, !name.hasPrefix("ip6 ") else {
        continue
      }
      decision = (chain.line, .silently)
    }
    if let decision {
      draft.set(decision.line, Properties.rejects(decision.style))
    } else if translates {
      draft.behavior.rejection = .asHost
      for name in chains.order where chains.chains[name]?.hook == .input {
        draft.notes.became(
          chains.chains[name]?.line ?? 1, said("rejects as-host: nothing keeps packets from the router itself"))
      }
    }
  }

  private mutating func noteInput(_ rule: NetfilterRule) {
    switch rule.action {
    case .nothing, .jump: return
    case .leave where rule.isUnconditional: return
    default:
      if rule.states != nil || rule.inInterface?.values == ["lo"] || leadsOutside(rule.inInterface) == false
        || rule.isIPv6
      {
        draft.notes.became(rule.line, said("for the router itself, as with every natsh router"))
      } else {
        draft.notes.unread(rule.line, said("it is for a service of the router itself, and natsh's routers run none"))
      }
    }
  }

  /// Everything else: rules before translation, which drop or leave alone.
  mutating func readRest() {
    for rule in ["filter", "raw", "mangle"].flatMap({ chains.rules(at: .prerouting, type: $0) }) {
      switch rule.action {
      case .drop where rule.states?.values == ["invalid"] && rule.states?.isNegated == false:
        draft.set(rule.line, Properties.untracked(leadsOutside(rule.inInterface) == true ? .passed : .dropped))
      case .drop: readDrop(rule)
      case .clampMSS: draft.clampSegmentSize(rule.line)
      case .untrack:
        if let match = rule.destination, !match.isNegated {
          draft.addExemption(rule.line, match.values)
        } else {
          draft.notes.unread(rule.line, said("natsh leaves packets alone by their destination only"))
        }
      case .help(let name): draft.read(rule.line, chains.helpers[name] ?? name)
      case .remember(_, let key, let timeout): readMemory(rule, key, timeout)
      case .nothing, .jump: continue
      case .leave, .accept:
        if !rule.isUnconditional { draft.notes.unread(rule.line, said("natsh's filters have no exceptions")) }
      default: draft.notes.unread(rule.line, said("it has no counterpart before translation"))
      }
    }
    for rule in chains.rules(at: .output) {
      switch rule.action {
      case .nothing, .leave, .jump, .accept: continue
      case _ where isNoted(rule): continue
      default: draft.notes.unread(rule.line, said("natsh's routers send nothing of their own that rules could change"))
      }
    }
  }

  /// Whether something is said of the rule, or will be when its forwards become commands.
  private func isNoted(_ rule: NetfilterRule) -> Bool {
    draft.notes.hasNote(rule.line) || draft.forwards.contains { $0.line == rule.line }
  }

  /// What has had no note: chains whose verdicts nothing here asks for, rules that no packet meets, and jumps to nowhere.
  mutating func noteRest() {
    let met = Set(NetfilterChains.Hook.allCases.flatMap { chains.rules(at: $0) }.map(\.line))
    for name in chains.order {
      guard let chain = chains.chains[name] else { continue }
      if chain.drops, chain.hook != .input, chain.hook != .forward, !name.hasPrefix("ip6 ") {
        draft.notes.unread(chain.line, said("natsh drops nothing at this place"))
      }
      let table = name.prefix { $0 != "/" }
      for rule in chain.rules where !isNoted(rule) {
        switch rule.action {
        case .nothing, .remember: continue
        case .jump(let targets, _):
          let missing = targets.filter { chains.chains["\(table)/\($0)"] == nil }
          for target in missing { draft.notes.unread(rule.line, said("'\(target)' has no counterpart")) }
        case _ where !met.contains(rule.line):
          draft.notes.became(rule.line, said("nothing: no chain that packets pass leads here"))
        case .leave, .accept: continue
        case _ where rule.isIPv6: draft.notes.became(rule.line, said("for IPv6, which is not translated"))
        default: draft.notes.unread(rule.line, said("it has no counterpart"))
        }
      }
    }
  }
}
