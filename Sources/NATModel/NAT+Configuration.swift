// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a static mapping was not made or removed.
public enum StaticMappingError: Error, Hashable, Sendable {
  /// The outside port is in use by mapping `id`.
  case portInUse(id: Int, isStatic: Bool)
  /// There is no static mapping for that port.
  case noSuchMapping
  /// The NAT has no outside IPv4 address.
  case noExternalAddress
  /// It is not an outside address.
  case addressNotOutside(IPAddress)
  /// It is the first outside address, from which single ports are forwarded.
  case addressIsFirst(IPAddress)
  /// That outside address is the inside host's already.
  case addressTaken(IPAddress, by: IPAddress)
  /// The inside host has an outside address of its own, so that no single port of another one can be its.
  case hasOwnAddress(IPAddress, external: IPAddress)
  /// Ports of another outside address are forwarded to the inside host.
  case hasForwards(IPAddress)
}

/// Changing a NAT while it is in use.
extension NAT {
  /// Sets the axes. Filtering and the firewall's switch apply at once, even to existing rows; the rest applies to new
  /// rows. A change of translation empties the table of all but static mappings.
  ///
  /// - Returns: the number of rows that were discarded.
  @discardableResult
  public mutating func configure(_ new: NATBehavior, at now: Instant) -> Int {
    expire(at: now)
    let old = behavior
    let trackedHosts = tracksHosts
    behavior = new
    if new.rejection != .icmp { held.removeAll() }
    if new.rejection != .asHost { ownFlows.removeAll() }
    if !new.resetsIdle { idle.removeAll() }
    var emptied = 0
    if old.translates != new.translates { emptied = removeDynamicMappings(at: now) }
    if old.translatesIPv6 || new.translatesIPv6 { emptied += removeOutdatedIPv6(since: old, at: now) }
    if old.lifetimes != new.lifetimes { timers.use(new.lifetimes) }
    if old.portAssignment != new.portAssignment {
      for space in portSpaces.indices { portSpaces[space].cursor = nil }
    }
    if trackedHosts != tracksHosts || old.portAssignment != new.portAssignment { recountHosts() }
    if old.tracking != new.tracking {
      for row in rows.indices where rows[row].traits.isDisjoint(with: [.isFree, .hasSeveralRemotes]) {
        countConnection(row)
      }
      refileStaticMappings(at: now)
    }
    noteRows()
    noteGateways()
    return emptied
  }

  /// Empties the table of all but static mappings; returns how many were removed.
  @discardableResult
  public mutating func removeDynamicMappings(at now: Instant) -> Int {
    expire(at: now)
    ownFlows.removeAll()
    gateway.removeAll()
    noteGateways()
    var gone = 0
    for row in rows.indices where rows[row].traits.isDisjoint(with: [.isFree, .isStatic]) {
      removeRow(row, at: now, .emptied)
      gone += 1
    }
    return gone + endLeases(at: now)
  }

  /// Sets the outside addresses; rows on a removed address are removed with it.
  public mutating func setExternalAddresses(_ addresses: [IPAddress], at now: Instant) {
    expire(at: now)
    for lease in leases.all where lease.external.address.isIPv4 && !addresses.contains(lease.external.address) {
      leases.remove(id: lease.id)
    }
    let addresses = Self.distinct(addresses)
    let trackedHosts = tracksHosts
    for row in rows.indices where rows[row].traits.isDisjoint(with: [.isFree, .isUntranslated]) {
      if !addresses.contains(externalEndpoint(row).address) { removeRow(row, at: now, .addressRemoved) }
    }
    // The ports' places follow the address's place in the list, so both move together.
    let kinds = TransportProtocol.allCases.count
    portSpaces = addresses.flatMap { address -> [PortSpace] in
      guard let old = externalAddresses.firstIndex(of: address) else {
        return Array(repeating: PortSpace(), count: kinds)
      }
      return Array(portSpaces[old * kinds..<(old + 1) * kinds])
    }
    let oldAddresses = externalAddresses
    restingPorts.move { space in
      addresses.firstIndex(of: oldAddresses[space / kinds]).map { $0 * kinds + space % kinds }
    }
    externalAddresses = addresses
    pairs.removeAll { !addresses.dropFirst().contains($0.external) }
    nextExternal = 0
    indexExternalAddresses()
    if trackedHosts || tracksHosts { recountHosts() }
  }

  private mutating func recountHosts() {
    hosts = InsideHosts()
    for row in rows.indices where !rows[row].traits.contains(.isFree) {
      let isCounted = tracksHosts && rows[row].traits.isDisjoint(with: [.isStatic, .isForwarded])
      let external = externalAddresses.firstIndex(of: externalEndpoint(row).address) ?? 0
      rows[row].host = isCounted ? hosts.add(internalEndpoint(row).address, external: external) : MappingRow.none
      if isCounted { takeBlock(row) }
    }
  }

