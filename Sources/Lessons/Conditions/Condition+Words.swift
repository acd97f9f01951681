// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// Conditions in words for the learner.
extension ConditionContext {
  /// What is still missing for the conditions to hold, a sentence each.
  package func missing(_ conditions: [Condition]) -> [String] {
    conditions.filter { !holds($0) }.map { missing($0) }
  }

  /// What the conditions that hold were fulfilled by, a sentence each.
  package func shown(_ conditions: [Condition]) -> [String] {
    let held = conditions.filter(holds)
    // What happened says more than the settings that it happened under.
    let withoutSettings = held.filter { if case .setting = $0.kind { false } else { true } }
    let sentences = withoutSettings.compactMap { shown($0) }
    return sentences.isEmpty ? held.compactMap { shown($0) } : sentences
  }

  private func missing(_ condition: Condition) -> String {
    switch condition.kind {
    case .found(let pattern): return missing(pattern)
    case .setting(let device, let settings):
      let wrong = settings.filter { !hold([Condition(.setting(device: device, [$0]), line: $0.line)]) }
      return wrong.map { setting in
        let now = value(of: setting, device)
        return "\(device)'s \(setting.property) is \(now ?? "not set"), not \(setting.value)"
      }.joined(separator: ", and ")
    case .clock(let comparison):
      return "\(record.elapsed(in: network)) have passed in this step, and it takes \(comparison.words)"
    case .looked(let word): return "you have not looked at `\(word)` yet"
    case .not(let conditions):
      let held = conditions.filter(holds).compactMap { shown($0) }
      return "this must not be: " + held.joined(separator: "; ")
    case .any(let conditions): return "either " + conditions.map { missing($0) }.joined(separator: ", or ")
    case .all(let conditions): return missing(conditions).joined(separator: "; ")
    }
  }

  private func missing(_ pattern: Condition.Pattern) -> String {
    let found = count(of: pattern)
    let wanted = pattern.count
    if wanted.holds(of: 1), found == 0 { return "no " + description(of: pattern, isPlural: false) + ending(pattern) }
    return "\(description(of: pattern, isPlural: true)): \(found) so far, and it takes \(wanted.words)"
  }

  private func ending(_ pattern: Condition.Pattern) -> String {
    pattern.subject == .device ? "" : " yet"
  }

  /// What a pattern looks for: `packet from bob has been dropped at home-a as filtered`.
  private func description(of pattern: Condition.Pattern, isPlural: Bool) -> String {
    func word(_ key: String) -> String? {
      switch pattern.field(key)?.wanted {
      case .text(let text), .device(let text): text
      case .endpoint(let wanted): wanted.text
      case .comparison(let comparison): comparison.words
      case nil: nil
      }
    }
    func part(_ lead: String, _ key: String) -> String { word(key).map { " \(lead) \($0)" } ?? "" }
    let saying = word("text").map { " saying \"\($0)\"" } ?? ""
    let transport = word("protocol").map { "\($0) " } ?? ""
    let kind = (word("flags") ?? word("icmp")).map { "\($0) " } ?? ""
    let has = isPlural ? "" : " has been"
    let packet = "\(transport)\(kind)packet\(isPlural ? "s" : "")"
    switch pattern.subject {
    case .hop:
      let verdict = word("verdict") ?? (word("reason") == nil ? "handled" : "dropped")
      let size = part("with a TTL of", "ttl") + part("of a length of", "length")
      let row = word("mapping_change").map { ", with its row \($0)" } ?? ""
      return packet + part("from", "source") + part("to", "destination") + size + saying + has + " \(verdict)"
        + part("at", "node") + part("as", "reason") + part("to come from", "new_source")
        + part("to go to", "new_destination") + row
    case .delivered:
      return packet + part("from", "from") + saying + has + " delivered" + part("to", "to")
    case .mapping:
      let expired = word("expired") == "yes" ? " has timed out" : isPlural ? "" : " is there"
      return (word("static") == "yes" ? "static " : "") + transport + "row\(isPlural ? "s" : "")"
        + part("of", "router") + part("that maps", "internal") + part("to", "external")
        + part("towards", "remote") + part("that admits", "permitted") + part("that is", "state")
        + part("with packets out:", "packets_out") + part("with packets in:", "packets_in") + expired
    case .device:
      let kind = word("kind") ?? "device"
      return kind + (isPlural ? "s" : "") + part("called", "name") + part("with the address", "address")
        + part("with the network", "lan") + part("behind", "behind") + (isPlural ? "" : " is there")
    case .measured:
      let command = word("command") ?? "traffic"
      return command + (word("path") == "via" ? " via a server" : part("that is", "path"))
        + part("with users:", "users") + part("with packets:", "packets") + part("with packets lost:", "lost")
        + part("with bits a second into the server:", "server_in")
        + part("with bits a second out of the server:", "server_out") + has + " measured"
    }
  }

  // MARK: What was shown

  private func shown(_ condition: Condition) -> String? {
    switch condition.kind {
    case .found(let pattern): return shown(pattern)
    case .setting(let device, let settings):
      return settings.map { "\(device)'s \($0.property) is \(value(of: $0, device) ?? $0.value)" }
        .joined(separator: ", and ")
    case .clock: return "\(record.elapsed(in: network)) have passed"
    case .looked: return nil
    case .not: return nil
    case .any(let conditions): return conditions.lazy.filter(holds).compactMap { shown($0) }.first
    case .all(let conditions): return conditions.compactMap { shown($0) }.joined(separator: "; ")
    }
  }

  /// What fulfils a pattern, in words; nil where nothing does.
  func shown(_ pattern: Condition.Pattern) -> String? {
    switch pattern.subject {
    case .hop, .delivered: return matches(pattern).last.map(words)
    case .mapping:
      guard let (router, row) = rows(pattern).last else { return nil }
      let name = network.device(router).name
      let state = row.isExpired(at: network.clock) ? " had a row that timed out" : " has a row"
      return "\(name)\(state): \(row.internal) ⇄ \(row.external)"
    case .device:
      guard let device = devices(pattern).last else { return nil }
      let addresses = network.addresses(of: device.id).map(\.description).joined(separator: " and ")
      let place = device.parent == .internet ? "on the internet" : "behind \(network.device(device.parent).name)"
      return "\(device.kindName) \(device.name) has \(addresses), \(place)"
    case .measured:
      guard let found = measurements(pattern).last else { return nil }
      let server = found.serverInBitsPerSecond.map { "; the server took in \(BitRate(bitsPerSecond: $0))" } ?? ""
      return "\(found.command) of \(found.users) users, \(found.path): \(found.packets) packets\(server)"
    }
  }

  /// What a device did with a packet.
  func words(for hop: Hop) -> String {
    let node = network.device(hop.node).name
    let reason = hop.reason.map { " as \($0.rawValue)" } ?? ""
    let from = hop.icmp.isError ? "\(hop.source.address)" : "\(hop.source)"
    let to = hop.icmp.isError ? "\(hop.destination.address)" : "\(hop.destination)"
    let changes = [hop.newSource.map { "from \($0)" }, hop.newDestination.map { "to \($0)" }].compactMap { $0 }
    let change = changes.isEmpty ? "" : ", which left it " + changes.joined(separator: " ")
    return "packet \(hop.packet), \(from) → \(to), was \(hop.verdict.rawValue) at \(node)\(reason)\(change)"
  }
}
