// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A TCP connection as a router that resets idle ones knows it.
struct StreamKey: Hashable, Sendable {
  /// The row's number.
  let mapping: Int
  let remote: Endpoint
}

/// The sequence numbers of a connection's next bytes, as far as they have passed the router.
struct StreamPlace: Hashable, Sendable {
  var fromInside: UInt32 = 0
  var fromOutside: UInt32 = 0
}

/// Routers that tell both ends of a TCP connection when its row times out, `idle-reset on`.
extension Network {
  /// Notes whether router `slot` does so, or gives hosts blocks of ports: only then is anything here looked at.
  mutating func noteAxes(_ slot: Int) {
    blockRouters.removeAll { $0 == slot }
    if routers[slot].nat.behavior.portAssignment.isByBlocks { blockRouters.append(slot) }
    // A packet becomes longer or shorter on its way, and may have to be cut.
    if routers[slot].nat.behavior.nat64 != nil { hasSizeLimits = true }
    let resets = routers[slot].nat.behavior.resetsIdle
    if resets, !resettingRouters.contains(slot) { resettingRouters.append(slot) }
    guard !resets else { return }
    resettingRouters.removeAll { $0 == slot }
    routers[slot].streams = [:]
  }

  /// Remembers how far the connection of a segment that router `slot` has let pass is: a reset counts only if it comes
  /// with the number that its receiver waits for (RFC 5961 §3).
  mutating func noteStream(_ translation: Translation, _ packet: Packet, _ slot: Int, from side: Side) {
    guard packet.transport == .tcp, routers[slot].nat.behavior.resetsIdle,
      case .forward(let to, let change) = translation, to != side, let mapping = change.mapping
    else { return }
    var remote = side == .inside ? packet.destination : packet.source
    if side == .outside, let ipv4 = routers[slot].nat.behavior.nat64?.embedded(in: remote.address) {
      remote.address = ipv4
    }
    let key = StreamKey(mapping: mapping, remote: remote)
    if packet.tcpFlags.contains(.rst) {
      routers[slot].streams[key] = nil
      return
    }
    var place = routers[slot].streams[key] ?? StreamPlace()
    var next = packet.sequenceNumber &+ UInt32(truncatingIfNeeded: packet.payload.length)
    if !packet.tcpFlags.isDisjoint(with: [.syn, .fin]) { next &+= 1 }
    if side == .inside { place.fromInside = next } else { place.fromOutside = next }
    routers[slot].streams[key] = place
    forgetOldStreams(slot)
  }

  /// Forgets connections whose rows are gone, once they are more than the rows that there are.
  private mutating func forgetOldStreams(_ slot: Int) {
    guard routers[slot].streams.count > 2 * routers[slot].nat.count + 64 else { return }
    let present = Set(routers[slot].nat.mappings.map(\.id))
    routers[slot].streams = routers[slot].streams.filter { present.contains($0.key.mapping) }
  }

  /// Resets the connections of the next row that times out, if it does so by `limit` and before any packet arrives
  /// anywhere.
  ///
  /// - Returns: whether a reset was sent.
  mutating func resetIdleConnection(until limit: Instant) -> Bool {
    let limit = min(limit, queue.nextDue)
    while true {
      let due = resettingRouters.filter { !nodes[routers[$0].id.index].isRemoved }
        .map { (slot: $0, due: routers[$0].nat.nextExpiry) }.min { $0.due < $1.due }
      guard let due, due.due <= limit, due.due < .never else { return false }
      _ = routers[due.slot].nat.expire(at: due.due, atMost: 1)
      let ended = routers[due.slot].nat.takeIdle()
      guard !ended.isEmpty else { continue }
      clock = max(clock, due.due)
      for connection in ended { reset(connection, due.slot) }
      return true
    }
  }

  /// Tells both ends of a connection, each as if the other had broken off.
  private mutating func reset(_ connection: IdleConnection, _ slot: Int) {
    let id = routers[slot].id
    let key = StreamKey(mapping: connection.mapping, remote: connection.remote)
    let place = routers[slot].streams.removeValue(forKey: key) ?? StreamPlace()
    var inward = Packet(.tcp, from: connection.remoteInside, to: connection.inside)
    var outward = Packet(.tcp, from: connection.external, to: connection.remote)
    (inward.tcpFlags, inward.sequenceNumber) = (.rst, place.fromOutside)
    (outward.tcpFlags, outward.sequenceNumber) = (.rst, place.fromInside)
    if let next = nextHopInside(connection.inside.address, slot) { dispatch(inward, from: id, to: next) }
    if let next = try? nextHopOutside(connection.remote.address, from: id).get() {
      dispatch(outward, from: id, to: next)
    }
  }
}
