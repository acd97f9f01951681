// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Packets on their way out: which address and port they get.
extension NetfilterInterpreter {
  mutating func readPostrouting() {
    for rule in chains.rules(at: .postrouting) {
      if rule.action.translatesSource, !rule.isIPv6, isOfAnotherWayOut(rule) { continue }
      switch rule.action {
      case .remember(_, let key, let timeout): readMemory(rule, key, timeout)
      case .nothing: continue
      case .leave, .accept:
        if !rule.isUnconditional { readExemption(rule) }
      case _ where rule.isIPv6: draft.notes.unread(rule.line, said("IPv6 is never translated here"))
      case .jump(_, let isSpread):
        if isSpread { draft.set(rule.line, Properties.pooling(.arbitrary)) }
      case .masquerade(let translation): readSource(rule, translation, isInterface: true)
      case .source(let translation): readSource(rule, translation, isInterface: false)
      case .sourceByMap(let lookup): readSourceMap(rule, lookup)
      case .netmap(let prefix): readNetmap(rule, prefix)
      case .fullCone:
        translates = true
        draft.set(rule.line, Properties.mapping(.endpointIndependent))
        draft.set(rule.line, Properties.filtering(.endpointIndependent))
      case .clampMSS: draft.clampSegmentSize(rule.line)
      case .other(let target): draft.notes.unread(rule.line, said("'\(target)' has no counterpart"))
      default: draft.notes.unread(rule.line, said("natsh decides nothing when a packet has been routed"))
      }
    }
    if chains.isExport, translates, draft.base == .home, !keepsEndpoints {
      draft.behavior.mapping = .addressAndPortDependent
    }
  }

  /// A rule that lets some packets be, ahead of those that translate.
  private mutating func readExemption(_ rule: NetfilterRule) {
    if rule.isIPv6 {
      draft.notes.unread(rule.line, said("IPv6 is never translated here"))
    } else if leadsOutside(rule.outInterface) != false, let match = rule.destination, !match.isNegated, !translates,
      !match.values.isEmpty,
      rule.unknown.isEmpty, rule.transports.isEmpty, rule.ports == nil, singleHost(rule.source) == nil,
      rule.source?.isNegated != true
    {
      draft.addExemption(rule.line, match.values)
    } else {
      draft.notes.unread(rule.line, said("it leaves packets alone by something other than their destination"))
    }
  }

  /// Notes that natsh's router has one way out; true if the rule is for another alone.
  private mutating func isOfAnotherWayOut(_ rule: NetfilterRule) -> Bool {
    let further = interfaces.furtherWaysOut(rule.outInterface)
    guard let first = interfaces.outward.first, !further.names.isEmpty else { return false }
    draft.notes.unread(
      rule.line,
      said(
        "a router here has one way out, \(first), so \(further.names.joined(separator: ", ")) is left out; ",
        "`router NAME beside ROUTER` adds a second gateway"))
    return !further.hasFirst
  }

  private mutating func readSource(
    _ rule: NetfilterRule, _ translation: NetfilterRule.Translation, isInterface: Bool
  ) {
    if turnsRound(rule) {
      turning = turning ?? rule.line
      draft.notes.became(rule.line, said("hairpinning: what is turned round leaves from outside as well"))
      if rule.isUnconditional {
        draft.notes.unread(rule.line, said("what is forwarded keeps its source here, and gets the router's there"))
      }
      return
    }
    guard !refusesConditions(of: rule, said("it translates")) else { return }
    if rule.ports != nil || rule.destination?.isNegated == false || rule.source?.isNegated == true
      || rule.statuses != nil
    {
      draft.notes.unread(
        rule.line, said("it translates only some packets; natsh's routers translate whatever comes from inside"))
      return
    }
    if !chains.isExport, !rule.isAlternative, singleHost(rule.source) == nil || translation.addresses.isEmpty,
      let shared = sharedAddresses, shared != translation.addresses
    {
      draft.notes.unread(
        rule.line, said("the outside address is the same for every host here: natsh does not choose by rule"))
      return
    }
    if rule.transports.isEmpty {
      translatedTransports = Set(TransportProtocol.allCases)
    } else {
      translatedTransports.formUnion(rule.transports)
      limitedLines.append(rule.line)
    }
    if let host = singleHost(rule.source), translation.addresses.count == 1, translation.ports == nil {
      translates = true
      ownAddresses[host] = (rule.line, translation.addresses[0])
      return
    }
    if let match = rule.destination, match.isNegated { draft.addExemption(rule.line, match.values) }
    for prefix in rule.source?.values ?? [] where rule.source?.isNegated == false { draft.addInside(rule.line, prefix) }
    if isInterface {
      draft.notes.became(
        rule.line,
        said("nat on: the outside address is that of ")
          + (interfaces.outward.first.map { said("interface \($0)") } ?? said("the interface")))
    } else {
      draft.addOutside(rule.line, translation.addresses)
    }
    readPorts(rule, translation, isFirst: sharedAddresses == nil)
    sharedAddresses = sharedAddresses ?? translation.addresses
    translates = true
    if translation.addresses.count > 1 {
      draft.set(rule.line, Properties.pooling(translation.isPersistent ? .paired : .arbitrary))
    } else if translation.isPersistent {
      draft.notes.became(rule.line, said("pooling paired"))
    }
  }

