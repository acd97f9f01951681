// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Which device is behind which in a network, and what is reached through them: computed once, since a plan needs it
/// for every device.
struct DeviceTree {
  let network: Network
  private var children: [DeviceID: [DeviceID]] = [:]
  private var places: [DeviceID: Int] = [:]
  /// Only for devices that have any.
  private var prefixes: [DeviceID: [IPPrefix]] = [:]
  private var inner: [DeviceID: [(sibling: DeviceID, prefix: IPPrefix)]] = [:]

  init(_ network: Network) {
    self.network = network
    let devices = network.allDevices
    for device in devices {
      places[device.id] = children[device.parent]?.count ?? 0
      children[device.parent, default: []].append(device.id)
    }
    // A device behind another was made after it.
    for device in devices.reversed() {
      guard let router = network.router(device.id) else { continue }
      let reached =
        router.prefixes.filter { $0.address.scope.isRoutedOnInternet }
        + children(of: device.id).flatMap { prefixes[$0] ?? [] }
      if !reached.isEmpty { prefixes[device.id] = reached }
    }
    for (id, below) in children {
      guard let router = network.router(id) else { continue }
      inner[id] = below.flatMap { sibling in
        (prefixes[sibling] ?? []).filter { prefix in
          router.prefixes.contains { $0.contains(prefix.address) && $0.length < prefix.length }
        }.map { (sibling, $0) }
      }
    }
  }

  /// The devices right behind one, in the order in which they were made.
  func children(of id: DeviceID) -> [DeviceID] { children[id] ?? [] }

  /// The position of a device among those.
  func place(of id: DeviceID) -> Int { places[id] ?? 0 }

  /// The public prefixes that are reached through a device: its own, and those of routers behind it.
  func publicPrefixes(through id: DeviceID) -> [IPPrefix] { prefixes[id] ?? [] }

  /// The prefixes within a router's own that are reached through one of the devices behind it.
  func innerPrefixes(of id: DeviceID) -> [(sibling: DeviceID, prefix: IPPrefix)] { inner[id] ?? [] }
}
