// SPDX-License-Identifier: GPL-3.0-or-later

/// What a packet leaves behind in the row it uses: counts, permissions, TCP state, a new lease of life (RFC 4787 §4.3).
extension NAT {
  /// A packet left through `row` towards `remote`.
  @inline(__always)
  mutating func noteOutbound(_ row: Int, _ flags: TCPFlags, towards remote: Endpoint, at now: Instant) {
    if rows[row].traits.contains(.isStatic) { return rows[row].countOut() }
    if !wasUsed(row, towards: remote) { permissions.add(row, towards: remote, in: &rows) }
    if rows[row].transport == .tcp { seeSegment(flags, outbound: true, row, remote) }
    Self.noteOutbound(row, &rows[row], &timers, behavior.streamAfter, at: now)
  }

  @inline(__always)
  private static func noteOutbound(
    _ number: Int, _ row: inout MappingRow, _ timers: inout TimerLists, _ streamAfter: Interval, at now: Instant
  ) {
    row.countOut()
    timers.touch(number, &row, as: lifetimeClass(row, streamAfter, at: now), at: now)
  }

  /// A packet came in through `row` from `remote`; returns whether that refreshed it.
  @inline(__always)
  @discardableResult
  mutating func noteInbound(_ row: Int, _ flags: TCPFlags, from remote: Endpoint, at now: Instant) -> Bool {
    if rows[row].traits.contains(.isStatic) {
      rows[row].countIn()
      return false
    }
    if rows[row].transport == .tcp { seeSegment(flags, outbound: false, row, remote) }
    let refreshes = behavior.refresh == .both
    Self.noteInbound(row, &rows[row], &timers, behavior.streamAfter, refreshes: refreshes, at: now)
    return refreshes
  }

  @inline(__always)
  private static func noteInbound(
    _ number: Int, _ row: inout MappingRow, _ timers: inout TimerLists, _ streamAfter: Interval, refreshes: Bool,
    at now: Instant
  ) {
    row.countIn()
    row.traits.insert(.sawInbound)
    let kind = lifetimeClass(row, streamAfter, at: now)
    // A connection that has just opened or closed gets its new lifetime from this packet on, whichever way it went.
    let changesClass = row.transport == .tcp && timers.list(kind, besides: row.timer) != row.timer
    if refreshes || changesClass { timers.touch(number, &row, as: kind, at: now) }
  }

  @inline(__always)
  private static func lifetimeClass(_ row: MappingRow, _ streamAfter: Interval, at now: Instant) -> LifetimeClass {
    switch row.transport {
    case .udp: row.traits.contains(.sawInbound) && now >= row.createdAt + streamAfter ? .udpStream : .udp
    case .tcp: row.established > 0 ? .tcpEstablished : .tcpTransitory
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
    if isNow, !was { rows[row].established &+= 1 }
    if was, !isNow, rows[row].established > 0 { rows[row].established -= 1 }
  }
}
