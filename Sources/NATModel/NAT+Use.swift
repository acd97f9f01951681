// SPDX-License-Identifier: GPL-3.0-or-later

/// What a packet leaves behind in the row it uses: counts, permissions, TCP state, a new lease of life (RFC 4787 §4.3).
extension NAT {
  /// A packet left through `row` towards `remote`; returns whether that refreshed it.
  @inline(__always)
  @discardableResult
  mutating func noteOutbound(_ row: Int, _ flags: TCPFlags, towards remote: Endpoint, at now: Instant) -> Bool {
    if rows[row].traits.contains(.isStatic) {
      rows[row].countOut()
      if !held.isEmpty, flags.contains(.syn) { held.drop(from: remote, to: rows[row].externalEndpoint) }
      return true
    }
    if !wasUsed(row, towards: remote) { permissions.add(row, towards: remote, in: &rows) }
    if rows[row].isOf(.tcp) { return noteSegment(flags, outbound: true, row, remote, refreshes: true, at: now) }
    let lease = timers.lease(rows[row], as: lifetimeClass(row, at: now), at: now)
    Self.noteOutbound(&rows[row], expiresAt: lease.due)
    if !lease.isFiled { timers.refile(row, to: lease.list, due: lease.due, in: &rows) }
    return true
  }

  @inline(__always)
  private static func noteOutbound(_ row: inout MappingRow, expiresAt: Instant) {
    row.countOut()
    row.expiresAt = expiresAt
  }

  /// A packet came in through `row` from `remote`; returns whether that refreshed it.
  @inline(__always)
  @discardableResult
  mutating func noteInbound(_ row: Int, _ flags: TCPFlags, from remote: Endpoint, at now: Instant) -> Bool {
    if rows[row].traits.contains(.isStatic) {
      rows[row].countIn()
      return false
    }
    let refreshes = behavior.refresh == .both
    if rows[row].isOf(.tcp) {
      return noteSegment(flags, outbound: false, row, remote, refreshes: refreshes, at: now)
    }
    Self.noteInbound(&rows[row])
    if refreshes { renew(row, as: lifetimeClass(row, at: now), at: now) }
    return refreshes
  }

  @inline(__always)
  private static func noteInbound(_ row: inout MappingRow) {
    row.countIn()
    row.traits.insert(.sawInbound)
  }

  /// Starts the life of row `row` anew, as one of `kind`.
  @inline(__always)
  mutating func renew(_ row: Int, as kind: LifetimeClass, at now: Instant) {
    let lease = timers.lease(rows[row], as: kind, at: now)
    if lease.isFiled {
      rows[row].expiresAt = lease.due
    } else {
      timers.refile(row, to: lease.list, due: lease.due, in: &rows)
    }
  }

  /// The class of what is not TCP.
  @inline(__always)
  private func lifetimeClass(_ row: Int, at now: Instant) -> LifetimeClass {
    guard rows[row].isOf(.udp) else { return .icmp }
    guard rows[row].traits.contains(.sawInbound) else { return .udp }
    // When the row was made is far away, and mostly nobody asks.
    if behavior.streamAfter == .zero { return .udpStream }
    return now >= rows[details: row].createdAt + behavior.streamAfter ? .udpStream : .udp
  }
}
