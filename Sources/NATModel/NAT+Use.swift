// SPDX-License-Identifier: GPL-3.0-or-later

/// What a packet leaves behind in the row it uses: counts, permissions, TCP state, a new lease of life (RFC 4787 §4.3).
extension NAT {
  /// A packet left through `row` towards `remote`.
  @inline(__always)
  mutating func noteOutbound(_ row: Int, _ flags: TCPFlags, towards remote: Endpoint, at now: Instant) {
    if rows[row].traits.contains(.isStatic) { return rows[row].countOut() }
    if !wasUsed(row, towards: remote) { permissions.add(row, towards: remote, in: &rows) }
    if rows[row].transport == .tcp { seeSegment(flags, outbound: true, row, remote) }
    let lease = timers.lease(rows[row], as: lifetimeClass(row, at: now), at: now)
    Self.noteOutbound(&rows[row], expiresAt: lease.due)
    if !lease.isFiled { timers.refile(row, to: lease.list, due: lease.due, in: &rows) }
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
    Self.noteInbound(&rows[row])
    if rows[row].traits.contains(.isStatic) { return false }
    if rows[row].transport == .tcp { seeSegment(flags, outbound: false, row, remote) }
    let refreshes = behavior.refresh == .both
    guard refreshes || rows[row].transport == .tcp else { return false }
    let lease = timers.lease(rows[row], as: lifetimeClass(row, at: now), at: now)
    // A connection that has just opened or closed gets its new lifetime from this packet on, whichever way it went.
    guard refreshes || lease.list != rows[row].timer else { return false }
    if lease.isFiled {
      rows[row].expiresAt = lease.due
    } else {
      timers.refile(row, to: lease.list, due: lease.due, in: &rows)
    }
    return refreshes
  }

  @inline(__always)
  private static func noteInbound(_ row: inout MappingRow) {
    row.countIn()
    row.traits.insert(.sawInbound)
  }

  @inline(__always)
  private func lifetimeClass(_ row: Int, at now: Instant) -> LifetimeClass {
    switch rows[row].transport {
    case .udp:
      rows[row].traits.contains(.sawInbound)
        && (behavior.streamAfter == .zero || now >= rows[details: row].createdAt + behavior.streamAfter)
        ? .udpStream : .udp
    case .tcp: rows[details: row].established > 0 ? .tcpEstablished : .tcpTransitory
    case .icmp: .icmp
    }
  }

  private mutating func seeSegment(_ flags: TCPFlags, outbound: Bool, _ row: Int, _ remote: Endpoint) {
    let was: Bool
    let isNow: Bool
    if rows[row].firstRemote == remote {
      was = rows[row].connection.isEstablished
      rows[row].connection.see(flags, outbound: outbound)
      isNow = rows[row].connection.isEstablished
    } else if let record = permissions.find(row, of: rows[row], towards: remote) {
      (was, isNow) = permissions.see(flags, outbound: outbound, record: record)
    } else {
      // A stranger whom the filter admits: there is a connection once the inside answers.
      return
    }
    if isNow, !was { rows[details: row].established &+= 1 }
    if was, !isNow, rows[details: row].established > 0 { rows[details: row].established -= 1 }
  }
}
