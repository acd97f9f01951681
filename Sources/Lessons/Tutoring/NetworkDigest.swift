// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator

/// The parts of a network that a learner would miss: its devices with their places and settings, and the rows of its
/// tables. Neither the clock nor the numbers that packets and rows happen to have.
struct NetworkDigest: Hashable {
  private var lines: Set<String> = []

  init(_ session: Session) {
    let network = session.network
    for device in network.allDevices {
      let addresses = network.addresses(of: device.id).map(\.description).joined(separator: " ")
      var line = "\(device.name) \(device.kindName) \(addresses) \(network.device(device.parent).name)"
      for property in Property.all {
        if let found = session.setting(property.name, of: device.name) { line += " \(property.name)=\(found)" }
      }
      lines.insert(line)
      for row in network.router(device.id)?.nat.mappings ?? [] where !row.isExpired(at: network.clock) {
        lines.insert("\(device.name) \(row.transport.name) \(row.internal) \(row.external)")
      }
    }
  }

  /// - Parameter session: one of the same language, whose network is ignored.
  init(network: Network, of session: Session) {
    var session = session
    session.beginChapter(network, lines: [])
    self.init(session)
  }
}
