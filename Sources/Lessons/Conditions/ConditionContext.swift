// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// A session and its events so far, to check conditions against.
package struct ConditionContext {
  let session: Session
  let record: StepRecord
  /// The hops since the step began.
  let hops: [Hop]

  var network: Network { session.network }

  package init(session: Session, record: StepRecord) {
    self.session = session
    self.record = record
    hops = record.hops(of: session.network)
  }

  package func hold(_ conditions: [Condition]) -> Bool { conditions.allSatisfy(holds) }

  package func holds(_ condition: Condition) -> Bool {
    switch condition.kind {
    case .found(let pattern): pattern.count.holds(of: Int64(pattern.count(in: self)))
    case .setting(let device, let settings): settings.allSatisfy { holds($0, of: device) }
    case .unchanged(let device): record.changed(of: device, in: network).map(\.isEmpty) ?? false
    case .clock(let comparison): comparison.holds(of: record.elapsed(in: network).microseconds)
    case .looked(let word): record.looked.contains(word)
    case .not(let conditions): !conditions.contains(where: holds)
    case .any(let conditions): conditions.contains(where: holds)
    case .all(let conditions): conditions.allSatisfy(holds)
    case .order(let patterns): reached(patterns) == patterns.count
    }
  }

  /// How many of the patterns have happened one after another, starting with the first.
  func reached(_ patterns: [any FoundPattern]) -> Int {
    var last = 0
    for (place, pattern) in patterns.enumerated() {
      guard let moment = pattern.moment(after: last, in: self) else { return place }
      last = moment
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

  // MARK: Names and addresses

  func isCalled(_ name: String, _ id: DeviceID) -> Bool {
    network.device(id).name.lowercased() == name.lowercased()
  }

  func matches(_ endpoint: Endpoint, _ wanted: EndpointPattern) -> Bool {
    (wanted.port.map { $0 == endpoint.port } ?? true) && matches(endpoint.address, wanted)
  }

  func matches(_ address: IPAddress, _ wanted: EndpointPattern) -> Bool {
    switch wanted.host {
    case .anyone: true
    case .address(let other): address == other
    case .name(let name): network.device(named: name).map { network.addresses(of: $0.id).contains(address) } ?? false
    }
  }
}
