// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The networks behind routers, and the routes to them.
extension Network {
  func choosePrefixes(
    _ given: [IPPrefix], behind router: DeviceID?
  ) throws(BuildError) -> [IPPrefix] {
    var chosen: [IPPrefix] = []
    for prefix in given {
      if chosen.contains(where: { $0.family == prefix.family }) { throw .sameFamilyTwice(prefix.family) }
      try checkPrefix(prefix, behind: router)
      chosen.append(prefix)
    }
    if !chosen.contains(where: { $0.family == .ipv4 }) { chosen.append(try freePrefix()) }
    return chosen.sorted { $0.family == .ipv4 && $1.family == .ipv6 }
  }

  private func checkPrefix(_ prefix: IPPrefix, behind router: DeviceID?) throws(BuildError) {
    let scope = prefix.address.scope
    guard scope.isAssignable, scope != .linkLocal else { throw .prefixNotUsable(prefix, scope) }
    let other = [prefix.lastAddress.scope] + Self.islands.filter { prefix.contains($0) }.map(\.scope)
    if let other = other.first(where: { $0 != scope && !(scope.isRoutedOnInternet && $0.isRoutedOnInternet) }) {
      throw .prefixNotUsable(prefix, other)
    }
    guard prefix.addressCount >= 4 else { throw .prefixTooSmall(prefix) }
    // Nobody further out has a route to a private prefix: one that overlaps none is free.
    if !scope.isRoutedOnInternet, router.map({ self.router($0)?.outer.overlap(prefix) != true }) ?? true { return }
    // Nested routers pass on packets that are not for them, so an inner network must differ from every one further out.
    // A public prefix may be a part of an outer one of which nobody has anything yet, and is then routed inwards.
    var outer = router
    var around: [IPPrefix] = []
    while let id = outer, let part = self.router(id) {
      let name = details[id.index].name
      for other in part.prefixes where other.overlaps(prefix) {
        guard scope.isRoutedOnInternet, other.contains(prefix.address), other.length < prefix.length else {
          throw .prefixOverlaps(prefix, with: other, of: name)
        }
        around.append(other)
      }
      if let own = part.insideAddresses.first(where: { prefix.contains($0) }) {
        throw .addressTaken(own, owner: name)
      }
      // A device in the network has an address of it.
      let mayBeTaken = part.prefixes.contains { $0.overlaps(prefix) }
      try checkFree(prefix, within: around, part.routes, mayBeTaken ? part.neighbors : SharedDictionary())
      outer = nodes[id.index].parent == .internet ? nil : nodes[id.index].parent
    }
    guard scope.isRoutedOnInternet else { return }
    for own in [Self.internetAddress, Self.internetAddressIPv6] where prefix.contains(own) {
      throw .addressTaken(own, owner: details[0].name)
    }
    try checkFree(prefix, within: around, publicRoutes, publicAddresses)
  }

  /// Throws if somebody already has something within `prefix`, apart from the routes to the prefixes `around` it.
  private func checkFree(
    _ prefix: IPPrefix, within around: [IPPrefix], _ routes: RouteTable,
    _ owners: SharedDictionary<IPAddress, DeviceID>
  ) throws(BuildError) {
    if let route = routes.overlap(with: prefix, otherThan: around) {
      throw .prefixOverlaps(prefix, with: route.prefix, of: details[route.device.index].name)
    }
    let taken =
      if prefix.addressCount <= owners.count {
        (0..<prefix.addressCount).lazy.map { prefix.address.advanced(by: $0) }.first { owners[$0] != nil }
      } else {
        owners.pairs.map(\.key).filter { prefix.contains($0) }.min()
      }
    if let taken, let owner = owners[taken] { throw .addressTaken(taken, owner: details[owner.index].name) }
  }

  /// One address of each range whose meaning differs from that of the public addresses on both sides of it.
  private static let islands = [0x0A00_0000, 0x6440_0000, 0xA9FE_0000, 0xAC10_0000, 0xC0A8_0000, 0x7F00_0000].map {
    IPAddress(ipv4: $0)
  }

  private func freePrefix() throws(BuildError) -> IPPrefix {
    for third in 1...255 where insideNetworks[third] == 0 {
      if let prefix = IPPrefix(containing: Self.insideNetwork(third), length: 24) { return prefix }
    }
    throw .noFreeAddress(in: "192.168.0.0/16")
  }

  private static func insideNetwork(_ third: Int) -> IPAddress {
    IPAddress(ipv4: 0xC0A8_0000 | UInt32(truncatingIfNeeded: third) << 8)
  }

  /// Counts one inside network more or fewer for each 192.168.N.0/24 with which it shares addresses.
  mutating func countInsideNetwork(_ prefix: IPPrefix, _ change: Int) {
    if prefix.length >= 24 {
      if prefix.address.isIPv4, prefix.address.ipv4Bits >> 16 == 0xC0A8 {
        insideNetworks[Int(prefix.address.ipv4Bits >> 8 & 0xFF)] += change
      }
    } else {
      for third in insideNetworks.indices where prefix.contains(Self.insideNetwork(third)) {
        insideNetworks[third] += change
      }
    }
  }

  /// Tells every router further out that `prefix` is reached through router `id`.
  mutating func route(_ prefix: IPPrefix, to id: DeviceID) {
    var inner = id
    while true {
      let parent = nodes[inner.index].parent
      if case .router(let slot) = nodes[parent.index].role {
        routers[slot].routes.add(prefix, through: inner)
        inner = parent
      } else {
        publicRoutes.add(prefix, through: inner)
        return
      }
    }
  }

  mutating func unroute(_ prefix: IPPrefix, from id: DeviceID) {
    var inner = id
    while true {
      let parent = nodes[inner.index].parent
      if case .router(let slot) = nodes[parent.index].role {
        routers[slot].routes.remove(prefix)
        inner = parent
      } else {
        publicRoutes.remove(prefix)
        return
      }
    }
  }
}
