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
    // Nested routers pass on packets that are not for them, so an inner network must differ from every one further out.
    // A public prefix may be a part of an outer one of which nobody has anything yet, and is then routed inwards.
    var around: [IPPrefix] = []
    let overlapping = router.flatMap { self.router($0)?.outer.overlapping(prefix) } ?? []
    for (other, owner) in overlapping.sorted(by: { $0.device > $1.device }) {
      let name = details[owner.index].name
      guard scope.isRoutedOnInternet, other.contains(prefix.address), other.length < prefix.length else {
        throw .prefixOverlaps(prefix, with: other, of: name)
      }
      around.append(other)
      guard let part = self.router(owner) else { continue }
      if let own = part.insideAddresses.first(where: { prefix.contains($0) }) {
        throw .addressTaken(own, owner: name)
      }
      try checkFree(prefix, part.neighbors)
    }
    // Nobody further out has a route to a private prefix: one that overlaps none is free.
    guard scope.isRoutedOnInternet else { return }
    for own in [Self.internetAddress, Self.internetAddressIPv6] where prefix.contains(own) {
      throw .addressTaken(own, owner: details[0].name)
    }
    if let route = networksInside.overlap(with: prefix, otherThan: around) {
      throw .prefixOverlaps(prefix, with: route.prefix, of: details[route.device.index].name)
    }
    try checkFree(prefix, publicAddresses)
  }

  /// Throws when `prefix` has in it an address that somebody has already.
  private func checkFree(
    _ prefix: IPPrefix, _ owners: SharedDictionary<IPAddress, DeviceID>
  ) throws(BuildError) {
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

  /// Lets a router exchange the prefix of its inside IPv6 addresses for `outside`, to which the internet then has a route
  /// (RFC 6296); nil ends that.
  ///
  /// - Returns: how many rows that has removed from its table.
  public mutating func setPrefixTranslation(of id: DeviceID, _ outside: IPPrefix?) throws(BuildError) -> Int {
    guard case .router(let slot) = nodes[id.index].role else { return 0 }
    var behavior = routers[slot].nat.behavior
    let old = behavior.prefixTranslation?.outside
    if let outside, outside != old {
      guard let local = routers[slot].prefixes.first(where: { $0.family == .ipv6 }) else {
        throw .noPrefix(.ipv6, router: details[id.index].name)
      }
      guard outside.family == .ipv6, outside.length <= 64, local.length >= outside.length,
        let inside = IPPrefix(containing: local.address, length: outside.length),
        let translation = PrefixTranslation(inside: inside, outside: outside)
      else { throw .prefixNotExchangeable(outside, for: local) }
      guard outside.address.scope.isRoutedOnInternet else { throw .prefixNotUsable(outside, outside.address.scope) }
      let parent = nodes[id.index].parent
      if let old { networksInside.remove(old) }
      do throws(BuildError) {
        try checkPrefix(outside, behind: parent == .internet ? nil : parent)
      } catch {
        if let old { networksInside.add(old, through: id) }
        throw error
      }
      behavior.prefixTranslation = translation
      route(outside, to: id)
    } else if outside == nil {
      if let old { networksInside.remove(old) }
      behavior.prefixTranslation = nil
    }
    return configure(id, behavior)
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
    networksInside.add(prefix, through: id)
    var outer = nodes[id.index].parent
    while case .router(let slot) = nodes[outer.index].role, !routers[slot].hasRoutesInside {
      routers[slot].hasRoutesInside = true
      outer = nodes[outer.index].parent
    }
  }
}