  private mutating func readPorts(
    _ rule: NetfilterRule, _ translation: NetfilterRule.Translation, isFirst: Bool
  ) {
    if let first = translation.firstInSequence {
      draft.set(rule.line, Properties.ports(.sequential(first: max(first, 1_024))))
    } else if translation.isRandom {
      draft.set(rule.line, Properties.ports(.random(translation.ports ?? 1_024...65_535)))
    } else if let ports = translation.ports {
      draft.set(rule.line, Properties.ports(.overloadWithin(ports)))
    } else if isFirst {
      draft.set(rule.line, Properties.ports(.overload))
    }
  }

  /// Whether the rule is for packets between two hosts inside, by way of the router's outside address.
  private func turnsRound(_ rule: NetfilterRule) -> Bool {
    if leadsOutside(rule.outInterface) == false { return true }
    return leadsOutside(rule.outInterface) == nil && interfaces.leadsToNetworkInside(rule)
  }

  private func singleHost(_ match: NetfilterRule.Match<IPPrefix>?) -> IPAddress? {
    guard let match, !match.isNegated, match.values.count == 1, match.values[0].length == 32 else { return nil }
    return match.values[0].address
  }

  private mutating func readSourceMap(_ rule: NetfilterRule, _ lookup: NetfilterRule.Lookup) {
    let isDynamic = lookup.name.flatMap { chains.maps[$0]?.isDynamic } ?? false
    if leadsOutside(rule.outInterface) == false {
      draft.notes.became(rule.line, said("hairpinning: what is turned round leaves from outside as well"))
      return
    }
    if isDynamic {
      translates = true
      keepsEndpoints = true
      draft.set(
        rule.line, Properties.mapping(lookup.key.contains("daddr") ? .addressDependent : .endpointIndependent),
        because: said("what @\(lookup.name?.split(separator: "/").last ?? "") remembers is used again"))
      return
    }
    guard chains.isExport || !refusesConditions(of: rule, said("it translates")) else { return }
    let elements = lookup.elements + (lookup.name.flatMap { chains.maps[$0]?.elements } ?? [])
    if lookup.key == ["saddr"] {
      translates = true
      for element in elements {
        guard let host = element.key.first.flatMap({ IPAddress($0) }),
          let address = element.value.first.flatMap({ IPAddress($0) })
        else {
          draft.notes.unread(element.line, said("it is not one address for one other"))
          continue
        }
        ownAddresses[host] = (element.line, address)
      }
      return
    }
    guard lookup.key.contains("saddr"), lookup.key.contains("sport") else {
      let key = lookup.key.joined(separator: " . ")
      return draft.notes.unread(rule.line, said("natsh does not choose an outside address by \(key)"))
    }
    draft.notes.became(rule.line, said("what is forwarded to a host leaves by the same port"))
  }

  /// `NETMAP`: as many addresses outside as inside.
  private mutating func readNetmap(_ rule: NetfilterRule, _ prefix: IPPrefix) {
    guard let inside = rule.source?.values.first, inside.length == prefix.length,
      prefix.addressCount <= UInt64(RouterDraft.mostAddresses), rule.source?.values.count == 1,
      rule.destination == nil, rule.unknown.isEmpty
    else {
      draft.notes.unread(rule.line, said("natsh needs as many addresses outside as inside, and at most 256"))
      return
    }
    translates = true
    draft.addInside(rule.line, inside)
    for offset in 0..<UInt32(prefix.addressCount) {
      let own = IPAddress(ipv4: prefix.address.ipv4Bits + offset)
      let host = IPAddress(ipv4: inside.address.ipv4Bits + offset)
      guard inside.isHostAddress(host) else { continue }
      draft.addOutside(rule.line, [own])
      draft.addForward(rule.line, .address(own, to: host))
    }
  }

  /// An endpoint that rules remember, and for how long.
  mutating func readMemory(_ rule: NetfilterRule, _ key: [String], _ timeout: Interval?) {
    guard let timeout else { return draft.notes.became(rule.line, said("a memory of endpoints")) }
    let isAssured = rule.statuses?.values.contains("assured") ?? false
    let isNegated = rule.statuses?.isNegated ?? false
    // The rule's own condition stands last; the ones before it are of the rules that led there.
    let isClosing = rule.unknown.last.map { $0.hasPrefix("ct mark") && !$0.contains("!=") } ?? false
    switch rule.transports {
    case [.udp]:
      if rule.statuses?.values == ["seen-reply"], !isNegated {
        draft.behavior.lifetimes.udpStream = timeout
        draft.notes.became(rule.line, said("udp-stream-timeout \(timeout)"))
      } else {
        draft.behavior.lifetimes.udp = timeout
        draft.notes.became(rule.line, said("udp-timeout \(timeout)"))
      }
    case [.tcp]:
      if isClosing || isAssured && isNegated {
        // Where single states have lifetimes, the same one for all of them would be less than is known.
        if timeout == draft.behavior.lifetimes.tcpTransitory {
          draft.notes.became(rule.line, "tcp-transitory-timeout \(timeout)")
        } else {
          draft.set(rule.line, Properties.tcpTransitoryTimeout(timeout))
        }
      } else {
        draft.set(rule.line, Properties.tcpEstablishedTimeout(timeout))
      }
    default: draft.notes.became(rule.line, said("a memory of endpoints for \(timeout)"))
    }
  }
}
