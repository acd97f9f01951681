// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Packets on their way in: what is forwarded, and who may come.
extension NetfilterInterpreter {
  mutating func readPrerouting() {
    for rule in chains.rules(at: .prerouting, type: "nat") {
      switch rule.action {
      case .nothing, .jump: continue
      case .accept, .leave: readLeave(rule)
      case _ where rule.isIPv6: draft.notes.unread(rule.line, said("IPv6 is never translated here"))
      case .destination(let translation): readDestination(rule, translation)
      case .destinationByMap(let lookup): readDestinationMap(rule, lookup)
      case .netmap(let prefix): readNetmapInwards(rule, prefix)
      case .redirect:
        draft.notes.unread(rule.line, said("natsh's routers run no services to which packets could be redirected"))
      case .fullCone: draft.set(rule.line, Properties.filtering(.endpointIndependent))
      case .other(let target): draft.notes.unread(rule.line, said("'\(target)' has no counterpart"))
      default: draft.notes.unread(rule.line, said("natsh filters where packets are forwarded, not here"))
      }
    }
    readTurned()
  }

  /// A rule that keeps packets away from the forwards after it.
  private mutating func readLeave(_ rule: NetfilterRule) {
    var rule = rule
    rule.isForRouter = false
    if rule.isUnconditional, rule.inInterface == nil { return }
    if rule.isUnconditional, leadsOutside(rule.inInterface) == false {
      leavesInside = true
      draft.notes.became(rule.line, said("packets from inside are not forwarded by what follows"))
    } else {
      draft.notes.unread(rule.line, said("natsh forwards or does not; it has no exceptions"))
    }
  }

  /// What rules for packets from inside do is what natsh's hairpinning does, if forwards do the same for those from outside.
  private mutating func readTurned() {
    for (line, whats) in turned {
      if whats.allSatisfy(draft.forwards(what:)) {
        translatesInside = true
        draft.notes.became(line, said("hairpinning: for packets from inside as well"))
        if chains.isExport { draft.set(line, Properties.hairpinning(.on)) }
      } else {
        draft.notes.unread(
          line, said("it is for packets from inside alone, and natsh forwards what comes from outside"))
      }
    }
  }

  private mutating func readDestination(_ rule: NetfilterRule, _ translation: NetfilterRule.Translation) {
    let isFromInside = leadsOutside(rule.inInterface) == false
    guard let inside = translation.addresses.first else {
      draft.notes.unread(rule.line, said("it changes only the port: natsh's routers run no services"))
      return
    }
    guard translation.addresses.count == 1 else {
      draft.notes.unread(rule.line, said("one of several hosts would get it; natsh forwards to one"))
      return
    }
    if rule.source != nil, !isFromInside {
      draft.notes.unread(rule.line, said("it is for certain senders; natsh's forwards are for everyone"))
      return
    }
    if rule.destination?.isNegated == true || rule.ports?.isNegated == true {
      draft.notes.unread(rule.line, said("'!' before an address or a port has no counterpart in a forward"))
      return
    }
    guard !refusesConditions(of: rule, said("it forwards")) else { return }
    if rule.ports?.values.isEmpty == true {
      draft.notes.unread(rule.line, said("its ports are not plain numbers or ranges"))
      return
    }
    let whats: [RouterDraft.Forward.What]
    if let ports = rule.ports?.values, !ports.isEmpty {
      whats = portForwards(rule, translation, ports, to: inside)
    } else {
      whats = wholeForward(rule, translation.ports, to: inside).map { [$0] } ?? []
    }
    if isFromInside {
      if !whats.isEmpty { turned.append((rule.line, whats)) }
      return
    }
    if leadsOutside(rule.inInterface) != true, !leavesInside { translatesInside = true }
    for what in whats { draft.addForward(rule.line, what) }
    let further = interfaces.furtherWaysOut(rule.inInterface)
    if !whats.isEmpty, !further.hasFirst, let first = interfaces.outward.first {
      let names = further.names.joined(separator: ", ")
      draft.notes.became(rule.line, said("from outside, which is \(first) here rather than \(names)"))
    }
  }

  /// Ports of the router's, to those of a host inside.
  private mutating func portForwards(
    _ rule: NetfilterRule, _ translation: NetfilterRule.Translation, _ ports: [ClosedRange<UInt16>],
    to inside: IPAddress
  ) -> [RouterDraft.Forward.What] {
    var whats: [RouterDraft.Forward.What] = []
    let values = rule.destination?.values ?? []
    if values.count > 1 || values.contains(where: { $0.length != 32 }) {
      draft.notes.unread(rule.line, said("a port that is forwarded is one of the router's first address"))
    }
    let address = values.count == 1 ? values.first.flatMap { $0.length == 32 ? $0.address : nil } : nil
    for transport in rule.transports.isEmpty ? [.tcp, .udp] : rule.transports where transport != .icmp {
      for range in ports {
        let first = translation.ports?.lowerBound ?? range.lowerBound
        if let target = translation.ports, target.count != range.count {
          draft.notes.unread(
            rule.line, said("\(range.count) ports become \(target.count); natsh's forwards go one to one"))
          continue
        }
        if range.count > 1, first != range.lowerBound {
          draft.notes.unread(
            rule.line, said("netfilter takes any free one of the new ports; natsh's forwards go one to one"))
          continue
        }
        whats.append(.ports(transport, range, of: address, to: Endpoint(inside, first)))
      }
    }
    return whats
  }

