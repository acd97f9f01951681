// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// The router that a draft is for.
package enum ImportTarget: Sendable {
  /// One that is made, with that name.
  case new(String)
  /// One that is there, with all that it forwards.
  case existing(name: String, addresses: [IPAddress], prefixes: [IPPrefix], undoing: [String])

  /// The router's name.
  package var name: String {
    switch self {
    case .new(let name), .existing(let name, _, _, _): name
    }
  }
}

extension RouterDraft {
  /// The commands that make the router, in the order in which a person would type them. Notes what cannot be had.
  mutating func commands(for target: ImportTarget) -> [String] {
    let name = target.name
    var lines: [String]
    let own: IPAddress?
    let lan: IPPrefix?
    let usable = outside.filter { $0.address.scope.isRoutedOnInternet }
    for (line, address) in outside where !address.scope.isRoutedOnInternet {
      notes.unread(line, said("\(address) is not a public address, and the router is on the internet here"))
    }
    let paired = pairedHosts
    switch target {
    case .new:
      own = usable.first { !paired.keys.contains($0.address) }?.address ?? forwardedAddress
      lan = chosenLAN
      lines = ["router \(name)" + (own.map { " \($0)" } ?? "") + (lan.map { " lan \($0)" } ?? "")]
    case .existing(_, let addresses, let prefixes, let undoing):
      own = addresses.first(where: \.isIPv4)
      lan = prefixes.first { $0.family == .ipv4 }
      lines = undoing
    }
    for (line, prefix) in inside where prefix != lan {
      if let lan { notes.unread(line, said("the router's one network inside is \(lan)")) }
    }
    let preset = exactPreset ?? base
    lines.append("set \(name) preset \(preset.rawValue)")
    lines += settings(from: preset.behavior).map { "set \(name) \($0)" }
    if clampsSegmentSize { lines.append("set \(name) mss clamp") }
    let more = usable.map(\.address).filter { $0 != own }
    if !more.isEmpty { lines.append("set \(name) addresses \(more.map(\.description).joined(separator: " "))") }
    lines += forwardCommands(name, own: own, more: more, lan: lan)
    for filter in filters {
      lines.append("filter \(name) drop \(filter.transport.name)" + (filter.port.map { " port \($0)" } ?? ""))
    }
    return lines
  }

  /// The hosts that have an outside address of their own, by that address.
  private var pairedHosts: [IPAddress: IPAddress] {
    var hosts: [IPAddress: IPAddress] = [:]
    for forward in forwards {
      if case .address(let address, let host) = forward.what { hosts[address] = hosts[address] ?? host }
    }
    return hosts
  }

  /// The outside address of the first forward that names a public one that is not a single host's own.
  private var forwardedAddress: IPAddress? {
    let paired = pairedHosts
    return forwards.lazy.compactMap(\.address).first { $0.scope.isRoutedOnInternet && paired[$0] == nil }
  }

  /// The network inside: the first that is named; else that of the first host to which something is forwarded.
  private var chosenLAN: IPPrefix? {
    inside.first?.prefix ?? forwards.first.flatMap { IPPrefix(containing: $0.inside, length: 24) }
  }

  /// The preset that has exactly these settings.
  private var exactPreset: NATPreset? {
    ([base] + NATPreset.allCases).first { settings(from: $0.behavior).isEmpty }
  }

  /// The properties and values that lead from another behavior to this one, in the order in which they are set.
  private func settings(from start: NATBehavior) -> [String] {
    var present = start
    return Property.all(of: .router).compactMap { property in
      guard let value = property.value(in: behavior), value != property.value(in: present) else { return nil }
      value.apply(to: &present)
      return "\(property.name) \(value)"
    }
  }

  private mutating func forwardCommands(
    _ name: String, own: IPAddress?, more: [IPAddress], lan: IPPrefix?
  ) -> [String] {
    var lines: [String] = []
    var taken = TakenPorts(pairedHosts: Set(pairedHosts.filter { more.contains($0.key) }.values))
    for forward in forwards {
      guard let lan, lan.contains(forward.inside), lan.isHostAddress(forward.inside) else {
        notes.unread(
          forward.line, said("\(forward.inside) is not in the network inside") + (lan.map { ", \($0)" } ?? ""))
        continue
      }
      if let why = refusal(of: forward, own: own, more: more) ?? taken.refusal(of: forward) {
        notes.unread(forward.line, why)
        continue
      }
      taken.add(forward)
      let command: String
      switch forward.what {
      case .ports(let transport, let ports, _, let target):
        let range = ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
        command = "forward \(name) \(transport.name) \(range) to \(target)"
      case .address(let address, let inside): command = "forward \(name) address \(address) to \(inside)"
      case .all(_, let inside): command = "forward \(name) all to \(inside)"
      }
      notes.became(forward.line, command)
      lines.append(command)
    }
    return lines
  }

  /// Why the forward's outside address does not suit the router.
  private func refusal(of forward: Forward, own: IPAddress?, more: [IPAddress]) -> String? {
    if forward.address.map({ $0.isIPv4 && $0.ipv4Bits >> 24 == 127 }) == true {
      return said("natsh's routers send nothing of their own that rules could change")
    }
    switch forward.what {
    case .ports(_, _, let address?, _):
      if let own, address != own {
        return said("a port that is forwarded is one of the router's first address, \(own)")
      }
      return more.contains(address) ? said("a port that is forwarded is one of the router's first address") : nil
    case .all(let address?, let inside):
      guard own.map({ $0 != address }) ?? more.contains(address) else { return nil }
      return said("\(address) leads to \(inside), which does not leave from it; natsh's one-to-one NAT goes both ways")
    case .address(let address, _):
      return more.contains(address) ? nil : said("\(address) is not one of the router's further addresses")
    case .ports, .all: return nil
    }
  }
}

/// What forwards have used up.
private struct TakenPorts {
  /// Hosts with an outside address of their own, which use no other.
  let pairedHosts: Set<IPAddress>
  private var ranges: [TransportProtocol: [(ports: ClosedRange<UInt16>, line: Int)]] = [:]
  private var pairs: [(address: IPAddress, inside: IPAddress, line: Int)] = []
  private var all: Int?

  init(pairedHosts: Set<IPAddress>) { self.pairedHosts = pairedHosts }

  /// Why the forward cannot be had beside those before it.
  func refusal(of forward: RouterDraft.Forward) -> String? {
    switch forward.what {
    case .ports(let transport, let ports, _, let target):
      if pairedHosts.contains(target.address) {
        return said("\(target.address) has an outside address of its own, and uses no other here")
      }
      return ranges[transport]?.first { $0.ports.overlaps(ports) }.map {
        said("line \($0.line) forwards \(transport.name) \(ports.clamped(to: $0.ports).lowerBound) already")
      }
    case .address(let address, let inside):
      return pairs.first { $0.address == address || $0.inside == inside }.map {
        said("line \($0.line) pairs \($0.inside) with \($0.address) already")
      }
    case .all:
      return all.map { said("line \($0) forwards all the rest already") }
    }
  }

  mutating func add(_ forward: RouterDraft.Forward) {
    switch forward.what {
    case .ports(let transport, let ports, _, _): ranges[transport, default: []].append((ports, forward.line))
    case .address(let address, let inside): pairs.append((address, inside, forward.line))
    case .all: all = forward.line
    }
  }
}
