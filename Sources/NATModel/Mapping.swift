// SPDX-License-Identifier: GPL-3.0-or-later

/// A row of the translation table, as anyone outside the NAT sees it.
public struct Mapping: Hashable, Sendable {
  /// Counted from 1 in each NAT, never used again.
  public var id: Int
  public var transport: TransportProtocol
  /// The inside endpoint.
  public var `internal`: Endpoint
  /// The outside endpoint; without translation the same as ``internal``.
  public var external: Endpoint
  /// The remote to which it is bound, according to the mapping behaviour when it was made.
  public var remote: Remote?
  /// The senders that filtering admits at the moment.
  public var permitted: Permitted
  public var isStatic: Bool
  /// Whether the row is a firewall's memory of a flow that is not translated.
  public var isUntranslated: Bool
  /// A TCP mapping's state, the liveliest if it has several connections: `syn-sent`, `simultaneous-open`,
  /// `syn-received`, `established`, `fin-wait`, `close-wait`, `last-ack`, `time-wait`, `closed`; `mid-stream` if the
  /// start went unseen. `expected`, for any protocol, is a flow that a text has announced and that has not begun.
  public var state: String?
  /// When it times out or timed out; nil for a static mapping that nobody has asked for.
  public var expiresAt: Instant?
  /// The packet that made it; nil for a static mapping.
  public var createdBy: Int?
  public var packetsOut: Int
  public var packetsIn: Int
  /// Whether a packet from outside began the flow, by a static mapping that acts as a rule
  /// (``FlowTracking/connections``).
  public var isForwarded = false
  /// Its end, cause and time; nil while it exists.
  public var end: End?

  /// The end of a mapping.
  public struct End: Hashable, Sendable {
    public var cause: Cause
    public var time: Instant

    public init(_ cause: Cause, at time: Instant) {
      self.cause = cause
      self.time = time
    }
  }

  /// The causes of a mapping's end.
  public enum Cause: Hashable, Sendable {
    case timedOut
    /// A reset, the packet of that number, was the only answer to a request.
    case reset(packet: Int)
    /// A new connection between the same ends, which that packet asked for, is another flow.
    case reopened(packet: Int)
    /// The static mapping was removed.
    case unforwarded
    /// The inside host gave it up, which had asked for it.
    case released
    /// A static mapping of its inside endpoint, or the flow that it expected, took its place.
    case replaced
    /// Its outside address no longer belongs to the router.
    case addressRemoved
    /// A setting that empties the table was changed.
    case emptied
  }

  /// The destination that a mapping is bound to.
  public enum Remote: Hashable, Sendable {
    case address(IPAddress)
    case endpoint(Endpoint)
  }

  /// Whose packets a filter lets in.
  public enum Permitted: Hashable, Sendable {
    case anyone
    case addresses([IPAddress])
    case endpoints([Endpoint])
  }

  /// Whether the mapping has timed out at `now`: a mapping lives up to, not including, its last instant.
  public func isExpired(at now: Instant) -> Bool {
    guard let expiresAt else { return false }
    return now >= expiresAt
  }
}
