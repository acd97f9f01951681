// SPDX-License-Identifier: GPL-3.0-or-later

/// One flow of a mapping, between the inside endpoint and one remote, as routers list it that have a row for each.
package struct MappedFlow: Hashable, Sendable {
  package var mapping: Mapping
  /// ICMP has no remote port.
  package var remote: Endpoint
  /// The TCP connection's state, in the words of ``Mapping/state``.
  package var state: String?
  /// The side that the state is about, if it is about one: that asked, or that finished first.
  package var actor: Side
  /// Whether something has gone the other way than the first packet.
  package var isAnswered: Bool
  /// Whether Linux would take it for a conversation under way, and not for a probe: a TCP connection that has been
  /// open, a UDP flow with a packet more than two seconds after the first, when both sides had already spoken
  /// (`IPS_ASSURED`).
  package var isAssured: Bool
}

extension NAT {
  /// The flows of all mappings that are not static, in the order of the mappings; what is only expected has none yet. This
  /// takes time in proportion to the table.
  package var flows: [MappedFlow] {
    let present = rows.indices.filter { rows[$0].traits.isDisjoint(with: [.isFree, .isStatic, .isExpected]) }
    return present.sorted { rows[$0].id < rows[$1].id }.flatMap { flows(ofRow: $0) }
  }

  private func flows(ofRow number: Int) -> [MappedFlow] {
    let row = rows[number]
    let mapping = mapping(row: number)
    let others = permissions.recorded(of: number, in: rows).filter { $0.remote != row.firstRemote }
    return ([(remote: row.firstRemote, connection: row.connection)] + others).map { remote, connection in
      var flow = MappedFlow(
        mapping: mapping, remote: addresses.endpoint(remote, row.outsideFamily),
        actor: row.traits.contains(.isForwarded) ? .outside : .inside,
        isAnswered: row.traits.contains(.isAnswered), isAssured: false)
      switch row.transport {
      case .udp: flow.isAssured = isStream(number)
      case .tcp: describe(connection, isFirst: remote == row.firstRemote, row, &flow)
      case .icmp: break
      }
      return flow
    }
  }

  private func isStream(_ number: Int) -> Bool {
    let row = rows[number]
    guard row.traits.contains(.isAnswered), UInt64(row.packetsIn) + UInt64(row.packetsOut) > 2,
      timers.list(.udpStream, besides: row.timer) == row.timer
    else { return false }
    // The row ends that long after its last packet.
    return row.expiresAt >= rows[details: number].createdAt + .seconds(2) + timers.length(of: row.timer)
  }

  private func describe(_ connection: ConnectionState, isFirst: Bool, _ row: MappingRow, _ flow: inout MappedFlow) {
    flow.state = connection.name
    if behavior.tracking == .connections, isFirst {
      // Its inside is the side that began the flow.
      if row.tracked.isSuperset(of: .outsideFinishedFirst) { flow.actor = flow.actor.other }
      flow.isAssured = row.tracked.contains(.isAssured)
      return
    }
    flow.actor = connection.actor
    switch connection.phase {
    case .none, .midStream, .synSent, .simultaneousOpen: flow.isAnswered = connection.phase == .simultaneousOpen
    case .synReceived: flow.isAnswered = true
    case .established, .finWait, .closeWait, .lastAck, .timeWait: (flow.isAnswered, flow.isAssured) = (true, true)
    case .closed:
      flow.isAnswered = row.packetsIn > 0 && row.packetsOut > 0
      flow.isAssured = connection.wasBroken
    }
  }
}
