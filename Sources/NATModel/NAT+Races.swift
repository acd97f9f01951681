// SPDX-License-Identifier: GPL-3.0-or-later

/// Two new flows at the same instant, on a router that lets them race for one outside port: netfilter chooses a port
/// first and inserts the flow later, and whoever inserts second finds the place taken (`insert_failed`).
extension NAT {
  /// The rows made at one instant.
  struct FreshRows: Sendable {
    var time = Instant.zero
    var rows: [Int] = []
  }

  /// Notes a row that was made at `now`.
  mutating func noteFresh(_ row: Int, at now: Instant) {
    if fresh.time != now { fresh = FreshRows(time: now) }
    fresh.rows.append(row)
  }

  /// Whether a new flow would have chosen an outside port that another one took at this very instant, and that it could
  /// not see yet.
  mutating func losesRace(_ packet: Packet, _ key: FlowKey, at now: Instant) -> Bool {
    guard fresh.time == now else { return false }
    let rivals = fresh.rows.filter { !rows[$0].traits.contains(.isFree) && rows[$0].transport == packet.transport }
    switch behavior.portAssignment {
    case .sequential: return !rivals.isEmpty
    case .random: return false
    case .preserve, .preserveOrRefuse: return rivals.contains { rows[$0].external.port == packet.source.port }
    case .overload, .overloadWithin:
      for row in rivals where rows[row].external.port == packet.source.port {
        if wasUsed(row, towards: key.remote) { return true }
      }
      return false
    case .blocks: return rivals.contains { internalEndpoint($0).address == packet.source.address }
    }
  }
}
