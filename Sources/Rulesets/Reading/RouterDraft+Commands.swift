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
    switch target {
    case .new:
      own = usable.first?.address ?? forwardedAddress
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

  /// The outside address of the first forward that names a public one.
  private var forwardedAddress: IPAddress? {
    forwards.lazy.compactMap { forward in
      if case .ports(_, _, let address?, _) = forward.what, address.scope.isRoutedOnInternet { address } else { nil }
    }.first
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
    // An address of one host's own comes before what is shared, and the default host last.
    for forward in forwards {
      guard let lan, lan.contains(forward.inside), lan.isHostAddress(forward.inside) else {
        notes.unread(
          forward.line, said("\(forward.inside) is not in the network inside") + (lan.map { ", \($0)" } ?? ""))
        continue
      }
      let command: String
      switch forward.what {
      case .ports(let transport, let ports, let address, let target):
        if let address, let own, address != own {
          notes.unread(forward.line, said("a port that is forwarded is one of the router's first address, \(own)"))
          continue
        }
        let range = ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
        command = "forward \(name) \(transport.name) \(range) to \(target)"
      case .address(let address, let inside):
        guard more.contains(address) else {
          notes.unread(forward.line, said("\(address) is not one of the router's further addresses"))
          continue
        }
        command = "forward \(name) address \(address) to \(inside)"
      case .all(let inside): command = "forward \(name) all to \(inside)"
      }
      notes.became(forward.line, command)
      lines.append(command)
    }
    return lines
  }
}