  /// Files the static mappings in their present role: as rules for packets from outside, or as rows by which packets
  /// also leave, the oldest of an inside endpoint.
  private mutating func refileStaticMappings(at now: Instant) {
    guard staticCount > 0 else { return }
    let statics = rows.indices.filter {
      rows[$0].traits.contains(.isStatic) && !rows[$0].traits.contains(.isFree)
    }.sorted { rows[$0].id < rows[$1].id }
    for row in statics where rows[row].traits.isDisjoint(with: [.isInboundOnly, .isUntranslated]) {
      outbound.remove(rows[row].key.hash(.endpointIndependent), row: row)
      rows[row].traits.insert(.isInboundOnly)
    }
    guard behavior.tracking == .mappings else { return }
    for row in statics {
      let key = rows[row].key
      if let other = outboundRow(key, .endpointIndependent) {
        if rows[other].traits.contains(.isStatic) { continue }
        removeRow(other, at: now, .replaced)
      }
      rows[row].traits.remove(.isInboundOnly)
      outbound.insert(key.hash(.endpointIndependent), row: row)
    }
  }

  /// Maps `port` of the first outside address permanently to `inside`: a "port forward".
  ///
  /// If connections are tracked it is a rule: each flow that it lets in gets a row of its own, which stays when the
  /// rule goes, and flows that the inside endpoint begins leave like any other.
  ///
  /// - Returns: the mapping's number.
  @discardableResult
  public mutating func addStaticMapping(
    _ transport: TransportProtocol, port: UInt16, to inside: Endpoint, at now: Instant
  ) throws(StaticMappingError) -> Int {
    expire(at: now)
    guard let address = externalAddresses.first, inside.address.isIPv4 else {
      throw .noExternalAddress
    }
    try checkPair(of: inside.address)
    let external = Endpoint(address, port)
    let isRule = behavior.tracking == .connections
    if let user = inboundRow(transport, external), !isRule || rows[user].traits.contains(.isStatic) {
      throw .portInUse(id: Int(rows[user].id), isStatic: rows[user].traits.contains(.isStatic))
    }
    var traits = MappingRow.Traits.isStatic
    if isRule {
      traits.insert(.isInboundOnly)
    } else if let other = outboundRow(key(transport, inside: inside, remote: inside), .endpointIndependent) {
      if rows[other].traits.contains(.isStatic) {
        traits.insert(.isInboundOnly)
      } else {
        // The inside endpoint's packets leave by the static mapping from now on.
        removeRow(other, at: now, .replaced)
      }
    }
    let row = insertRow(
      transport, from: inside, as: external, towards: Endpoint(inside.address, 0), binding: .endpointIndependent,
      traits: traits, RowDetails(createdAt: now, createdBy: 0))
    return Int(rows[row].id)
  }

  /// Ends the static mapping of `port`.
  public mutating func removeStaticMapping(
    _ transport: TransportProtocol, port: UInt16, at now: Instant
  ) throws(StaticMappingError) {
    expire(at: now)
    guard let address = externalAddresses.first, let row = inboundRow(transport, Endpoint(address, port)),
      rows[row].traits.contains(.isStatic)
    else { throw .noSuchMapping }
    leases.remove(id: Int(rows[row].id))
    removeStatic(row, at: now, .unforwarded)
  }

  /// Ends static mapping `row`.
  mutating func removeStatic(_ row: Int, at now: Instant, _ cause: Mapping.Cause) {
    let (transport, inside) = (rows[row].transport, internalEndpoint(row))
    let wasOutbound = !rows[row].traits.contains(.isInboundOnly)
    removeRow(row, at: now, cause)
    guard wasOutbound, let heir = inboundOnlyRow(transport, inside) else { return }
    // The inside endpoint's packets leave by its next static mapping.
    rows[heir].traits.remove(.isInboundOnly)
    outbound.insert(rows[heir].key.hash(.endpointIndependent), row: heir)
  }

  /// The oldest static mapping to `inside` other than the one by which its packets leave. This takes time in proportion
  /// to the table.
  private func inboundOnlyRow(_ transport: TransportProtocol, _ inside: Endpoint) -> Int? {
    rows.indices.filter { number in
      rows[number].traits.isSuperset(of: [.isStatic, .isInboundOnly]) && !rows[number].traits.contains(.isFree)
        && rows[number].isOf(transport) && internalEndpoint(number) == inside
    }.min { rows[$0].id < rows[$1].id }
  }
}
