// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// A session and its events so far, to check conditions against.
package struct ConditionContext {
  let session: Session
  let record: StepRecord
  private let hops: [Hop]

  var network: Network { session.network }

  package init(session: Session, record: StepRecord) {
    self.session = session
    self.record = record
    hops = record.hops(of: session.network)
  }

  package func hold(_ conditions: [Condition]) -> Bool { conditions.allSatisfy(holds) }

  package func holds(_ condition: Condition) -> Bool {
    switch condition.kind {
    case .found(let pattern): pattern.count.holds(of: Int64(count(of: pattern)))
    case .setting(let device, let settings): settings.allSatisfy { holds($0, of: device) }
    case .clock(let comparison): comparison.holds(of: record.elapsed(in: network).microseconds)
    case .looked(let word): record.looked.contains(word)
    case .not(let conditions): !conditions.contains(where: holds)
    case .any(let conditions): conditions.contains(where: holds)
    case .all(let conditions): conditions.allSatisfy(holds)
    case .order(let patterns): reached(patterns) == patterns.count
    }
  }

  /// How many of the patterns have happened one after another, starting with the first.
  func reached(_ patterns: [Condition.Pattern]) -> Int {
    var last = 0
    for (place, pattern) in patterns.enumerated() {
      guard let hop = matches(pattern).first(where: { $0.number > last }) else { return place }
      last = hop.number
    }
    return patterns.count
  }

  /// The value of a device's property; nil if there is no such device or it has no such property.
  func value(of setting: Condition.Setting, _ device: String) -> String? {
    session.setting(setting.property, of: device)?.description
  }

  private func holds(_ setting: Condition.Setting, of device: String) -> Bool {
    guard let found = session.setting(setting.property, of: device) else { return false }
    if found.description == setting.value { return true }
    // Another spelling of the same, such as `eif` or `300s`.
    return (try? PropertyValue.read(setting.value, as: found.property, of: device)) == found
  }

  // MARK: Patterns

  func count(of pattern: Condition.Pattern) -> Int {
    switch pattern.subject {
    case .hop: matches(pattern).count
    case .delivered: matches(pattern).count
    case .mapping: rows(pattern).count
    case .device: devices(pattern).count
    case .measured: measurements(pattern).count
    }
  }

  /// The hops that a pattern of hops or deliveries is about.
  func matches(_ pattern: Condition.Pattern) -> [Hop] {
    hops.filter { hop in
      (pattern.subject == .hop || hop.verdict == .delivered)
        && pattern.fields.allSatisfy { field in self.field(field, matches: hop) }
    }
  }

  private func field(_ field: Condition.Field, matches hop: Hop) -> Bool {
    let record = network.trace.packet(hop.packet)
    switch (field.key, field.wanted) {
    case ("node", .device(let name)): return isCalled(name, hop.node)
    case ("verdict", .text(let word)): return hop.verdict.rawValue == word
    case ("reason", .text(let word)): return hop.reason?.rawValue == word
    case ("protocol", .text(let word)): return hop.transport.name == word
    case ("mapping_change", .text(let word)): return hop.mappingChange?.rawValue == word
    case ("icmp", .text(let word)): return hop.transport == .icmp && hop.icmp.name == word
    case ("flags", .text(let words)):
      return hop.transport == .tcp && hop.tcpFlags.names == words.split { " ,+".contains($0) }.map(String.init)
    case ("text", .text(let text)):
      return record?.packet.payload.text == text
    case ("ttl", .comparison(let comparison)): return comparison.holds(of: Int64(hop.timeToLive))
    case ("length", .comparison(let comparison)): return comparison.holds(of: Int64(hop.length))
    case ("source", .endpoint(let wanted)), ("from", .endpoint(let wanted)):
      return matches(hop.source, wanted) || isSender(record, wanted)
    case ("destination", .endpoint(let wanted)): return matches(hop.destination, wanted)
    case ("new_source", .endpoint(let wanted)): return hop.newSource.map { matches($0, wanted) } ?? false
    case ("new_destination", .endpoint(let wanted)): return hop.newDestination.map { matches($0, wanted) } ?? false
    case ("to", .endpoint(let wanted)):
      guard case .name(let name) = wanted.host else { return matches(hop.destination, wanted) }
      return isCalled(name, hop.node) && (wanted.port.map { $0 == hop.destination.port } ?? true)
    default: return false
    }
  }

  private func isCalled(_ name: String, _ id: DeviceID) -> Bool {
    network.device(id).name.lowercased() == name.lowercased()
  }

  /// Whether a packet was sent by the device of that name, whatever NAT has made of its address since.
  private func isSender(_ record: PacketRecord?, _ wanted: EndpointPattern) -> Bool {
    guard let record, case .name(let name) = wanted.host, isCalled(name, record.origin) else { return false }
    return wanted.port.map { $0 == record.packet.source.port } ?? true
  }

  func matches(_ endpoint: Endpoint, _ wanted: EndpointPattern) -> Bool {
    (wanted.port.map { $0 == endpoint.port } ?? true) && matches(endpoint.address, wanted)
  }

  private func matches(_ address: IPAddress, _ wanted: EndpointPattern) -> Bool {
    switch wanted.host {
    case .anyone: true
    case .address(let other): address == other
    case .name(let name): network.device(named: name).map { network.addresses(of: $0.id).contains(address) } ?? false
    }
  }

  // MARK: Rows

  func rows(_ pattern: Condition.Pattern) -> [(router: DeviceID, mapping: Mapping)] {
    var expired = false
    if case .text("yes")? = pattern.field("expired")?.wanted { expired = true }
    let since = record.startClock(in: network)
    var found: [(router: DeviceID, mapping: Mapping)] = []
    for device in network.allDevices {
      guard let router = network.router(device.id) else { continue }
      let rows =
        expired
        ? router.nat.expiredMappings(since: 0).filter { ($0.expiresAt ?? .zero) >= since }
        : router.nat.mappings.filter { !$0.isExpired(at: network.clock) }
      for row in rows where pattern.fields.allSatisfy({ field($0, matches: row, of: device.id) }) {
        found.append((device.id, row))
      }
    }
    return found
  }

  private func field(_ field: Condition.Field, matches row: Mapping, of router: DeviceID) -> Bool {
    switch (field.key, field.wanted) {
    case ("router", .device(let name)): return isCalled(name, router)
    case ("internal", .endpoint(let wanted)): return matches(row.internal, wanted)
    case ("external", .endpoint(let wanted)): return matches(row.external, wanted)
    case ("remote", .endpoint(let wanted)):
      switch row.remote {
      case nil: return false
      case .address(let address): return wanted.port == nil && matches(address, wanted)
      case .endpoint(let endpoint): return matches(endpoint, wanted)
      }
    case ("permitted", .endpoint(let wanted)):
      switch row.permitted {
      case .anyone: return true
      case .addresses(let addresses): return wanted.host != .anyone && addresses.contains { matches($0, wanted) }
      case .endpoints(let endpoints): return wanted.host != .anyone && endpoints.contains { matches($0, wanted) }
      }
    case ("protocol", .text(let word)): return row.transport.name == word
    case ("static", .text(let word)): return row.isStatic == (word == "yes")
    case ("state", .text(let word)): return row.state == word
    case ("packets_out", .comparison(let comparison)): return comparison.holds(of: Int64(row.packetsOut))
    case ("packets_in", .comparison(let comparison)): return comparison.holds(of: Int64(row.packetsIn))
    case ("expired", _): return true
    default: return false
    }
  }

  // MARK: Devices and measurements

  func devices(_ pattern: Condition.Pattern) -> [Device] {
    network.allDevices.filter { device in
      pattern.fields.allSatisfy { field in
        switch (field.key, field.wanted) {
        case ("name", .device(let name)): isCalled(name, device.id)
        case ("kind", .text(let word)): device.kindName == word
        case ("behind", .device(let name)): isCalled(name, device.parent)
        case ("address", .endpoint(let wanted)):
          network.addresses(of: device.id).contains { matches($0, wanted) }
        case ("lan", .text(let text)):
          network.router(device.id)?.prefixes.contains { $0.description == text } ?? false
        default: false
        }
      }
    }
  }

  func measurements(_ pattern: Condition.Pattern) -> [any Measurement] {
    record.measurements.filter { measurement in
      pattern.fields.allSatisfy { field in
        switch (field.key, field.wanted) {
        case ("command", .text(let word)): measurement.command == word
        case ("path", .text(let word)): measurement.path == word
        case ("users", .comparison(let comparison)): comparison.holds(of: Int64(measurement.users))
        case ("packets", .comparison(let comparison)): comparison.holds(of: Int64(measurement.packets))
        case ("lost", .comparison(let comparison)): comparison.holds(of: Int64(measurement.lost))
        case ("server_in", .comparison(let comparison)):
          measurement.serverInBitsPerSecond.map(comparison.holds) ?? false
        case ("server_out", .comparison(let comparison)):
          measurement.serverOutBitsPerSecond.map(comparison.holds) ?? false
        default: false
        }
      }
    }
  }
}
