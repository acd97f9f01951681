// SPDX-License-Identifier: GPL-3.0-or-later

/// What a packet leaves behind in the row it uses: counts, permissions, TCP state, a new lease of life (RFC 4787 §4.3).
extension NAT {
  /// A packet left through `row` towards `remote`.
  @inline(__always)
  mutating func noteOutbound(_ row: Int, _ flags: TCPFlags, towards remote: Endpoint, at now: Instant) {
    if rows[row].packetsOut < .max { rows[row].packetsOut += 1 }
    if rows[row].traits.contains(.isStatic) { return }
    if !wasUsed(row, towards: remote) { permissions.add(row, towards: remote, in: &rows) }
    if rows[row].transport == .tcp { seeSegment(flags, outbound: true, row, remote) }
    timers.touch(row, as: lifetimeClass(row, at: now), at: now, in: &rows)
  }

  /// A packet came in through `row` from `remote`; returns whether that refreshed it.
  @inline(__always)
  @discardableResult
  mutating func noteInbound(_ row: Int, _ flags: TCPFlags, from remote: Endpoint, at now: Instant) -> Bool {
    if rows[row].packetsIn < .max { rows[row].packetsIn += 1 }
    if rows[row].traits.contains(.isStatic) { return false }
    rows[row].traits.insert(.sawInbound)
    if rows[row].transport == .tcp { seeSegment(flags, outbound: false, row, remote) }
    let kind = lifetimeClass(row, at: now)
    let refreshes = behavior.refresh == .both
    // A connection that has just opened or closed gets its new lifetime from this packet on, whichever way it went.
    let changesClass = rows[row].transport == .tcp && timers.list(kind, besides: rows[row].timer) != rows[row].timer
    if refreshes || changesClass { timers.touch(row, as: kind, at: now, in: &rows) }
    return refreshes
  }

  @inline(__always)
  private func lifetimeClass(_ row: Int, at now: Instant) -> LifetimeClass {
    switch rows[row].transport {
    case .udp:
      rows[row].traits.contains(.sawInbound) && now >= rows[row].createdAt + behavior.streamAfter ? .udpStream : .udp
    case .tcp: rows[row].established > 0 ? .tcpEstablished : .tcpTransitory
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
