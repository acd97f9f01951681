// SPDX-License-Identifier: GPL-3.0-or-later

/// The effects of a TCP segment on the row it uses (RFC 5382 §5, RFC 7857 §2).
extension NAT {
  /// A segment passed through `row`; returns whether that refreshed it.
  ///
  /// A connection that entered a state with another lifetime gets it from this segment on, whichever way that went. A
  /// reset is otherwise not a sign of life (RFC 7857 §7.1).
  @inline(never)
  mutating func noteSegment(
    _ flags: TCPFlags, outbound: Bool, _ row: Int, _ remote: EndpointWord, refreshes: Bool, at now: Instant
  ) -> Bool {
    seeSegment(flags, outbound: outbound, row, remote)
    if outbound { rows[row].countOut() } else { rows[row].countIn() }
    let kind = connectionClass(row)
    let old = rows[row].timer
    let isRefreshed = refreshes && !flags.contains(.rst)
    if isRefreshed || timers.length(of: timers.list(kind, besides: old)) != timers.length(of: old) {
      renew(row, as: kind, at: now)
    }
    return isRefreshed
  }

  /// The lifetime of a TCP mapping: its connection's; if it has several, the liveliest's, when the states have no
  /// lifetimes of their own.
  private func connectionClass(_ row: Int) -> LifetimeClass {
    guard rows[row].traits.contains(.hasSeveralRemotes) else { return rows[row].connection.lifetimeClass }
    return rows[details: row].established > 0 ? .tcpEstablished : .tcpTransitory
  }

  private mutating func seeSegment(_ flags: TCPFlags, outbound: Bool, _ row: Int, _ remote: EndpointWord) {
    let was: Bool
    let isNow: Bool
    if rows[row].isTowards(remote) {
      was = rows[row].connection.isOpen
      rows[row].connection.see(flags, outbound: outbound)
      isNow = rows[row].connection.isOpen
    } else if let record = permissions.find(row, rows[row].outsideKey, towards: remote) {
      (was, isNow) = permissions.see(flags, outbound: outbound, record: record)
    } else {
      // A stranger admitted by the filter: there is a connection once the inside answers.
      return
    }
    if isNow, !was { rows[details: row].established &+= 1 }
    if was, !isNow, rows[details: row].established > 0 { rows[details: row].established -= 1 }
  }
}