  /// All ports: an address of the host's own if packets leave from it as well, else what is nobody else's.
  private mutating func wholeForward(
    _ rule: NetfilterRule, _ ports: ClosedRange<UInt16>?, to inside: IPAddress
  ) -> RouterDraft.Forward.What? {
    let address = rule.destination?.values.first.flatMap { $0.length == 32 ? $0.address : nil }
    if ports != nil {
      draft.notes.unread(rule.line, said("many ports become few; natsh's forwards go one to one"))
      return nil
    }
    if rule.transports == [.icmp] {
      draft.notes.unread(rule.line, said("natsh forwards UDP and TCP"))
      return nil
    }
    if !rule.transports.isEmpty, !rule.transports.contains(.tcp) || !rule.transports.contains(.udp) {
      draft.notes.unread(rule.line, said("what is nobody else's goes to a host over UDP and TCP alike"))
    }
    if let address, ownAddresses[inside]?.address == address { return .address(address, to: inside) }
    return .all(of: rule.destination?.values.count == 1 ? address : nil, to: inside)
  }

  private mutating func readDestinationMap(_ rule: NetfilterRule, _ lookup: NetfilterRule.Lookup) {
    let isOutside = leadsOutside(rule.inInterface)
    let isDynamic = lookup.name.flatMap { chains.maps[$0]?.isDynamic } ?? false
    if isDynamic || chains.isExport, isOutside == false {
      translatesInside = true
      draft.set(rule.line, Properties.hairpinning(.on))
      return
    }
    if isDynamic {
      if isOutside != true { translatesInside = true }
      let value: EndpointDependence = rule.permission?.bySender == true ? .addressDependent : .endpointIndependent
      draft.set(rule.line, Properties.filtering(value), because: said("others than the flow's own remote come in"))
      return
    }
    if rule.source != nil, isOutside != false {
      draft.notes.unread(rule.line, said("it is for certain senders; natsh's forwards are for everyone"))
      return
    }
    guard chains.isExport || !refusesConditions(of: rule, said("it forwards")) else { return }
    let elements = lookup.elements + (lookup.name.flatMap { chains.maps[$0]?.elements } ?? [])
    let found = elements.flatMap { element in forwards(of: element, lookup.key, rule).map { (element.line, $0) } }
    if isOutside == false {
      turned.append((rule.line, found.map(\.1)))
      return
    }
    if isOutside != true, !leavesInside { translatesInside = true }
    for (line, what) in found { draft.addForward(line, what) }
    draft.notes.became(rule.line, said("forwards: \(elements.count)"))
  }

  /// What an element such as `tcp . 203.0.113.5 . 80 : 192.168.1.10 . 8080` forwards.
  private mutating func forwards(
    of element: NetfilterMap.Element, _ key: [String], _ rule: NetfilterRule
  ) -> [RouterDraft.Forward.What] {
    var transports = rule.transports.isEmpty ? [TransportProtocol.tcp, .udp] : rule.transports
    var whole = rule
    var ports: ClosedRange<UInt16>?
    for (part, value) in zip(key, element.key) {
      switch part {
      case "l4proto", "protocol": transports = TransportProtocol.allCases.filter { $0.name == value }
      case "daddr": whole.destination = RuleValues.prefix(value).map { NetfilterRule.Match(values: [$0]) }
      case "dport": ports = RuleValues.ports(value, separator: "-")
      default:
        draft.notes.unread(element.line, said("natsh does not forward by \(part)"))
        return []
      }
    }
    guard let inside = element.value.first.flatMap({ IPAddress($0) }) else {
      draft.notes.unread(element.line, said("it does not lead to an address"))
      return []
    }
    whole.line = element.line
    whole.transports = transports
    var new = NetfilterRule.Translation()
    if let text = element.value.dropFirst().first {
      guard let target = RuleValues.ports(text, separator: "-") else {
        draft.notes.unread(element.line, said("its ports are not plain numbers or ranges"))
        return []
      }
      new.ports = target
    }
    if key.contains("dport"), ports == nil {
      draft.notes.unread(element.line, said("its ports are not plain numbers or ranges"))
      return []
    }
    guard let ranges = ports.map({ [$0] }) ?? rule.ports?.values else {
      whole.transports = key.contains("l4proto") || key.contains("protocol") ? transports : rule.transports
      return wholeForward(whole, new.ports, to: inside).map { [$0] } ?? []
    }
    return portForwards(whole, new, ranges, to: inside)
  }

  private mutating func readNetmapInwards(_ rule: NetfilterRule, _ inside: IPPrefix) {
    let isKnown = draft.forwards.contains {
      if case .address(let own, let host) = $0.what {
        inside.contains(host) && rule.destination?.values.first?.contains(own) == true
      } else {
        false
      }
    }
    if isKnown {
      draft.notes.became(rule.line, said("the way in of the same addresses"))
    } else {
      draft.notes.unread(
        rule.line, said("its addresses do not leave by the same way; natsh's one-to-one NAT goes both ways"))
    }
  }
}
