// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What is let through, what is dropped, and what is for the router itself.
extension NetfilterInterpreter {
  mutating func readForward() {
    for name in chains.order {
      guard let chain = chains.chains[name], chain.hook == .forward, chain.drops else { continue }
      guards = true
      draft.notes.became(chain.line, said("firewall on: what no rule lets through ends here"))
    }
    for rule in chains.rules(at: .forward) { readForward(rule) }
  }

  private mutating func readForward(_ rule: NetfilterRule) {
    let isFromOutside = leadsOutside(rule.inInterface)
    switch rule.action {
    case .nothing, .leave, .jump: return
    case .remember where translates && !rule.isIPv6: draft.set(rule.line, Properties.refresh(.both))
    case .remember(_, let key, let timeout): readUntranslatedMemory(rule, key, timeout)
    case .count(let above, let perHost):
      if perHost {
        draft.set(rule.line, Properties.maximumMappingsPerHost(max(above, 1)))
      } else {
        draft.set(rule.line, Properties.maximumMappings(max(above, 1)))
      }
    case .clampMSS: draft.clampSegmentSize(rule.line)
    case .drop where rule.states?.values == ["invalid"] && rule.states?.isNegated == false:
      draft.set(rule.line, Properties.untracked(rule.inInterface == nil ? .dropped : .passed))
    case .drop, .reject:
      if rule.isUnconditional {
        guards = true
        if case .reject = rule.action {
          draft.set(rule.line, Properties.rejects(.icmp))
        } else {
          draft.notes.became(rule.line, said("firewall on: what no rule lets through ends here"))
        }
      } else {
        readDrop(rule)
      }
    case .accept:
      if rule.isUnconditional, isFromOutside == true, rule.outInterface == nil {
        guards = false
        draft.set(rule.line, Properties.firewall(false))
      } else if rule.permission != nil || rule.states != nil || rule.statuses != nil || isFromOutside == false {
        draft.notes.became(rule.line, said("let through: answers, what is forwarded, and what comes from inside"))
      } else if let match = rule.destination,
        draft.forwards.contains(where: { forward in
          match.values.contains { $0.contains(forward.inside) }
        })
      {
        draft.notes.became(rule.line, said("let through: it belongs to a forward"))
      } else if rule.isIPv6 {
        draft.notes.unread(rule.line, said("natsh's firewall for IPv6 goes by flows alone"))
      } else if rule.isUnconditional || rule.source != nil {
        draft.notes.became(rule.line, said("let through: answers, what is forwarded, and what comes from inside"))
      } else {
        draft.notes.unread(rule.line, said("natsh lets in what a row or a forward admits, and nothing else"))
      }
    case .other(let target): draft.notes.unread(rule.line, said("'\(target)' has no counterpart"))
    default: draft.notes.unread(rule.line, said("it has no counterpart where packets are forwarded"))
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
    guard rule.source == nil, rule.destination == nil, !rule.isForRouter, rule.states == nil, rule.statuses == nil
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
    for rule in chains.rules(at: .input) {
      guard leadsOutside(rule.inInterface) != false, rule.isUnconditional, !rule.isIPv6, decision == nil else {
        noteInput(rule)
        continue
      }
      switch rule.action {
      case .drop: decision = (rule.line, .silently)
      case .reject: decision = (rule.line, .icmp)
      case .accept: decision = (rule.line, .asHost)
      default: noteInput(rule)
      }
    }
    for name in chains.order where decision == nil {
      guard let chain = chains.chains[name], chain.hook == .input, chain.drops else { continue }
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
    case .nothing, .leave, .jump: return
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
      case .drop: readDrop(rule)
      case .untrack:
        if let match = rule.destination, !match.isNegated {
          draft.addExemption(rule.line, match.values)
        } else {
          draft.notes.unread(rule.line, said("natsh leaves packets alone by their destination only"))
        }
      case .help(let name): draft.read(rule.line, chains.helpers[name] ?? name)
      case .remember(_, let key, let timeout): readMemory(rule, key, timeout)
      case .nothing, .leave, .jump, .accept: continue
      default: draft.notes.unread(rule.line, said("it has no counterpart before translation"))
      }
    }
    for rule in chains.rules(at: .output) {
      switch rule.action {
      case .nothing, .leave, .jump, .accept: continue
      default: draft.notes.unread(rule.line, said("natsh's routers send nothing of their own that rules could change"))
      }
    }
  }
}
