// SPDX-License-Identifier: GPL-3.0-or-later

/// Finding, making and removing the table's rows.
// Looking up is mutating, though it changes nothing: see AddressBook. What is not mutating is inlined: called out of line
// by a mutating function, it would be given a copy of the whole NAT.
extension NAT {
  @inline(__always)
  func internalEndpoint(_ number: Int) -> Endpoint {
    addresses.endpoint(rows[number].internal, rows[number].family)
  }

  @inline(__always)
  func externalEndpoint(_ number: Int) -> Endpoint {
    addresses.endpoint(rows[number].external, rows[number].outsideFamily)
  }

  @inline(__always)
  func firstRemote(_ number: Int) -> Endpoint {
    addresses.endpoint(rows[number].firstRemote, rows[number].outsideFamily)
  }

  /// The key by which a flow's rows are found. For an address that no row names, it finds none.
  @inline(__always)
  mutating func key(_ transport: TransportProtocol, inside: Endpoint, remote: Endpoint) -> FlowKey {
    FlowKey(
      transport, inside.address.family, inside: addresses.word(inside),
      remote: addresses.word(Self.remote(remote, transport)),
      crosses: inside.address.isIPv4 != remote.address.isIPv4)
  }

  /// The row of the flow's inside endpoint that is bound, as `binding` says, towards its remote.
  @inline(__always)
  mutating func outboundRow(_ key: FlowKey, _ binding: EndpointDependence) -> Int? {
    outbound.first(key.hash(binding)) { rows[$0].isFor(key, binding) }
  }

  /// The first row with the outside endpoint `external`: by its port, or, untranslated, as the inside endpoint that it
  /// is.
  @inline(__always)
  mutating func inboundRow(_ transport: TransportProtocol, _ external: Endpoint) -> Int? {
    if let space = portSpace(transport, external.address), let row = portSpaces[space].row(of: external.port) {
      return row
    }
    return untranslatedCount == 0 ? nil : untranslatedRow(key(transport, inside: external, remote: external))
  }

  @inline(__always)
  private mutating func untranslatedRow(_ key: FlowKey) -> Int? {
    outbound.first(key.hash(.endpointIndependent)) {
      rows[$0].isFor(key, .endpointIndependent) && rows[$0].traits.contains(.isUntranslated)
    }
  }

  /// The row for an inbound packet from `remote` to `external`: if several share the endpoint, the one that was used
  /// towards the remote, else the last used towards its address, else the newest.
  @inline(__always)
  mutating func inboundRow(_ transport: TransportProtocol, _ external: Endpoint, from remote: EndpointWord) -> Int? {
    guard let first = inboundRow(transport, external) else { return nil }
    guard rows[first].nextSharer != MappingRow.none else { return first }
    let outside = rows[first].outsideKey
    if let claimant = permissions.claimant(outside, towards: remote, in: rows) { return claimant }
    // A rule is for everybody without a flow so far.
    return rows[first].traits.contains(.isStatic)
      ? first : permissions.lastToAddress(outside, towards: remote, in: rows) ?? first
  }

  /// Whether row `number` was ever used towards exactly `remote`.
  @inline(__always)
  mutating func wasUsed(_ number: Int, towards remote: EndpointWord) -> Bool {
    rows[number].isTowards(remote)
      || rows[number].traits.contains(.hasSeveralRemotes)
        && permissions.find(number, rows[number].outsideKey, towards: remote) != nil
  }

  /// Whether filtering lets a packet from `remote` through row `number` (RFC 4787 §5).
  @inline(__always)
  mutating func admits(_ number: Int, from remote: EndpointWord) -> Bool {
    if !rows[number].traits.isDisjoint(with: [.isStatic, .isExpected]) {
      return rows[number].traits.contains(.isStatic) || behavior.effectiveFiltering == .endpointIndependent
        || rows[number].isTowards(remote, .addressDependent)
    }
    switch behavior.effectiveFiltering {
    case .endpointIndependent: return true
    case .addressAndPortDependent: return wasUsed(number, towards: remote)
    case .addressDependent:
      return rows[number].isTowards(remote, .addressDependent)
        || rows[number].traits.contains(.hasSeveralRemotes) && permissions.admitsAddress(number, remote)
    }
  }

