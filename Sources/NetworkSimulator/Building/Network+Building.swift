// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Making and removing devices.
extension Network {
  /// Makes a host.
  ///
  /// - Parameters:
  ///   - addresses: at most one per family; a missing one is the next free one of its network.
  ///   - router: the router it is behind; nil on the internet.
  ///   - family: the only family of which it has an address; nil for each one that its network has.
  /// - Throws: a ``BuildError``, and then nothing has changed.
  @discardableResult
  public mutating func addHost(
    named name: String, addresses: [IPAddress] = [], behind router: DeviceID? = nil, only family: AddressFamily? = nil
  ) throws(BuildError) -> DeviceID {
    try checkName(name)
    let router = try checkParent(router)
    let chosen = try chooseAddresses(addresses, behind: router, only: family)
    let id = DeviceID(nodes.count)
    let host = Host(addresses: chosen, generator: SeededGenerator(seed: seed, name: name, purpose: "tcp"))
    hosts.append(host)
    addDevice(named: name, role: .host(hosts.count - 1), addresses: chosen, behind: router)
    return id
  }

  /// Makes a router.
  ///
  /// - Parameters:
  ///   - addresses: its outside addresses, at most one per family; a missing one is the next free one of the network
  ///     outside.
  ///   - prefixes: its inside networks, at most one per family; IPv4's is the next free 192.168.N.0/24 if left out.
  ///   - router: the router it is nested behind; nil on the internet.
  @discardableResult
  public mutating func addRouter(
    named name: String, addresses: [IPAddress] = [], prefixes: [IPPrefix] = [], behind router: DeviceID? = nil,
    preset: NATPreset = .home
  ) throws(BuildError) -> DeviceID {
    try checkName(name)
    let router = try checkParent(router)
    let inside = try choosePrefixes(prefixes, behind: router)
    var outside = addresses
    if inside.contains(where: { $0.family == .ipv6 }), !outside.contains(where: { !$0.isIPv4 }),
      router.map({ self.router($0)?.insideAddress(.ipv6) != nil }) ?? true
    {
      outside.append(try freeAddress(.ipv6, behind: router))
    }
    if !outside.contains(where: \.isIPv4) { outside.append(try freeAddress(.ipv4, behind: router)) }
    let chosen = try chooseAddresses(outside, behind: router)
    for prefix in inside {
      if let address = chosen.first(where: { prefix.contains($0) }) {
        throw .prefixOverlaps(
          prefix, with: IPPrefix(containing: address, length: address.family.bitWidth) ?? prefix, of: name)
      }
    }
    let id = install(
      named: name, chosen, inside: inside, at: inside.map { $0.address.advanced(by: 1) }, behind: router, preset)
    for prefix in inside {
      countInsideNetwork(prefix, 1)
      if prefix.address.scope.isRoutedOnInternet { route(prefix, to: id) }
    }
    return id
  }

  /// Makes a router on the internet with addresses of its own in networks that exist already.
  mutating func addRouter(
    named name: String, addresses: [IPAddress], inside: [IPPrefix], at insideAddresses: [IPAddress], preset: NATPreset
  ) throws(BuildError) -> DeviceID {
    try checkName(name)
    let given = addresses.isEmpty ? [try freeAddress(.ipv4, behind: nil)] : addresses
    let chosen = try chooseAddresses(given, behind: nil)
    if let prefix = inside.first, let address = chosen.first(where: { prefix.contains($0) }) {
      throw .prefixOverlaps(prefix, with: IPPrefix(containing: address, length: 32) ?? prefix, of: name)
    }
    return install(named: name, chosen, inside: inside, at: insideAddresses, behind: nil, preset)
  }

  private mutating func install(
    named name: String, _ addresses: [IPAddress], inside: [IPPrefix], at insideAddresses: [IPAddress],
    behind router: DeviceID?, _ preset: NATPreset
  ) -> DeviceID {
    var outer = router.flatMap { self.router($0)?.outer } ?? PrefixTree()
    let id = DeviceID(nodes.count)
    for prefix in inside { outer.add(prefix, of: id) }
    let nat = NAT(behavior: preset.behavior, externalAddresses: addresses.filter(\.isIPv4))
    routers.append(
      Router(
        id: id, nat: nat, preset: preset, addresses: addresses, prefixes: inside, insideAddresses: insideAddresses,
        outer: outer, place: nestingPlace(behind: router), firstFree: inside.map { _ in 2 },
        generator: SeededGenerator(seed: seed, name: name, purpose: "nat")))
    addDevice(named: name, role: .router(routers.count - 1), addresses: addresses, behind: router)
    return id
  }

