// SPDX-License-Identifier: GPL-3.0-or-later

/// Packets from inside: they find or make a mapping, and leave from its outside endpoint (RFC 4787 §4).
extension NAT {
  mutating func translateOutbound(
    _ packet: inout Packet, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    if isExempt(packet.destination.address) { return .forward(to: .outside, .none) }
    let translates = changesSource(of: packet)
    if !translates {
      // A plain router remembers nothing.
      guard behavior.firewall else { return .forward(to: .outside, .none) }
    } else if isExternal(packet.destination.address) {
      return hairpin(&packet, at: now, number: number, using: &generator)
    }
    if behavior.tracking == .connections {
      return trackOutbound(&packet, translates: translates, at: now, number: number, using: &generator)
    }
    do throws(DropReason) {
      let (row, change) = try useRow(of: packet, at: now, number: number, using: &generator)
      if translates { rewriteSource(of: &packet, to: rows[row].external) }
      return .forward(to: .outside, change)
    } catch {
      return .drop(error, .none)
    }
  }

  /// Whether a packet from inside gets an outside source: IPv4 as the axis says, and IPv6 on its way to IPv4.
  @inline(__always)
  func changesSource(of packet: Packet) -> Bool {
    packet.source.address.isIPv4 ? behavior.translates : packet.destination.address.isIPv4
  }

  /// Whether packets to and from `address` are exempt: they are routed unchanged, and leave no row.
  @inline(__always)
  func isExempt(_ address: IPAddress) -> Bool {
    behavior.hasExemptions && behavior.exemptions.contains { $0.contains(address) }
  }

  @inline(__always)
  func rewriteSource(of packet: inout Packet, to external: EndpointWord) {
    packet.source = external.ipv4
    // A query's identifier is one field, shown as both endpoints' port.
    if packet.transport == .icmp { packet.destination.port = external.port }
  }

  /// A packet from inside to one of the router's own outside addresses is turned round, and looks to its receiver as if
  /// it came from outside (RFC 4787 §6, REQ-9).
  private mutating func hairpin(
    _ packet: inout Packet, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    guard behavior.hairpinning else { return .drop(.hairpinOff, .none) }
    let (transport, target) = (packet.transport, packet.destination)
    // If there is nobody to turn round to, the packet does not make a row either.
    let sought = inboundRow(transport, target)
    let paired = pairs.isEmpty ? nil : pairs.first { $0.external == target.address }
    let isDefault = defaultEndpoint(for: packet, row: sought, from: word(target, transport)) != nil
    if paired == nil, !isDefault {
      guard let sought else { return refusal(transport, target) }
      if behavior.hairpinsForwardsOnly, !rows[sought].traits.contains(.isStatic), !answersTurnedRound(packet) {
        return .drop(.hairpinOff, .none)
      }
    }
    do throws(DropReason) {
      let (row, change) = try useRow(of: packet, at: now, number: number, using: &generator)
      let source = externalEndpoint(row)
      if let paired {
        (packet.source, packet.destination.address) = (source, paired.inside)
        if transport == .icmp { packet.destination.port = source.port }
        return .forward(to: .inside, change)
      }
      let sender = word(source, transport)
      let known = inboundRow(transport, target, from: sender)
      let inside = defaultEndpoint(for: packet, row: known, from: sender)
      guard let receiver = known ?? (inside == nil ? nil : row) else { return refusal(transport, target) }
      if inside != nil || isRule(receiver) {
        var arrived = packet
        arrived.source = source
        if transport == .icmp { arrived.destination.port = source.port }
        let forwarded = beginForwarded(
          &arrived, to: inside ?? internalEndpoint(receiver), by: known, from: sender, at: now, number: number)
        if case .drop(let reason, _) = forwarded { return .drop(reason, .none) }
        packet = arrived
        return .forward(to: .inside, change)
      }
      // The receiver's row decides.
      guard admits(receiver, from: sender) else {
        return .drop(.filtered, Translation.Change(mapping: Int(rows[receiver].id)))
      }
      if rows[receiver].traits.contains(.isForwarded), behavior.tracking == .connections {
        _ = track(receiver, packet, outbound: false, towards: sender, at: now, number: number)
      } else {
        noteInbound(receiver, packet, from: sender, at: now)
      }
      packet.source = source
      packet.destination = internalEndpoint(receiver)
      if transport == .icmp { packet.source.port = packet.destination.port }
      return .forward(to: .inside, change)
    } catch {
      return .drop(error, .none)
    }
  }

  /// Whether `packet` belongs to a flow that came to its sender by a forward and was turned round on its way.
  @inline(never)
  private mutating func answersTurnedRound(_ packet: Packet) -> Bool {
    let key = key(packet.transport, inside: packet.source, remote: packet.destination)
    guard let row = existingRow(key), !rows[row].traits.isDisjoint(with: [.isStatic, .isForwarded]) else {
      return false
    }
    return wasUsed(packet.destination, towards: externalEndpoint(row), packet.transport)
  }

  /// Whether somebody inside has sent to `remote` from the outside endpoint `external`.
  mutating func wasUsed(_ external: Endpoint, towards remote: Endpoint, _ transport: TransportProtocol) -> Bool {
    let remote = word(remote, transport)
    return inboundRow(transport, external, from: remote).map { wasUsed($0, towards: remote) } ?? false
  }