  /// Stores the row of a flow between `inside` and `remote`, and files it everywhere except in a timer's list; returns
  /// its number.
  mutating func insertRow(
    _ transport: TransportProtocol, from inside: Endpoint, as external: Endpoint, towards remote: Endpoint,
    binding: EndpointDependence, traits: MappingRow.Traits, _ details: RowDetails
  ) -> Int {
    let key = FlowKey(
      transport, inside.address.family, inside: addresses.name(inside), remote: addresses.name(remote),
      crosses: traits.contains(.crossesFamilies))
    lastID += 1
    let number = rows.insert(
      MappingRow(key, external: addresses.word(external), binding: binding, id: lastID, traits: traits), details)
    count += 1
    if traits.contains(.isStatic) { staticCount += 1 } else { boundCounts[binding] += 1 }
    if !traits.contains(.isInboundOnly) { outbound.insert(key.hash(binding), row: number) }
    if traits.contains(.isForwarded) { forwardedCount += 1 }
    if Self.isSource(traits) { addSource(number, key) }
    if traits.contains(.isUntranslated) {
      untranslatedCount += 1
      forgetEnded(transport, shownOutside(external))
    } else if let space = portSpace(transport, external.address) {
      takePort(number, external.port, of: space)
    }
    if traits.contains(.sharesPort) { permissions.add(number, towards: remote, in: &rows, &addresses) }
    noteRows()
    return number
  }

  /// Files row `number` by its outside port: before those that have it already, but after a static mapping, which must
  /// be found at once.
  private mutating func takePort(_ number: Int, _ port: UInt16, of space: Int) {
    guard let first = portSpaces[space].row(of: port) else {
      if portSpaces[space].isTaken(port) { restingPorts.wake(port, of: space) }
      portSpaces[space].take(port)
      portSpaces[space].setRow(Int32(number), of: port)
      return forgetEnded(rows[number].transport, externalEndpoint(number))
    }
    guard rows[first].traits.contains(.isStatic) else {
      rows[number].nextSharer = Int32(first)
      rows[details: first].previousSharer = Int32(number)
      return portSpaces[space].setRow(Int32(number), of: port)
    }
    let next = rows[first].nextSharer
    rows[number].nextSharer = next
    rows[details: number].previousSharer = Int32(first)
    rows[first].nextSharer = Int32(number)
    if next != MappingRow.none { rows[details: Int(next)].previousSharer = Int32(number) }
  }

  private mutating func forgetEnded(_ transport: TransportProtocol, _ external: Endpoint) {
    expired.forget(transport, external)
    removed.forget(transport, external)
  }

  /// Whether a row answers for its inside endpoint's outside port, as long as it is the newest such row.
  private static func isSource(_ traits: MappingRow.Traits) -> Bool {
    traits.contains(.sharesPort) && !traits.contains(.isForwarded)
  }

  /// Notes a change in the rows, or in the behaviour.
  mutating func noteRows() {
    isPlain =
      forwardedCount == 0 && behavior.translates && !behavior.hasExemptions && boundCounts[behavior.mapping] == count
  }

  /// Removes row `number` from everything, and remembers the cause; its outside port is free, or rests, from `now`.
  mutating func removeRow(_ number: Int, at now: Instant, _ cause: Mapping.Cause) {
    remember(number, Mapping.End(cause, at: now))
    if behavior.resetsIdle, cause == .timedOut { noteIdle(number) }
    let row = rows[number]
    count -= 1
    if row.traits.contains(.isStatic) {
      staticCount -= 1
    } else {
      boundCounts[row.binding] -= 1
      timers.remove(number, in: &rows)
    }
    outbound.remove(row.key.hash(row.binding), row: number)
    if row.traits.contains(.isForwarded) { forwardedCount -= 1 }
    if row.traits.contains(.isExpected) { expectedCount -= 1 }
    if Self.isSource(row.traits) { removeSource(number, row.key) }
    if row.traits.contains(.isUntranslated) { untranslatedCount -= 1 } else { leavePort(number, row, at: now) }
    permissions.removeAll(of: number, in: rows, &addresses)
    if row.host != MappingRow.none { hosts.remove(Int(row.host)) }
    addresses.forget(row.internal, row.family)
    addresses.forget(row.firstRemote, row.outsideFamily)
    rows.remove(number)
    noteRows()
  }

  private mutating func remember(_ number: Int, _ end: Mapping.End) {
    var ended = mapping(row: number)
    ended.end = end
    if end.cause == .timedOut {
      removed.forget(ended.transport, ended.external)
      expired.remember(ended)
    } else {
      expired.forget(ended.transport, ended.external)
      removed.remember(ended)
    }
  }

