// SPDX-License-Identifier: GPL-3.0-or-later

/// Finding, making and removing the table's rows.
extension NAT {
  @inline(__always)
  static func outboundHash(
    _ transport: TransportProtocol, _ internalEndpoint: Endpoint, _ binding: EndpointDependence, _ remote: Endpoint
  ) -> UInt32 {
    var hash = KeyHash()
    hash.combine(
      internalEndpoint.address, internalEndpoint.port, UInt64(transport.rawValue) | UInt64(binding.rawValue) << 2)
    switch binding {
    case .endpointIndependent: break
    case .addressDependent: hash.combine(remote.address, 0, 0)
    case .addressAndPortDependent: hash.combine(remote.address, remote.port, 0)
    }
    return hash.value
  }

  /// The row of `internalEndpoint` bound, as `binding` says, towards `remote`.
  @inline(__always)
  func outboundRow(
    _ transport: TransportProtocol, _ internalEndpoint: Endpoint, _ binding: EndpointDependence, _ remote: Endpoint
  ) -> Int? {
    outbound.first(Self.outboundHash(transport, internalEndpoint, binding, remote)) { number in
      rows[number].hasInternal(internalEndpoint) && rows[number].isOf(transport, binding)
        && (binding == .endpointIndependent
          || rows[number].remoteAddress == remote.address
            && (binding == .addressDependent || rows[number].remotePort == remote.port))
    }
  }

  /// The first row with the outside endpoint `external`.
  @inline(__always)
  func inboundRow(_ transport: TransportProtocol, _ external: Endpoint) -> Int? {
    inbound.first(KeyHash.value(of: transport, external)) { number in
      rows[number].hasExternal(external) && rows[number].isOf(transport)
    }
  }

  /// The row that an inbound packet from `remote` to `external` is for: of several that share the endpoint, the one
  /// that was used towards the remote, else the last that turned to its address, else the newest.
  @inline(__always)
  func inboundRow(_ transport: TransportProtocol, _ external: Endpoint, from remote: Endpoint) -> Int? {
    guard let first = inboundRow(transport, external) else { return nil }
    guard rows[first].traits.contains(.hasNextSharer) else { return first }
    return permissions.claimant(transport, external, towards: remote, in: rows)
      ?? permissions.lastToAddress(transport, external, towards: remote, in: rows) ?? first
  }

  /// Whether row `number` was ever used towards exactly `remote`.
  @inline(__always)
  func wasUsed(_ number: Int, towards remote: Endpoint) -> Bool {
    rows[number].remotePort == remote.port && rows[number].remoteAddress == remote.address
      || rows[number].traits.contains(.hasSeveralRemotes)
        && permissions.find(number, of: rows[number], towards: remote) != nil
  }

  /// Whether filtering lets a packet from `remote` through row `number` (RFC 4787 §5).
  @inline(__always)
  func admits(_ number: Int, from remote: Endpoint) -> Bool {
    if rows[number].traits.contains(.isStatic) { return true }
    switch behavior.effectiveFiltering {
    case .endpointIndependent: return true
    case .addressAndPortDependent: return wasUsed(number, towards: remote)
    case .addressDependent:
      return rows[number].remoteAddress == remote.address
        || rows[number].traits.contains(.hasSeveralRemotes)
          && permissions.admitsAddress(number, remote: remote)
    }
  }

  /// Stores `row` and files it everywhere but in a timer's list; returns its number.
  mutating func insertRow(_ row: MappingRow, _ details: RowDetails) -> Int {
    let number = rows.insert(row, details)
    count += 1
    let (transport, external, remote) = (row.transport, row.externalEndpoint, row.firstRemote)
    if row.traits.contains(.isStatic) { staticCount += 1 } else { boundCounts[Int(row.binding.rawValue)] += 1 }
    if !row.traits.contains(.isInboundOnly) {
      outbound.insert(Self.outboundHash(transport, row.internalEndpoint, row.binding, remote), row: number)
    }
    if row.traits.contains(.sharesPort) { addSource(number, transport, row.internalEndpoint) }
    if let first = inboundRow(transport, external) {
      // A sharer of a taken outside endpoint: it stands before the others and is the one that is filed.
      rows[number].traits.insert(.hasNextSharer)
      rows[details: number].nextSharer = Int32(first)
      rows[details: first].previousSharer = Int32(number)
      inbound.replace(KeyHash.value(of: transport, external), row: first, with: number)
    } else {
      inbound.insert(KeyHash.value(of: transport, external), row: number)
      expired.forget(transport, external)
    }
    if row.traits.contains(.sharesPort) { permissions.add(number, towards: remote, in: &rows) }
    return number
  }

