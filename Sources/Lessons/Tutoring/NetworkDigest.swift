// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator

/// The parts of a network that a learner would miss: its devices with their places and settings, and the rows of its
/// tables. Neither the clock nor the numbers that packets and rows happen to have.
struct NetworkDigest: Hashable {
  private var lines: Set<String> = []

  init(_ network: Network) {
    for device in network.allDevices {
      let addresses = network.addresses(of: device.id).map(\.description).joined(separator: " ")
      var line = "\(device.name) \(device.kindName) \(addresses) \(network.device(device.parent).name)"
      for value in device.settings(in: network) { line += " \(value.property.name)=\(value)" }
      lines.insert(line)
      for row in network.router(device.id)?.nat.mappings ?? [] where !row.isExpired(at: network.clock) {
        lines.insert("\(device.name) \(row.transport.name) \(row.internal) \(row.external)")
      }
    }
  }
}
