// SPDX-License-Identifier: GPL-3.0-or-later

/// A pair of endpoints kept by datagrams from outside that the router's own stack has taken.
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
/// An outside endpoint that a remote has used this way cannot be given to an inside host towards the same remote, since
/// nobody could tell whose an answer would be. A packet that comes first from outside thus changes the port of one that
/// goes out later.
struct OwnFlows: Sendable {
  private struct Ends: Hashable, Sendable {
    var own: Endpoint
    var remote: Endpoint
  }

  /// The limit, since a flood must not fill the memory.
  static let capacity = 4_096

  private var flows: [Ends: OwnFlow] = [:]
  /// The flows with their ends at the time when they were added; one that has had another packet since will be added
  /// again.
  private var order: [(ends: Ends, expiry: Instant)] = []
  private var first = 0

  var count: Int { flows.count }

  /// Notes that packet number `packet`, a datagram from `remote`, has come to `own`; it is remembered until `end`,
  /// which is never before an earlier one's.
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

  /// The flow between the two; nil if there is none at `now`.
  func find(_ own: Endpoint, towards remote: Endpoint, at now: Instant) -> OwnFlow? {
    flows[Ends(own: own, remote: remote)].flatMap { $0.expiresAt > now ? $0 : nil }
  }

  /// The existing flows at `now`, in the order they began.
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
