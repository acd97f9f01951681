// SPDX-License-Identifier: GPL-3.0-or-later

/// A pair of endpoints that datagrams from outside hold, which the router's own stack has taken.
public struct OwnFlow: Hashable, Sendable {
  /// The router's outside endpoint.
  public var external: Endpoint
  public var remote: Endpoint
  /// The packet that came first.
  public var createdBy: Int
  public var createdAt: Instant
  public var expiresAt: Instant
}

/// The datagrams from outside that the router's own stack has taken, as netfilter's table keeps them.
///
/// An outside endpoint that a remote has used this way cannot be given to an inside host towards the same remote: whose
/// answer would it be? A packet that comes first from outside thus changes the port of one that goes out later.
struct OwnFlows: Sendable {
  private struct Ends: Hashable, Sendable {
    var own: Endpoint
    var remote: Endpoint
  }

  /// A flood must not fill the memory.
  static let capacity = 4_096

  private var flows: [Ends: OwnFlow] = [:]
  /// The flows, and when each was to end when it came here; one that had another packet since will come here again.
  private var order: [(ends: Ends, expiry: Instant)] = []
  private var first = 0

  var count: Int { flows.count }

  /// Packet number `packet`, a datagram from `remote`, has come to `own`; it is remembered until `end`, which never comes
  /// before an earlier one's.
  mutating func note(_ own: Endpoint, from remote: Endpoint, packet: Int, at now: Instant, until end: Instant) {
    forget(by: now)
    let ends = Ends(own: own, remote: remote)
    if flows[ends] == nil {
      guard flows.count < Self.capacity else { return }
      order.append((ends, end))
    }
    flows[ends, default: OwnFlow(external: own, remote: remote, createdBy: packet, createdAt: now, expiresAt: end)]
      .expiresAt = end
  }

  func contains(_ own: Endpoint, towards remote: Endpoint, at now: Instant) -> Bool {
    !flows.isEmpty && find(own, towards: remote, at: now) != nil
  }

  /// The flow between the two, where there is one at `now`.
  func find(_ own: Endpoint, towards remote: Endpoint, at now: Instant) -> OwnFlow? {
    flows[Ends(own: own, remote: remote)].flatMap { $0.expiresAt > now ? $0 : nil }
  }

  /// The flows there are at `now`, in the order they began.
  func all(at now: Instant) -> [OwnFlow] {
    flows.values.filter { $0.expiresAt > now }
      .sorted { ($0.createdAt, $0.createdBy) < ($1.createdAt, $1.createdBy) }
  }

  mutating func removeAll() { self = OwnFlows() }

  private mutating func forget(by now: Instant) {
    while first < order.count {
      let (ends, listed) = order[first]
      let end = flows[ends]?.expiresAt ?? listed
      if end <= now {
        flows[ends] = nil
      } else if end != listed {
        order.append((ends, end))
      } else {
        break
      }
      first += 1
    }
    if first > Self.capacity {
      order.removeFirst(first)
      first = 0
    }
  }
}
