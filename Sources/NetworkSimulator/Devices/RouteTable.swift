// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Prefixes and the device that each is reached through; the longest match wins.
struct RouteTable: Sendable {
  typealias Route = (prefix: IPPrefix, device: DeviceID)

  /// The longest prefixes first.
  private(set) var routes: [Route] = []

  mutating func add(_ prefix: IPPrefix, through device: DeviceID) {
    let place = routes.firstIndex { $0.prefix.length < prefix.length } ?? routes.endIndex
    routes.insert((prefix, device), at: place)
  }

  mutating func remove(_ prefix: IPPrefix) { routes.removeAll { $0.prefix == prefix } }

  func route(to address: IPAddress) -> Route? { routes.first { $0.prefix.contains(address) } }

  func lookUp(_ address: IPAddress) -> DeviceID? { route(to: address)?.device }
}
