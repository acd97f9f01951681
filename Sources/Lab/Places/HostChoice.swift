// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator

/// Finds the host in whose place something is to run.
enum HostChoice {
  /// - Throws: that there is none of that name, with the nearest one, or that it is something else.
  static func host(named name: String, in network: Network) throws(LabFault) -> Device {
    guard let device = network.device(named: name) else {
      let names = network.allDevices.filter(\.isHost).map(\.name)
      throw .noSuchHost(name, nearest: Nearest.candidate(to: name, among: names) ?? names.first)
    }
    guard device.isHost else { throw .notAHost(device.name) }
    return device
  }
}
