// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A route that a device was given: packets for a prefix go by way of a neighbour, and not the device's usual way.
public struct StaticRoute: Hashable, Sendable {
  public var prefix: IPPrefix
  /// The neighbour's address on a link of the device.
  public var gateway: IPAddress

  public init(_ prefix: IPPrefix, via gateway: IPAddress) {
    self.prefix = prefix
    self.gateway = gateway
  }
}

/// Routes that devices were given.
extension Network {
  /// The routes that device `id` was given, the longest prefixes first.
  public func staticRoutes(of id: DeviceID) -> [StaticRoute] { staticRoutes[id] ?? [] }

  /// Gives a device a route; one for the same prefix is replaced.
  ///
  /// - Throws: a ``BuildError`` if the gateway is not a neighbour of the device, and then nothing has changed.
  public mutating func addRoute(_ route: StaticRoute, to id: DeviceID) throws(BuildError) {
    guard id != .internet else { throw .internetIsFixed }
    let name = details[id.index].name
    guard route.prefix.family == route.gateway.family else { throw .gatewayOfOtherFamily(route.gateway, route.prefix) }
    guard gatewayHop(route.gateway, from: id) != nil else { throw .gatewayNotNear(route.gateway, device: name) }
    let others = staticRoutes(of: id).filter { $0.prefix != route.prefix }
    staticRoutes[id] = (others + [route]).sorted {
      ($1.prefix.length, $0.prefix.address) < ($0.prefix.length, $1.prefix.address)
    }
  }

  /// Takes a device's route for `prefix` away.
  public mutating func removeRoute(_ prefix: IPPrefix, of id: DeviceID) throws(BuildError) {
    let left = staticRoutes(of: id).filter { $0.prefix != prefix }
    guard left.count < staticRoutes(of: id).count else { throw .noSuchRoute(prefix, device: details[id.index].name) }
    staticRoutes[id] = left.isEmpty ? nil : left
  }

  /// Takes away the routes whose gateway is no longer a neighbour.
  mutating func forgetLostRoutes() {
    for (id, routes) in staticRoutes {
      let left = routes.filter { !nodes[id.index].isRemoved && gatewayHop($0.gateway, from: id) != nil }
      staticRoutes[id] = left.isEmpty ? nil : left
    }
  }

  /// The way to a neighbour of `device`, and whether that is on a router's inside; nil if it has no such neighbour.
  private func gatewayHop(_ gateway: IPAddress, from device: DeviceID) -> (next: NextHop, isInside: Bool)? {
    if case .router(let slot) = nodes[device.index].role {
      if let neighbor = routers[slot].neighbors[gateway] { return (.down(neighbor), true) }
      if let shared = sharedWith[device], case .router(let first) = nodes[shared.index].role {
        if routers[first].insideAddresses.contains(gateway) { return (.across(shared), true) }
        if let neighbor = routers[first].neighbors[gateway], neighbor != device { return (.across(neighbor), true) }
      }
    }
    guard case .router(let slot) = nodes[nodes[device.index].parent.index].role else { return nil }
    if routers[slot].insideAddresses.contains(gateway) { return (.up, false) }
    guard let neighbor = routers[slot].neighbors[gateway], neighbor != device else { return nil }
    return (.neighbor(neighbor), false)
  }

  /// The next hop that a static route of `device` gives for `address`: on a router's inside, or elsewhere.
  ///
  /// A network to which the device is connected is preferred to a route that is not more specific.
  func staticNextHop(_ address: IPAddress, from device: DeviceID, isInside: Bool) -> NextHop? {
    guard let route = staticRoutes[device]?.first(where: { $0.prefix.contains(address) }) else { return nil }
    var connected = router(device)?.prefixes ?? []
    connected += router(nodes[device.index].parent)?.prefixes ?? []
    guard !connected.contains(where: { $0.contains(address) && $0.length >= route.prefix.length }) else { return nil }
    guard let hop = gatewayHop(route.gateway, from: device), hop.isInside == isInside else { return nil }
    return hop.next
  }
}