  /// Takes row `number` out of everything; its outside port is free, or rests, from `now`.
  mutating func removeRow(_ number: Int, at now: Instant) {
    let (row, details) = (rows[number], rows[details: number])
    let (transport, external) = (row.transport, row.externalEndpoint)
    count -= 1
    if row.traits.contains(.isStatic) {
      staticCount -= 1
    } else {
      boundCounts[Int(row.binding.rawValue)] -= 1
      timers.remove(number, in: &rows)
    }
    outbound.remove(Self.outboundHash(transport, row.internalEndpoint, row.binding, row.firstRemote), row: number)
    if row.traits.contains(.sharesPort) { removeSource(number, transport, row.internalEndpoint) }
    let hash = KeyHash.value(of: transport, external)
    if details.previousSharer != MappingRow.none {
      rows[details: Int(details.previousSharer)].nextSharer = details.nextSharer
      if details.nextSharer == MappingRow.none { rows[Int(details.previousSharer)].traits.remove(.hasNextSharer) }
    } else if details.nextSharer != MappingRow.none {
      inbound.replace(hash, row: number, with: Int(details.nextSharer))
    } else {
      inbound.remove(hash, row: number)
      releasePort(of: row, at: now)
    }
    if details.nextSharer != MappingRow.none {
      rows[details: Int(details.nextSharer)].previousSharer = details.previousSharer
    }
    permissions.removeAll(of: number, in: rows)
    if details.host != MappingRow.none { hosts.remove(Int(details.host)) }
    rows.remove(number)
  }

  private mutating func releasePort(of row: MappingRow, at now: Instant) {
    guard !row.traits.contains(.isUntranslated), let space = portSpace(row.transport, row.externalAddress) else {
      return
    }
    if behavior.portRest > .zero, !row.traits.contains(.isStatic) {
      restingPorts.rest(row.externalPort, of: space, until: now + behavior.portRest)
    } else {
      portSpaces[space].free(row.externalPort)
    }
  }

  /// Makes row `number` the one that answers for `internalEndpoint`'s outside port.
  private mutating func addSource(_ number: Int, _ transport: TransportProtocol, _ internalEndpoint: Endpoint) {
    let older = sourceEntry(transport, internalEndpoint)
    sources.add(number, before: older)
    rows[number].traits.insert(.isSourceEntry)
    let hash = Self.sourceHash(transport, internalEndpoint)
    if let older {
      rows[older].traits.remove(.isSourceEntry)
      outbound.replace(hash, row: older, with: number)
    } else {
      outbound.insert(hash, row: number)
    }
  }

  private mutating func removeSource(_ number: Int, _ transport: TransportProtocol, _ internalEndpoint: Endpoint) {
    let (older, wasNewest) = sources.remove(number)
    guard wasNewest else { return }
    let hash = Self.sourceHash(transport, internalEndpoint)
    if let older {
      rows[older].traits.insert(.isSourceEntry)
      outbound.replace(hash, row: number, with: older)
    } else {
      outbound.remove(hash, row: number)
    }
  }

  static func sourceHash(_ transport: TransportProtocol, _ internalEndpoint: Endpoint) -> UInt32 {
    var hash = KeyHash()
    hash.combine(internalEndpoint.address, internalEndpoint.port, UInt64(transport.rawValue) | 1 << 6)
    return hash.value
  }

  /// The row that answers for `internalEndpoint`'s outside port where ports are overloaded.
  func sourceEntry(_ transport: TransportProtocol, _ internalEndpoint: Endpoint) -> Int? {
    outbound.first(Self.sourceHash(transport, internalEndpoint)) { number in
      rows[number].traits.contains(.isSourceEntry) && rows[number].transport == transport
        && rows[number].internalEndpoint == internalEndpoint
    }
  }

  /// What stands in row `number`, for anyone to see.
  func mapping(row number: Int) -> Mapping {
    let row = rows[number]
    let isStatic = row.traits.contains(.isStatic)
    let createdBy = rows[details: number].createdBy
    let remote: Mapping.Remote? =
      switch row.binding {
      case .endpointIndependent: nil
      case .addressDependent: .address(row.remoteAddress)
      case .addressAndPortDependent where row.transport == .icmp: .address(row.remoteAddress)
      case .addressAndPortDependent: .endpoint(row.firstRemote)
      }
    return Mapping(
      id: Int(row.id), transport: row.transport, internal: row.internalEndpoint, external: row.externalEndpoint,
      remote: remote, permitted: permitted(number), isStatic: isStatic,
      isUntranslated: row.traits.contains(.isUntranslated), state: state(number),
      expiresAt: isStatic ? nil : row.expiresAt, createdBy: createdBy == 0 ? nil : Int(createdBy),
      packetsOut: Int(row.packetsOut), packetsIn: Int(row.packetsIn))
  }

  private func permitted(_ number: Int) -> Mapping.Permitted {
    let row = rows[number]
    if row.traits.contains(.isStatic) || behavior.effectiveFiltering == .endpointIndependent { return .anyone }
    var remotes = permissions.remotes(of: number, in: rows)
    if !row.traits.contains(.sharesPort) { remotes.insert(row.firstRemote, at: 0) }
    guard behavior.filtering == .addressDependent || row.transport == .icmp else { return .endpoints(remotes) }
    var seen: Set<IPAddress> = []
    return .addresses(remotes.map(\.address).filter { seen.insert($0).inserted })
  }

  /// The liveliest of the row's connections.
  private func state(_ number: Int) -> String? {
    guard rows[number].transport == .tcp else { return nil }
    let all = [rows[number].connection] + permissions.connections(of: number, in: rows)
    return all.max { $0.liveliness < $1.liveliness }?.name
  }
}