  /// The row that carries `packet` outwards, made if need be, and marked as used.
  @inline(__always)
  private mutating func useRow(
    of packet: Packet, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) throws(DropReason) -> (row: Int, change: Translation.Change) {
    let key = key(packet.transport, inside: packet.source, remote: packet.destination)
    if let row = existingRow(key) {
      let refreshed = noteOutbound(row, packet, towards: key.remote, at: now)
      return (row, Translation.Change(mapping: Int(rows[row].id), kind: refreshed ? .refreshed : nil))
    }
    let row = try makeRow(for: packet, key, at: now, number: number, using: &generator)
    return (row, Translation.Change(mapping: Int(rows[row].id), kind: .created))
  }

  /// The row that already serves the flow.
  @inline(__always)
  mutating func existingRow(_ key: FlowKey) -> Int? {
    let binding = newRowBinding(key)
    if boundCounts[binding] != count, let row = rowMadeOtherwise(key, than: binding) { return row }
    guard let row = outboundRow(key, binding) else { return nil }
    if rows[row].traits.contains(.sharesPort), isAnothers(row, key.remote) { return nil }
    return row
  }

  /// Whether row `number`'s outside endpoint belongs to another inside host towards `remote`, towards which the row
  /// itself was not used: the flow then needs an outside endpoint of its own.
  @inline(never)
  private mutating func isAnothers(_ number: Int, _ remote: EndpointWord) -> Bool {
    !wasUsed(number, towards: remote)
      && permissions.claimant(rows[number].outsideKey, towards: remote, in: rows) != nil
  }

  /// A static mapping, or a row from before the mapping behaviour was changed that this very flow uses: a conversation
  /// under way keeps its row, and a new one follows the new rule.
  @inline(never)
  private mutating func rowMadeOtherwise(_ key: FlowKey, than binding: EndpointDependence) -> Int? {
    if staticCount > 0, behavior.tracking == .mappings, let row = outboundRow(key, .endpointIndependent),
      rows[row].traits.contains(.isStatic)
    {
      return row
    }
    for other in EndpointDependence.allCases where other != binding && boundCounts[other] > 0 {
      if let row = outboundRow(key, other), wasUsed(row, towards: key.remote) { return row }
    }
    return nil
  }

  /// The remote to which a flow's new row is bound. Without translation no mapping depends on anything.
  @inline(__always)
  private func newRowBinding(_ key: FlowKey) -> EndpointDependence {
    behavior.translates && key.family == .ipv4 || key.crossesFamilies ? behavior.mapping : .endpointIndependent
  }

  @inline(never)
  mutating func makeRow(
    for packet: Packet, _ key: FlowKey, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) throws(DropReason) -> Int {
    // Only a packet's first piece has ports to be mapped.
    if let fragment = packet.fragment, fragment.offset > 0 { throw .invalid }
    guard mayBegin(packet) else { throw .invalid }
    let (transport, source) = (packet.transport, packet.source)
    let remote = Self.remote(packet.destination, transport)
    let host = tracksHosts ? hosts.find(source.address) : nil
    try checkRoom(host)

    var traits: MappingRow.Traits = []
    var external = source
    var binding = newRowBinding(key)
    var pairedWith = 0
    let crosses = key.crossesFamilies
    if crosses { traits.insert(.crossesFamilies) }
    if behavior.translates && source.address.isIPv4 || crosses {
      if behavior.races, losesRace(packet, key, at: now) {
        insertFailures += 1
        throw .insertFailed
      }
      if let announced = takeExpected(key, at: now) {
        (external, pairedWith) = (announced, externalPosition(of: announced.address) ?? 0)
      } else {
        (external, pairedWith) = try chooseExternal(for: key, packet, host: host, at: now, using: &generator)
      }
      if behavior.portAssignment.sharesPorts {
        traits.insert(.sharesPort)
        // A flow that was kept out of the inside endpoint's row by a taken outside endpoint is bound to its remote.
        if outboundRow(key, binding) != nil { binding = .addressAndPortDependent }
      }
    } else {
      traits.insert(.isUntranslated)
    }
    let made = insertRow(
      transport, from: source, as: external, towards: remote, binding: binding, traits: traits,
      RowDetails(createdAt: now, createdBy: UInt32(truncatingIfNeeded: number)))
    if behavior.races { noteFresh(made, at: now) }
    rows[made].packetsOut = 1
    if transport == .tcp {
      rows[made].connection.see(packet.tcpFlags, outbound: true)
      if !held.isEmpty, packet.tcpFlags.contains(.syn) { held.drop(from: remote, to: external) }
    }
    if tracksHosts { rows[made].host = hosts.add(source.address, external: pairedWith) }
    if behavior.portAssignment.isByBlocks { noteBlock(made) }
    timers.add(made, to: timers.newRowList(Self.openingClass(of: rows[made])), at: now, in: &rows)
    return made
  }

  /// Whether a packet may make a row: with TCP, if so set, only a request.
  @inline(__always)
  func mayBegin(_ packet: Packet) -> Bool {
    behavior.midstream == .pickedUp || packet.transport != .tcp || packet.tcpFlags.contains(.syn)
  }

  /// Whether the table takes one row more, of `host`.
  @inline(__always)
  func checkRoom(_ host: Int?) throws(DropReason) {
    if let most = behavior.maximumMappings, count - staticCount >= most { throw .tableFull }
    if let most = behavior.maximumMappingsPerHost, let host, hosts.mappingCount(host) >= most { throw .tableFull }
  }

  static func openingClass(of row: MappingRow) -> LifetimeClass {
    switch row.transport {
    case .udp: .udp
    case .tcp: row.connection.lifetimeClass
    case .icmp: .icmp
    }
  }
}
