// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering

/// The facts that fulfilled conditions, in words for the learner.
extension ConditionContext {
  /// The facts that fulfil the conditions that hold, a sentence each without its full stop.
  package func shown(_ conditions: [Condition]) -> [String] {
    let held = conditions.filter(holds)
    // An event says more than the settings under which it happened.
    let withoutSettings = held.filter { if case .setting = $0.kind { false } else { true } }
    let sentences = withoutSettings.flatMap { shown($0) }
    var seen: Set<String> = []
    return (sentences.isEmpty ? held.flatMap { shown($0) } : sentences).filter { seen.insert($0).inserted }
  }

  private func shown(_ condition: Condition) -> [String] {
    switch condition.kind {
    case .found(let pattern): return shown(pattern).map { [$0] } ?? []
    case .setting(let device, let settings):
      return settings.map { "The \($0.property) of \(device) is \(value(of: $0, device) ?? $0.value)" }
    case .clock: return ["\(SimulatedTime.text(record.elapsed(in: network).microseconds)) have passed in this step"]
    case .looked, .not: return []
    case .any(let conditions): return conditions.first(where: holds).map { shown($0) } ?? []
    case .all(let conditions): return conditions.flatMap { shown($0) }
    case .order(let patterns): return patterns.compactMap { shown($0) }
    }
  }

  /// The fact that fulfils a pattern, in words; nil if nothing does.
  func shown(_ pattern: Condition.Pattern) -> String? {
    switch pattern.subject {
    case .hop, .delivered: return matches(pattern).last.map(words)
    case .mapping:
      guard let (router, row) = rows(pattern).last else { return nil }
      let name = network.device(router).name
      return row.isExpired(at: network.clock)
        ? "The row for \(row.internal) in \(name)'s table has timed out"
        : "In \(name)'s table, \(row.internal) inside is \(row.external) outside"
    case .device:
      guard let device = devices(pattern).last else { return nil }
      let addresses = network.addresses(of: device.id).map(\.description).joined(separator: " and ")
      let place = device.parent == .internet ? "on the internet" : "behind \(network.device(device.parent).name)"
      return "The \(device.kindName) \(device.name) has \(addresses), \(place)"
    case .measured: return measurements(pattern).last.map { shown($0) }
    }
  }

  /// A device's handling of a packet.
  func words(for hop: Hop) -> String {
    let node = network.device(hop.node).name
    let packet = "packet \(hop.packet) from " + (hop.icmp.isError ? "\(hop.source.address)" : "\(hop.source)")
    switch hop.verdict {
    case .sent: return "\(packet) was sent"
    case .forwarded: return "\(packet) was passed on by \(node)"
    case .translated:
      let changes = [
        hop.newSource.map { "its source became \($0)" }, hop.newDestination.map { "its destination became \($0)" },
      ].compactMap { $0 }
      return "\(packet) went through \(node)" + (changes.isEmpty ? "" : ": " + changes.joined(separator: ", "))
    case .delivered: return "\(packet) reached \(node)"
    case .dropped: return "\(packet) was dropped at \(node)" + (hop.reason.map { " (reason: \($0.rawValue))" } ?? "")
    }
  }

  private func shown(_ found: any Measurement) -> String {
    let who = found.command == "crowd" ? "A crowd of \(Count.grouped(found.users)) users" : "The call"
    let way = found.path == "via" ? "through the server" : "the direct way"
    let lost = found.lost == 0 ? "none lost" : "\(Count.grouped(found.lost)) lost"
    let load = found.serverInBitsPerSecond.map { ", \(Megabits.text($0)) Mbit/s into the server" } ?? ""
    return "\(who) went \(way): \(Count.of(found.packets, "packet")), \(lost)\(load)"
  }
}
