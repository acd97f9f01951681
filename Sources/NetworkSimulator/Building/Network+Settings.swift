// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Changing existing devices.
extension Network {
  /// Sets a router's axes; returns the number of discarded mappings.
  @discardableResult
  public mutating func configure(_ id: DeviceID, _ behavior: NATBehavior) -> Int {
    guard case .router(let slot) = nodes[id.index].role else { return 0 }
    defer { noteAxes(slot) }
    let leases = routers[slot].nat.portLeases.count
    defer { noteLostLeases(slot, of: leases) }
    return routers[slot].nat.configure(behavior, at: clock)
  }

  /// Sets all of a router's axes to a preset's and empties its table; returns the number of discarded mappings.
  @discardableResult
  public mutating func apply(_ preset: NATPreset, to id: DeviceID) -> Int {
    guard case .router(let slot) = nodes[id.index].role else { return 0 }
    let leases = routers[slot].nat.portLeases.count
    let emptied = routers[slot].nat.removeDynamicMappings(at: clock)
    noteLostLeases(slot, of: leases)
    var behavior = preset.behavior
    // A preset says what is done to IPv4.
    behavior.nat64 = routers[slot].nat.behavior.nat64
    behavior.prefixTranslation = routers[slot].nat.behavior.prefixTranslation
    // Which texts are read is another matter.
    behavior.gateways = routers[slot].nat.behavior.gateways
    routers[slot].nat.configure(behavior, at: clock)
    noteAxes(slot)
    routers[slot].preset = preset
    return emptied
  }

  /// Deletes everything that a router has learned from packets; returns the number of discarded mappings.
  @discardableResult
  public mutating func reboot(_ id: DeviceID) -> Int {
    guard case .router(let slot) = nodes[id.index].role else { return 0 }
    routers[slot].services?.startedAt = clock
    return routers[slot].nat.removeDynamicMappings(at: clock)
  }

  /// Gives a router another outside IPv4 address in place of its own.
  ///
  /// - Parameter address: nil means the next free one of the network outside.
  /// - Returns: the number of mappings discarded with the old address, without static ones, and the new address.
  public mutating func renumber(
    _ id: DeviceID, to address: IPAddress? = nil
  ) throws(BuildError) -> (rows: Int, address: IPAddress) {
    guard case .router(let slot) = nodes[id.index].role, let old = routers[slot].address(.ipv4) else {
      throw .internetIsFixed
    }
    let parent = nodes[id.index].parent
    let outer = parent == .internet ? nil : parent
    if let address {
      guard address.isIPv4 else { throw .addressNotTranslated(address) }
      try checkAddress(address, behind: outer)
    }
    let new = if let address { address } else { try freeAddress(.ipv4, behind: outer) }
    if let inside = routers[slot].prefix(containing: new) {
      throw .prefixOverlaps(inside, with: IPPrefix(containing: new, length: 32) ?? inside, of: details[id.index].name)
    }
    let rows = routers[slot].nat.count
    let leases = routers[slot].nat.portLeases.count
    release(old, behind: parent)
    claim(new, for: id, behind: parent)
    routers[slot].addresses = routers[slot].addresses.map { $0 == old ? new : $0 }
    if !staticRoutes.isEmpty { forgetLostRoutes() }
    // A forward names a port, whatever the address is.
    let forwards = routers[slot].nat.mappings.filter {
      $0.isStatic && $0.expiresAt == nil && $0.external.address == old
    }
    routers[slot].nat.setExternalAddresses(
      routers[slot].nat.externalAddresses.map { $0 == old ? new : $0 }, at: clock)
    noteLostLeases(slot, of: leases)
    let gone = rows - routers[slot].nat.count - forwards.count
    for forward in forwards {
      _ = try? routers[slot].nat.addStaticMapping(
        forward.transport, port: forward.external.port, to: forward.internal, at: clock)
    }
    return (gone, new)
  }

  /// A router that has lost leases counts its time anew, so that hosts notice and ask again (RFC 6886 §3.6).
  private mutating func noteLostLeases(_ slot: Int, of count: Int) {
    if routers[slot].nat.portLeases.count < count { routers[slot].services?.startedAt = clock }
  }

  /// Gives a router more outside addresses besides its own; earlier additional ones are removed.
  public mutating func setMoreAddresses(of id: DeviceID, _ addresses: [IPAddress]) throws(BuildError) {
    guard case .router(let slot) = nodes[id.index].role else { return }
    let own = routers[slot].addresses.filter(\.isIPv4)
    let parent = nodes[id.index].parent
    var wanted: [IPAddress] = []
    for address in addresses where !own.contains(address) && !wanted.contains(address) { wanted.append(address) }
    let had = routers[slot].nat.externalAddresses.filter { !own.contains($0) }
    for address in wanted where !had.contains(address) {
      // Only IPv4 is translated, so only there do more addresses mean anything.
      guard address.isIPv4 else { throw .addressNotTranslated(address) }
      try checkAddress(address, behind: parent == .internet ? nil : parent)
    }
    for address in had where !wanted.contains(address) { release(address, behind: parent) }
    for address in wanted where !had.contains(address) { claim(address, for: id, behind: parent) }
    routers[slot].nat.setExternalAddresses(own + wanted, at: clock)
    if !staticRoutes.isEmpty { forgetLostRoutes() }
  }