  /// Removes row `number` from those with its outside endpoint; removing the last one frees the port.
  private mutating func leavePort(_ number: Int, _ row: MappingRow, at now: Instant) {
    let (previous, next) = (rows[details: number].previousSharer, row.nextSharer)
    if next != MappingRow.none { rows[details: Int(next)].previousSharer = previous }
    if previous != MappingRow.none {
      rows[Int(previous)].nextSharer = next
    } else if let space = portSpace(row.transport, IPAddress(ipv4: row.external.address)) {
      portSpaces[space].setRow(next, of: row.external.port)
      if next == MappingRow.none { releasePort(of: row, space, at: now) }
    }
  }

  private mutating func releasePort(of row: MappingRow, _ space: Int, at now: Instant) {
    if behavior.portRest > .zero, !row.traits.contains(.isStatic) {
      restingPorts.rest(row.external.port, of: space, until: now + behavior.portRest)
    } else {
      portSpaces[space].free(row.external.port)
    }
  }

  /// Makes row `number` the one that answers for its inside endpoint's outside port.
  private mutating func addSource(_ number: Int, _ key: FlowKey) {
    let older = sourceEntry(key)
    sources.add(number, before: older)
    rows[number].traits.insert(.isSourceEntry)
    if let older {
      rows[older].traits.remove(.isSourceEntry)
      outbound.replace(key.sourceHash, row: older, with: number)
    } else {
      outbound.insert(key.sourceHash, row: number)
    }
  }

  private mutating func removeSource(_ number: Int, _ key: FlowKey) {
    let (older, wasNewest) = sources.remove(number)
    guard wasNewest else { return }
    if let older {
      rows[older].traits.insert(.isSourceEntry)
      outbound.replace(key.sourceHash, row: number, with: older)
    } else {
      outbound.remove(key.sourceHash, row: number)
    }
  }

  /// The row that answers for the flow's inside endpoint's outside port if ports are overloaded.
  mutating func sourceEntry(_ key: FlowKey) -> Int? {
    outbound.first(key.sourceHash) { number in
      rows[number].traits.contains(.isSourceEntry) && rows[number].key.inside == key.inside
    }
  }

  /// The contents of row `number`, for anyone to see.
  func mapping(row number: Int) -> Mapping {
    let row = rows[number]
    let isStatic = row.traits.contains(.isStatic)
    let createdBy = rows[details: number].createdBy
    let firstRemote = firstRemote(number)
    let remote: Mapping.Remote? =
      switch row.binding {
      case .endpointIndependent: nil
      case .addressDependent: .address(firstRemote.address)
      case .addressAndPortDependent where row.traits.contains(.isExpected): .address(firstRemote.address)
      case .addressAndPortDependent where row.transport == .icmp: .address(firstRemote.address)
      case .addressAndPortDependent: .endpoint(firstRemote)
      }
    let (inside, outside) = (internalEndpoint(number), shownOutside(externalEndpoint(number)))
    return Mapping(
      id: Int(row.id), transport: row.transport, internal: inside, external: outside,
      remote: remote, permitted: permitted(number), isStatic: isStatic,
      isUntranslated: row.traits.contains(.isUntranslated) && inside == outside, state: state(number),
      expiresAt: isStatic ? leaseEnd(Int(row.id)) : row.expiresAt, createdBy: createdBy == 0 ? nil : Int(createdBy),
      packetsOut: Int(row.packetsOut), packetsIn: Int(row.packetsIn), isForwarded: row.traits.contains(.isForwarded))
  }

  /// When a static mapping ends that is for a time.
  private func leaseEnd(_ id: Int) -> Instant? {
    leases.all.first { $0.id == id && $0.expires < .never }?.expires
  }

  private func permitted(_ number: Int) -> Mapping.Permitted {
    let row = rows[number]
    if row.traits.contains(.isStatic) || behavior.effectiveFiltering == .endpointIndependent { return .anyone }
    if row.traits.contains(.isExpected) { return .addresses([firstRemote(number).address]) }
    var words = permissions.remotes(of: number, in: rows)
    if !row.traits.contains(.sharesPort) { words.insert(row.firstRemote, at: 0) }
    let remotes = words.map { addresses.endpoint($0, row.outsideFamily) }
    guard behavior.filtering == .addressDependent || row.transport == .icmp else { return .endpoints(remotes) }
    var seen: Set<IPAddress> = []
    return .addresses(remotes.map(\.address).filter { seen.insert($0).inserted })
  }

  /// The state of the liveliest of the row's connections.
  private func state(_ number: Int) -> String? {
    if rows[number].traits.contains(.isExpected) { return "expected" }
    guard rows[number].transport == .tcp else { return nil }
    let all = [rows[number].connection] + permissions.connections(of: number, in: rows)
    return all.max { $0.liveliness < $1.liveliness }?.name
  }
}
