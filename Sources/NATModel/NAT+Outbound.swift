// SPDX-License-Identifier: GPL-3.0-or-later

/// Packets from inside: they find or make a mapping, and leave from its outside endpoint (RFC 4787 §4).
extension NAT {
  mutating func translateOutbound(
    _ packet: inout Packet, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    if isExempt(packet.destination.address) { return .forward(to: .outside, .none) }
    let translates = behavior.translates && packet.source.address.isIPv4
    if !translates {
      // A plain router remembers nothing.
      guard behavior.firewall else { return .forward(to: .outside, .none) }
    } else if isExternal(packet.destination.address) {
      return hairpin(&packet, at: now, number: number, using: &generator)
    }
    let remote = Self.remote(packet.destination, packet.transport)
    if behavior.tracking == .connections {
      return trackOutbound(
        &packet, towards: remote, translates: translates, at: now, number: number, using: &generator)
    }
    do throws(DropReason) {
      let (row, change) = try useRow(of: packet, towards: remote, at: now, number: number, using: &generator)
      if translates { rewriteSource(of: &packet, to: rows[row].externalEndpoint) }
      return .forward(to: .outside, change)
    } catch {
      return .drop(error, .none)
    }
  }

  /// Whether packets to and from `address` are left alone: they are routed as they are, and leave no row.
  @inline(__always)
  func isExempt(_ address: IPAddress) -> Bool {
    behavior.hasExemptions && behavior.exemptions.contains { $0.contains(address) }
  }

  @inline(__always)
  func rewriteSource(of packet: inout Packet, to external: Endpoint) {
    packet.source = external
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
    let remote = Self.remote(target, transport)
    // Where there is nobody to turn round to, the packet makes no row either.
    guard inboundRow(transport, target) != nil else { return refusal(transport, target) }
    do throws(DropReason) {
      let (row, change) = try useRow(of: packet, towards: remote, at: now, number: number, using: &generator)
      let source = rows[row].externalEndpoint
      let sender = Self.remote(source, transport)
      guard let receiver = inboundRow(transport, target, from: sender) else { return refusal(transport, target) }
      // The row that decides is the receiver's.
      guard admits(receiver, from: sender) else {
        return .drop(.filtered, Translation.Change(mapping: Int(rows[receiver].id)))
      }
      noteInbound(receiver, packet.tcpFlags, from: sender, at: now)
      packet.source = source
      packet.destination = rows[receiver].internalEndpoint
      if transport == .icmp { packet.source.port = packet.destination.port }
      return .forward(to: .inside, change)
    } catch {
      return .drop(error, .none)
    }
  }

  /// The row that carries `packet` outwards, made if need be, and marked as used.
  @inline(__always)
  private mutating func useRow(
    of packet: Packet, towards remote: Endpoint, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) throws(DropReason) -> (row: Int, change: Translation.Change) {
    if let row = existingRow(packet.transport, packet.source, towards: remote) {
      let refreshed = noteOutbound(row, packet.tcpFlags, towards: remote, at: now)
      return (row, Translation.Change(mapping: Int(rows[row].id), kind: refreshed ? .refreshed : nil))
    }
    let row = try makeRow(for: packet, towards: remote, at: now, number: number, using: &generator)
    return (row, Translation.Change(mapping: Int(rows[row].id), kind: .created))
  }

  /// The row that serves the flow from `source` to `remote` already.
  @inline(__always)
  func existingRow(_ transport: TransportProtocol, _ source: Endpoint, towards remote: Endpoint) -> Int? {
    let binding = newRowBinding(for: source)
    if boundCounts[Int(binding.rawValue)] != count,
      let row = rowMadeOtherwise(transport, source, towards: remote, than: binding)
    {
      return row
    }
    guard let row = outboundRow(transport, source, binding, remote) else { return nil }
    if rows[row].traits.contains(.sharesPort), !wasUsed(row, towards: remote),
      permissions.claimant(transport, rows[row].externalEndpoint, towards: remote, in: rows) != nil
    {
      // The outside endpoint is another inside host's towards this remote: the flow needs one of its own.
      return nil
    }
    return row
  }

  /// A static mapping, or a row from before the mapping behaviour was changed that this very flow uses: a conversation
  /// under way keeps its row, and a new one gets it by the new rule.
  @inline(__always)
  private func rowMadeOtherwise(
    _ transport: TransportProtocol, _ source: Endpoint, towards remote: Endpoint, than binding: EndpointDependence
  ) -> Int? {
    if staticCount > 0, let row = outboundRow(transport, source, .endpointIndependent, remote),
      rows[row].traits.contains(.isStatic)
    {
      return row
    }
    for other in EndpointDependence.allCases where other != binding && boundCounts[Int(other.rawValue)] > 0 {
      if let row = outboundRow(transport, source, other, remote), wasUsed(row, towards: remote) { return row }
    }
    return nil
  }

  /// What a new row of `source` is bound to. Without translation there is no mapping to depend on anything.
  @inline(__always)
  private func newRowBinding(for source: Endpoint) -> EndpointDependence {
    behavior.translates && source.address.isIPv4 ? behavior.mapping : .endpointIndependent
  }

  mutating func makeRow(
    for packet: Packet, towards remote: Endpoint, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) throws(DropReason) -> Int {
    // Only a packet's first piece has ports to be mapped.
    if let fragment = packet.fragment, fragment.offset > 0 { throw .invalid }
    if let most = behavior.maximumMappings, count - staticCount >= most { throw .tableFull }
    let source = packet.source
    let host = tracksHosts ? hosts.find(source.address) : nil
    if let most = behavior.maximumMappingsPerHost, let host, hosts.mappingCount(host) >= most { throw .tableFull }

    var traits: MappingRow.Traits = []
    var external = source
    var binding = newRowBinding(for: source)
    var pairedWith = 0
    if behavior.translates && source.address.isIPv4 {
      (external, pairedWith) = try chooseExternal(
        for: packet.transport, source, towards: remote, host: host, at: now, using: &generator)
      if behavior.portAssignment == .overload {
        traits.insert(.sharesPort)
        // The flow that a taken outside endpoint kept out of the inside endpoint's row is bound to its remote.
        if outboundRow(packet.transport, source, binding, remote) != nil { binding = .addressAndPortDependent }
      }
    } else {
      traits.insert(.isUntranslated)
    }
    lastID += 1
    var row = MappingRow(
      packet.transport, internal: source, external: external, remote: remote, binding: binding, id: lastID,
      traits: traits)
    var details = RowDetails(createdAt: now, createdBy: UInt32(truncatingIfNeeded: number))
    row.packetsOut = 1
    if packet.transport == .tcp {
      row.connection.see(packet.tcpFlags, outbound: true)
      if !held.isEmpty, packet.tcpFlags.contains(.syn) { held.drop(from: remote, to: external) }
    }
    if tracksHosts { details.host = hosts.add(source.address, external: pairedWith) }
    if !traits.contains(.isUntranslated), let space = portSpace(packet.transport, external.address) {
      portSpaces[space].take(external.port)
    }
    let made = insertRow(row, details)
    timers.add(made, to: timers.newRowList(Self.openingClass(of: row)), at: now, in: &rows)
    return made
  }

  private static func openingClass(of row: MappingRow) -> LifetimeClass {
    switch row.transport {
    case .udp: .udp
    case .tcp: row.connection.lifetimeClass
    case .icmp: .icmp
    }
  }
}