  /// Maps `port` of the router's outside address permanently to `inside`; returns the mapping's number.
  @discardableResult
  public mutating func forward(
    _ transport: TransportProtocol, port: UInt16, of id: DeviceID, to inside: Endpoint
  ) throws(StaticMappingError) -> Int {
    guard case .router(let slot) = nodes[id.index].role else { throw .noSuchMapping }
    return try routers[slot].nat.addStaticMapping(transport, port: port, to: inside, at: clock)
  }

  /// Gives everything that comes to a router from outside and is nobody's to `inside`; nil ends that.
  public mutating func forwardAll(of id: DeviceID, to inside: IPAddress?) throws(StaticMappingError) {
    guard case .router(let slot) = nodes[id.index].role else { throw .noSuchMapping }
    try routers[slot].nat.setDefaultHost(inside)
  }

  /// Gives a router's outside address `external` to `inside` alone, both ways; nil ends that.
  public mutating func forwardAddress(
    _ external: IPAddress, of id: DeviceID, to inside: IPAddress?
  ) throws(StaticMappingError) {
    guard case .router(let slot) = nodes[id.index].role else { throw .noSuchMapping }
    if let inside {
      try routers[slot].nat.pair(external, with: inside, at: clock)
    } else {
      try routers[slot].nat.unpair(external)
    }
  }

  /// Ends a static mapping.
  public mutating func unforward(
    _ transport: TransportProtocol, port: UInt16, of id: DeviceID
  ) throws(StaticMappingError) {
    guard case .router(let slot) = nodes[id.index].role else { throw .noSuchMapping }
    try routers[slot].nat.removeStaticMapping(transport, port: port, at: clock)
  }

  /// Sets whether a host answers for ports without a listener; a router has no such policy.
  public mutating func setPortPolicy(of id: DeviceID, _ policy: PortPolicy) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].portPolicy = policy
  }

  /// Opens a port of a host for incoming packets; false if it was open already, or if the device is not a host.
  @discardableResult
  public mutating func listen(_ id: DeviceID, _ transport: TransportProtocol, port: UInt16) -> Bool {
    guard case .host(let slot) = nodes[id.index].role else { return false }
    return hosts[slot].listening.insert(LocalPort(transport: transport, port: port))
  }

  /// Closes a listening port of a host; it stays open if the host has sent from it.
  public mutating func stopListening(_ id: DeviceID, _ transport: TransportProtocol, port: UInt16) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].listening.remove(LocalPort(transport: transport, port: port))
  }

  /// The server for names to which a device is set.
  public func resolver(of id: DeviceID) -> IPAddress? { details[id.index].resolver }

  /// Sets the server that a device, and those behind it that are set to none, ask for names; nil is none.
  public mutating func setResolver(of id: DeviceID, _ address: IPAddress?) { details[id.index].resolver = address }

  /// The server for names to which a host or the nearest router on its way out is set.
  public func resolver(inUseBy id: DeviceID) -> IPAddress? {
    var device = id
    while device != .internet {
      if let address = details[device.index].resolver { return address }
      device = nodes[device.index].parent
    }
    return nil
  }

  /// Sets the time a packet takes over the device's link, at least none.
  public mutating func setDelay(of id: DeviceID, _ delay: Interval) {
    nodes[id.index].delay = max(delay, .zero)
  }

  /// Sets the link's rate in bits a second each way, at least 1; nil means unlimited.
  public mutating func setRate(of id: DeviceID, _ rate: Int64?) {
    details[id.index].limits.rate = rate.map { max($0, 1) }
    nodes[id.index].hasLimits = details[id.index].limits.matter
  }

  /// Sets the longest packet that the link takes, at least 68 bytes (RFC 791 §3.2); nil is unlimited.
  public mutating func setMTU(of id: DeviceID, _ mtu: Int?) {
    details[id.index].limits.mtu = mtu.map { max($0, 68) } ?? .max
    if mtu != nil { hasSizeLimits = true }
    if case .host(let slot) = nodes[id.index].role {
      hosts[slot].linkMTU = UInt16(clamping: details[id.index].limits.mtu)
    }
  }

  /// Sets how many of a million packets the link loses, 0 to 1,000,000.
  public mutating func setLoss(of id: DeviceID, perMillion loss: Int) {
    details[id.index].limits.lossPerMillion = min(max(loss, 0), 1_000_000)
    nodes[id.index].hasLimits = details[id.index].limits.matter
  }

  /// The link's delay on an unchanged device of the same kind and place.
  public func defaultDelay(of id: DeviceID) -> Interval {
    let node = nodes[id.index]
    return node.isHost && node.parent != .internet ? Link.localDelay : Link.accessDelay
  }
}
