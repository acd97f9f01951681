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
  /// The flows, and when each was to end when it came here; one that had another packet since will come here again.
  private var order: [(flow: Flow, end: Instant)] = []
  private var first = 0

  var count: Int { ends.count }

  /// A datagram from `remote` has come to `own`; it is remembered until `end`, which never comes before an earlier one's.
  mutating func note(_ own: Endpoint, from remote: Endpoint, at now: Instant, until end: Instant) {
    forget(by: now)
    let flow = Flow(own: own, remote: remote)
    if ends[flow] == nil {
      guard ends.count < Self.capacity else { return }
      order.append((flow, end))
    }
    ends[flow] = end
  }

  func contains(_ own: Endpoint, towards remote: Endpoint, at now: Instant) -> Bool {
    guard !ends.isEmpty, let end = ends[Flow(own: own, remote: remote)] else { return false }
    return end > now
  }

  mutating func removeAll() { self = OwnFlows() }

  private mutating func forget(by now: Instant) {
    while first < order.count {
      let (flow, listed) = order[first]
      let end = ends[flow] ?? listed
      if end <= now {
        ends[flow] = nil
      } else if end != listed {
        order.append((flow, end))
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
