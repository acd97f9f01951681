// SPDX-License-Identifier: GPL-3.0-or-later

/// The datagrams from outside that the router's own stack has taken, as netfilter's table keeps them.
///
/// An outside endpoint that a remote has used this way cannot be given to an inside host towards the same remote: whose
/// answer would it be? A packet that comes first from outside thus changes the port of one that goes out later.
struct OwnFlows: Sendable {
  private struct Flow: Hashable, Sendable {
    var own: Endpoint
    var remote: Endpoint
  }

  /// A flood must not fill the memory.
  static let capacity = 4_096

  private var ends: [Flow: Instant] = [:]
  /// The flows in the order of their packets; one that had another packet since is further on again.
  private var order: [(flow: Flow, end: Instant)] = []
  private var first = 0

  var count: Int { ends.count }

  /// A datagram from `remote` has come to `own`; it is remembered until `end`, which never comes before an earlier one's.
  mutating func note(_ own: Endpoint, from remote: Endpoint, at now: Instant, until end: Instant) {
    forget(by: now)
    let flow = Flow(own: own, remote: remote)
    guard ends[flow] != nil || ends.count < Self.capacity else { return }
    ends[flow] = end
    order.append((flow, end))
  }

  func contains(_ own: Endpoint, towards remote: Endpoint, at now: Instant) -> Bool {
    guard !ends.isEmpty, let end = ends[Flow(own: own, remote: remote)] else { return false }
    return end > now
  }

  mutating func removeAll() { self = OwnFlows() }

  private mutating func forget(by now: Instant) {
    while first < order.count {
      let (flow, end) = order[first]
      let isStale = ends[flow] != end
      guard end <= now || isStale else { break }
      if !isStale { ends[flow] = nil }
      first += 1
    }
    if first > Self.capacity {
      order.removeFirst(first)
      first = 0
    }
  }
}
