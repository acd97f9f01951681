// SPDX-License-Identifier: GPL-3.0-or-later

/// Rows for flows that a text has announced and that have not begun: an application level gateway makes them. Such a row
/// lets one address in from any port; the first packet of the flow, from either side, turns it into the flow's own row,
/// and without one it times out as any other does.
extension NAT {
  /// The outside endpoint at which `peer` may reach `inside`: that of a row which expects it already, or of a new one.
  mutating func expect(
    _ transport: TransportProtocol, to inside: Endpoint, from peer: IPAddress, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) throws(DropReason) -> Endpoint {
    let key = key(transport, inside: inside, remote: Endpoint(peer, 0))
    if let row = expectedRow(key) {
      renew(row, as: Self.openingClass(of: rows[row]), at: now)
      return externalEndpoint(row)
    }
    let made = try makeExpectedRow(transport, key, inside, peer, at: now, number: number, using: &generator)
    return externalEndpoint(made)
  }

  /// The row that expects a flow of the key's inside endpoint with any port of its remote's address.
  mutating func expectedRow(_ key: FlowKey) -> Int? {
    guard expectedCount > 0 else { return nil }
    guard let row = outboundRow(key.towardsAddress, .addressAndPortDependent), rows[row].traits.contains(.isExpected)
    else {
      return nil
    }
    return row
  }

  private mutating func makeExpectedRow(
    _ transport: TransportProtocol, _ key: FlowKey, _ inside: Endpoint, _ peer: IPAddress, at now: Instant,
    number: Int, using generator: inout SeededGenerator
  ) throws(DropReason) -> Int {
    let host = tracksHosts ? hosts.find(inside.address) : nil
    try checkRoom(host)
    let packet = Packet(transport, from: inside, to: Endpoint(peer, 0))
    let (external, pairedWith) = try chooseExternal(for: key, packet, host: host, at: now, using: &generator)
    let made = insertRow(
      transport, from: inside, as: external, towards: Endpoint(peer, 0), binding: .addressAndPortDependent,
      traits: .isExpected, RowDetails(createdAt: now, createdBy: UInt32(truncatingIfNeeded: number)))
    expectedCount += 1
    if tracksHosts { rows[made].host = hosts.add(inside.address, external: pairedWith) }
    if behavior.portAssignment.isByBlocks { noteBlock(made) }
    timers.add(made, to: timers.newRowList(Self.openingClass(of: rows[made])), at: now, in: &rows)
    return made
  }

  /// Ends a row that expected the flow which now begins outwards; its outside endpoint is the flow's.
  mutating func takeExpected(_ key: FlowKey, at now: Instant) -> Endpoint? {
    guard let row = expectedRow(key) else { return nil }
    let external = externalEndpoint(row)
    removeRow(row, at: now, .replaced)
    return external
  }

  /// The expected flow begins from outside.
  mutating func beginExpected(
    _ packet: inout Packet, by row: Int, from remote: EndpointWord, at now: Instant, number: Int, makesRow: Bool
  ) -> Translation {
    let change = Translation.Change(mapping: Int(rows[row].id))
    guard packet.transport != .tcp || packet.tcpFlags.contains(.syn) else { return .drop(.invalid, change) }
    let inside = internalEndpoint(row)
    if makesRow { removeRow(row, at: now, .replaced) }
    return beginForwarded(&packet, to: inside, by: nil, from: remote, at: now, number: number, makesRow: makesRow)
  }
}
