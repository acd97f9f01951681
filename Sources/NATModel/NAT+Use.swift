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
    if rows[row].transport == .tcp { return noteSegment(flags, outbound: true, row, remote, refreshes: true, at: now) }
    Self.noteOutbound(row, &rows[row], &timers, behavior.streamAfter, at: now)
    return true
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
    let refreshes = behavior.refresh == .both
    if rows[row].transport == .tcp {
      return noteSegment(flags, outbound: false, row, remote, refreshes: refreshes, at: now)
    }
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
    if refreshes { timers.touch(number, &row, as: lifetimeClass(row, streamAfter, at: now), at: now) }
  }

  /// The class of what is not TCP.
  @inline(__always)
  private static func lifetimeClass(_ row: MappingRow, _ streamAfter: Interval, at now: Instant) -> LifetimeClass {
    guard row.transport == .udp else { return .icmp }
    return row.traits.contains(.sawInbound) && now >= row.createdAt + streamAfter ? .udpStream : .udp
  }
}