  /// Gives a host another address at which packets reach it.
  ///
  /// - Throws: a ``BuildError``, and then nothing has changed.
  public mutating func addAlternateAddress(_ address: IPAddress, to id: DeviceID) throws(BuildError) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    let parent = nodes[id.index].parent
    try checkAddress(address, behind: parent == .internet ? nil : parent)
    claim(address, for: id, behind: parent)
    hosts[slot].alternateAddresses.append(address)
  }

  /// Removes a device. Packets on their way to it are lost.
  public mutating func remove(_ id: DeviceID) throws(BuildError) {
    guard id != .internet else { throw .internetIsFixed }
    guard details[id.index].childCount == 0 else {
      throw .notEmpty(details[id.index].name, behind: devices(behind: id).map { details[$0.index].name })
    }
    let others = secondGateways(of: id)
    guard others.isEmpty else {
      throw .notEmpty(details[id.index].name, behind: others.map { details[$0.index].name })
    }
    if let router = router(id) {
      for address in router.nat.externalAddresses where !router.addresses.contains(address) {
        release(address, behind: nodes[id.index].parent)
      }
      for prefix in router.prefixes where sharedWith[id] == nil {
        countInsideNetwork(prefix, -1)
        if prefix.address.scope.isRoutedOnInternet { networksInside.remove(prefix) }
      }
      if let outside = router.nat.behavior.prefixTranslation?.outside { networksInside.remove(outside) }
    }
    leaveSharedNetwork(id)
    for address in addresses(of: id) + (host(id)?.alternateAddresses ?? []) {
      release(address, behind: nodes[id.index].parent)
    }
    names[details[id.index].name.lowercased()] = nil
    nodes[id.index].isRemoved = true
    if !staticRoutes.isEmpty { forgetLostRoutes() }
    details[nodes[id.index].parent.index].childCount -= 1
    unanswered.forget(id)
    retransmittingHosts.removeAll { $0 == id }
    removePrograms(of: id)
    holdingRouters = holdingRouters.filter { routers[$0].id != id }
    resettingRouters = resettingRouters.filter { routers[$0].id != id }
    blockRouters = blockRouters.filter { routers[$0].id != id }
    if lastArrival?.host == id { lastArrival = nil }
  }

  private func checkName(_ name: String) throws(BuildError) {
    if names[name.lowercased()] != nil { throw .nameTaken(name) }
  }

  /// The parent of a new device: nil means the internet, anything else must be an existing router.
  private func checkParent(_ id: DeviceID?) throws(BuildError) -> DeviceID? {
    guard let id, id != .internet else { return nil }
    guard nodes[id.index].isRouter, !nodes[id.index].isRemoved else {
      throw .noPrefix(.ipv4, router: details[id.index].name)
    }
    guard sharedWith[id] == nil else { throw sharesNetwork(id) }
    return id
  }

  private mutating func addDevice(
    named name: String, role: Device.Role, addresses: [IPAddress], behind router: DeviceID?
  ) {
    let id = DeviceID(nodes.count)
    let isLocal = if case .host = role { router != nil } else { false }
    add(
      Node(role: role, parent: router ?? .internet, delay: isLocal ? Link.localDelay : Link.accessDelay), named: name)
    details[(router ?? .internet).index].childCount += 1
    names[name.lowercased()] = id
    for address in addresses { claim(address, for: id, behind: router ?? .internet) }
  }

  mutating func add(_ node: Node, named name: String) {
    nodes.append(node)
    details.append(
      DeviceDetails(
        name: name, limits: LinkLimits(generator: SeededGenerator(seed: seed, name: name, purpose: "link"))))
  }

  // MARK: Addresses

  mutating func claim(_ address: IPAddress, for id: DeviceID, behind parent: DeviceID) {
    if case .router(let slot) = nodes[parent.index].role {
      routers[slot].neighbors[address] = id
    } else {
      publicAddresses[address] = id
    }
  }

  mutating func release(_ address: IPAddress, behind parent: DeviceID) {
    guard case .router(let slot) = nodes[parent.index].role else {
      publicAddresses[address] = nil
      for (place, prefix) in Self.documentationPrefixes.enumerated() where prefix.contains(address) {
        firstFreePublic[place] = min(firstFreePublic[place], max(address.low &- prefix.address.low, 1))
      }
      return
    }
    routers[slot].neighbors[address] = nil
    for (place, prefix) in routers[slot].prefixes.enumerated() where prefix.contains(address) {
      let offset = address.low &- prefix.address.low
      routers[slot].firstFree[place] = min(routers[slot].firstFree[place], max(offset, 2))
    }
  }

  /// Checks the addresses given and, for a host behind a router, adds those of the missing families.
  private mutating func chooseAddresses(
    _ given: [IPAddress], behind router: DeviceID?, only family: AddressFamily? = nil
  ) throws(BuildError) -> [IPAddress] {
    var chosen: [IPAddress] = []
    for address in given {
      if chosen.contains(where: { $0.family == address.family }) { throw .sameFamilyTwice(address.family) }
      try checkAddress(address, behind: router)
      chosen.append(address)
    }
    let families: [AddressFamily] =
      if let family {
        [family]
      } else if let router, let part = self.router(router) { part.prefixes.map(\.family) } else { [.ipv4] }
    for family in families where !chosen.contains(where: { $0.family == family }) {
      if router == nil, !chosen.isEmpty { continue }
      chosen.append(try freeAddress(family, behind: router))
    }
    return chosen.sorted { $0.isIPv4 && !$1.isIPv4 }
  }

  /// Throws unless a device there may have `address`.
  func checkAddress(_ address: IPAddress, behind router: DeviceID?) throws(BuildError) {
    guard address.scope.isAssignable else { throw .addressNotUsable(address, address.scope) }
    guard let router, let part = self.router(router) else {
      guard address.scope.isRoutedOnInternet else {
        if address.scope == .linkLocal { throw .addressNotUsable(address, .linkLocal) }
        throw .privateOnInternet(address)
      }
      if address == Self.internetAddress || address == Self.internetAddressIPv6 {
        throw .addressTaken(address, owner: "internet")
      }
      if let owner = publicDevice(address) {
        throw .addressTaken(address, owner: details[owner.index].name)
      }
      return
    }
    let name = details[router.index].name
    guard let prefix = part.prefix(containing: address) else {
      if !part.prefixes.contains(where: { $0.family == address.family }) {
        throw .noPrefix(address.family, router: name)
      }
      throw .addressOutsidePrefix(address, router: name, prefixes: part.prefixes)
    }
    if part.insideAddresses.contains(address) { throw .addressTaken(address, owner: name) }
    guard prefix.isHostAddress(address) else { throw .addressNotUsable(address, .broadcast) }
    if case .router(let slot) = nodes[router.index].role, let owner = neighborInside(address, slot) {
      throw .addressTaken(address, owner: details[owner.index].name)
    }
  }

  /// The next free address of `family` in the network behind `router`, or among the documentation addresses.
  mutating func freeAddress(_ family: AddressFamily, behind router: DeviceID?) throws(BuildError) -> IPAddress {
    if let router, case .router(let slot) = nodes[router.index].role {
      guard let place = routers[slot].prefixes.firstIndex(where: { $0.family == family }) else {
        throw .noPrefix(family, router: details[router.index].name)
      }
      let prefix = routers[slot].prefixes[place]
      var offset = routers[slot].firstFree[place]
      while offset < prefix.addressCount {
        let address = prefix.address.advanced(by: offset)
        if let route = routeInside(address, slot) {
          let taken = (route.prefix.lastAddress.low &- prefix.address.low).addingReportingOverflow(1)
          offset = taken.overflow || route.prefix.addressCount == .max ? .max : taken.partialValue
          continue
        }
        if prefix.isHostAddress(address), routers[slot].neighbors[address] == nil {
          routers[slot].firstFree[place] = offset
          return address
        }
        offset += 1
      }
      throw .noFreeAddress(in: prefix.description)
    }
    let prefixes = Self.documentationPrefixes.enumerated().filter { $0.element.family == family }
    for (place, prefix) in prefixes {
      var offset = firstFreePublic[place]
      while offset < min(prefix.addressCount, 65_536) {
        let address = prefix.address.advanced(by: offset)
        if prefix.isHostAddress(address), publicAddresses[address] == nil, address != Self.internetAddress,
          address != Self.internetAddressIPv6
        {
          // An address that is only routed elsewhere becomes free without notice when its router is removed.
          if networksInside.lookUp(address) == nil { return address }
        } else if offset == firstFreePublic[place] {
          firstFreePublic[place] += 1
        }
        offset += 1
      }
    }
    throw .noFreeAddress(in: prefixes.map(\.element.description).joined(separator: ", "))
  }

  /// An IPv4 address that router `id` could have outside, besides those it has; nil if none is free.
  public func freeExternalAddress(for id: DeviceID) -> IPAddress? {
    var network = self
    let parent = nodes[id.index].parent
    return try? network.freeAddress(.ipv4, behind: parent == .internet ? nil : parent)
  }

  /// The prefixes from which devices on the internet get addresses when they are given none.
  static let documentationPrefixes = ["203.0.113.0/24", "192.0.2.0/24", "198.51.100.0/24", "2001:db8:ffff::/48"]
    .compactMap { IPPrefix($0) }
}
