// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Packets on their way in: what is forwarded, and who may come.
extension NetfilterInterpreter {
  mutating func readPrerouting() {
    for rule in chains.rules(at: .prerouting, type: "nat") {
      switch rule.action {
      case .nothing, .leave, .jump: continue
      case .accept where rule.isUnconditional: continue
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
  }

  private mutating func readDestination(_ rule: NetfilterRule, _ translation: NetfilterRule.Translation) {
    guard let inside = translation.addresses.first else {
      draft.notes.unread(rule.line, said("it changes only the port: natsh's routers run no services"))
      return
    }
    guard translation.addresses.count == 1 else {
      draft.notes.unread(rule.line, said("one of several hosts would get it; natsh forwards to one"))
      return
    }
    if rule.source != nil {
      draft.notes.unread(rule.line, said("it is for certain senders; natsh's forwards are for everyone"))
      return
    }
    if rule.destination?.isNegated == true || rule.ports?.isNegated == true {
      draft.notes.unread(rule.line, said("'!' before an address or a port has no counterpart in a forward"))
      return
    }
    if leadsOutside(rule.inInterface) != true { translatesInside = true }
    if leadsOutside(rule.inInterface) == false {
      draft.notes.became(rule.line, said("hairpinning: for packets from inside as well"))
      if chains.isExport { draft.set(rule.line, Properties.hairpinning(.on)) }
      return
    }
    guard !refusesConditions(of: rule, said("it forwards")) else { return }
    let address = rule.destination?.values.first.flatMap { $0.length == 32 ? $0.address : nil }
    guard let ports = rule.ports?.values, !ports.isEmpty else {
      return readWholeDestination(rule, address, inside)
    }
    let transports = rule.transports.isEmpty ? [.tcp, .udp] : rule.transports
    for transport in transports where transport != .icmp {
      for range in ports {
        let first = translation.ports?.lowerBound ?? range.lowerBound
        if let target = translation.ports, target.count != range.count {
          draft.notes.unread(
            rule.line, said("\(range.count) ports become \(target.count); natsh's forwards go one to one"))
          continue
        }
        let count = rule.destination?.values.count ?? 0
        draft.addForward(
          rule.line, .ports(transport, range, of: count > 1 ? nil : address, to: Endpoint(inside, first)))
      }
    }
  }

  /// All ports: an address of the host's own if packets leave from it as well, else what is nobody else's.
  private mutating func readWholeDestination(_ rule: NetfilterRule, _ address: IPAddress?, _ inside: IPAddress) {
    if let address, ownAddresses[inside]?.address == address {
      draft.addForward(rule.line, .address(address, to: inside))
    } else if rule.transports == [.icmp] {
      draft.notes.unread(rule.line, said("natsh forwards UDP and TCP"))
    } else if let address, rule.destination?.values.count == 1, let first = draft.outside.first?.address,
      first != address
    {
      draft.notes.unread(
        rule.line,
        said("\(address) leads to \(inside), which does not leave from it; natsh's one-to-one NAT goes both ways"))
    } else {
      draft.addForward(rule.line, .all(to: inside))
    }
  }

  private mutating func readDestinationMap(_ rule: NetfilterRule, _ lookup: NetfilterRule.Lookup) {
    let isOutside = leadsOutside(rule.inInterface)
    let isDynamic = lookup.name.flatMap { chains.maps[$0]?.isDynamic } ?? false
    if isOutside != true { translatesInside = true }
    if isOutside == false {
      if isDynamic || chains.isExport {
        draft.set(rule.line, Properties.hairpinning(.on))
      } else {
        draft.notes.became(rule.line, said("hairpinning: for packets from inside as well"))
      }
      return
    }
    if isDynamic {
      let value: EndpointDependence = rule.permission?.bySender == true ? .addressDependent : .endpointIndependent
      draft.set(rule.line, Properties.filtering(value), because: said("others than the flow's own remote come in"))
      return
    }
    let elements = lookup.elements + (lookup.name.flatMap { chains.maps[$0]?.elements } ?? [])
    for element in elements { readElement(element, lookup.key, rule) }
    draft.notes.became(rule.line, said("forwards: \(elements.count)"))
  }

  /// An element such as `tcp . 203.0.113.5 . 80 : 192.168.1.10 . 8080`.
  private mutating func readElement(_ element: NetfilterMap.Element, _ key: [String], _ rule: NetfilterRule) {
    var transports = rule.transports.isEmpty ? [TransportProtocol.tcp, .udp] : rule.transports
    var address = rule.destination?.values.first.flatMap { $0.length == 32 ? $0.address : nil }
    var ports: ClosedRange<UInt16>?
    for (part, value) in zip(key, element.key) {
      switch part {
      case "l4proto", "protocol": transports = TransportProtocol.allCases.filter { $0.name == value }
      case "daddr": address = IPAddress(value)
      case "dport": ports = RuleValues.ports(value, separator: "-")
      default: return draft.notes.unread(element.line, said("natsh does not forward by \(part)"))
      }
    }
    guard let inside = element.value.first.flatMap({ IPAddress($0) }) else {
      return draft.notes.unread(element.line, said("it does not lead to an address"))
    }
    guard let ports else {
      return readWholeDestination(rule, address, inside)
    }
    let target = element.value.dropFirst().first.flatMap { UInt16($0) } ?? ports.lowerBound
    for transport in transports where transport != .icmp {
      draft.addForward(element.line, .ports(transport, ports, of: address, to: Endpoint(inside, target)))
    }
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
