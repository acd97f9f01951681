// SPDX-License-Identifier: GPL-3.0-or-later

/// The effects of a packet on the row it uses: counts, permissions, TCP state, a renewed lifetime (RFC 4787 §4.3).
extension NAT {
  /// A packet left through `row` towards `remote`; returns whether that refreshed it.
  @inline(__always)
  mutating func noteOutbound(_ row: Int, _ packet: Packet, towards remote: EndpointWord, at now: Instant) -> Bool {
    if packet.transport == .tcp, !held.isEmpty { dropHeld(packet, row) }
    if rows[row].traits.contains(.isStatic) {
      rows[row].countOut()
      return true
    }
    let isNewRemote = !wasUsed(row, towards: remote)
    if isNewRemote { permit(row, Self.remote(packet.destination, packet.transport)) }
    if packet.transport == .tcp {
      let remote = isNewRemote ? word(packet.destination, .tcp) : remote
      return noteSegment(packet.tcpFlags, outbound: true, row, remote, refreshes: true, at: now)
    }
    if rows[row].traits.contains(.isForwarded) { return noteForwarded(row, outbound: true, at: now) }
    let lease = timers.lease(rows[row], as: lifetimeClass(row, at: now), at: now)
    rows[row].noteOutbound(until: lease.due)
    if !lease.isFiled { timers.refile(row, to: lease.list, due: lease.due, in: &rows) }
    return true
  }

  /// The inside itself asks for the connection that a held request from outside wants.
  @inline(never)
  private mutating func dropHeld(_ packet: Packet, _ row: Int) {
    if packet.tcpFlags.contains(.syn) { held.drop(from: packet.destination, to: externalEndpoint(row)) }
  }

  /// Lets `remote` answer through row `row` from now on.
  @inline(never)
  private mutating func permit(_ row: Int, _ remote: Endpoint) {
    // From now on its connections are counted.
    if behavior.tracking == .connections, !rows[row].traits.contains(.hasSeveralRemotes) { countConnection(row) }
    permissions.add(row, towards: remote, in: &rows, &addresses)
  }

  /// Counts the connection of a row that has had no more than one, as a flow that is tracked or was.
  mutating func countConnection(_ row: Int) {
    if rows[row].isOf(.tcp) { rows[details: row].established = rows[row].connection.isOpen ? 1 : 0 }
  }

  /// A packet came in through `row` from `remote`; returns whether that refreshed it.
  @inline(__always)
  @discardableResult
  mutating func noteInbound(_ row: Int, _ packet: Packet, from remote: EndpointWord, at now: Instant) -> Bool {
    if rows[row].traits.contains(.isStatic) {
      rows[row].countIn()
      return false
    }
    let refreshes = behavior.refresh == .both
    if packet.transport == .tcp {
      return noteSegment(packet.tcpFlags, outbound: false, row, remote, refreshes: refreshes, at: now)
    }
    if rows[row].traits.contains(.isForwarded) { return noteForwarded(row, outbound: false, at: now) }
    rows[row].noteInbound(until: rows[row].expiresAt)
    if refreshes { renew(row, as: lifetimeClass(row, at: now), at: now) }
    return refreshes
  }

  /// Restarts the lifetime of row `row`, as one of `kind`.
  @inline(__always)
  mutating func renew(_ row: Int, as kind: LifetimeClass, at now: Instant) {
    let lease = timers.lease(rows[row], as: kind, at: now)
    if lease.isFiled {
      rows[row].expiresAt = lease.due
    } else {
      timers.refile(row, to: lease.list, due: lease.due, in: &rows)
    }
  }

  /// The class of a packet other than TCP.
  @inline(__always)
  func lifetimeClass(_ row: Int, at now: Instant) -> LifetimeClass {
    guard rows[row].isOf(.udp) else { return .icmp }
    guard rows[row].traits.contains(.isAnswered) else { return .udp }
    // The time when the row was made is far away in memory, and rarely needed.
    if behavior.streamAfter == .zero { return .udpStream }
    return now >= rows[details: row].createdAt + behavior.streamAfter ? .udpStream : .udp
  }
}
