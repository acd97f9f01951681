// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// When a request is sent again: after a wait that doubles each time, a limited number of times, with a wait for the
/// last one.
public struct Retransmission: Hashable, Sendable {
  /// The wait after the first request (RTO).
  public var initial: Interval
  /// The most requests (Rc).
  public var most: Int
  /// The wait after the last request.
  public var patience: Interval
  /// The longest wait before the last; nil if there is no such limit.
  public var longest: Interval?

  public init(initial: Interval, most: Int, patience: Interval, longest: Interval? = nil) {
    self.initial = initial
    self.most = most
    self.patience = patience
    self.longest = longest
  }

  /// STUN over UDP: RTO 500 ms, Rc 7, Rm 16 (RFC 8489 §6.2.1).
  public static let stun = stun(rto: .milliseconds(500))
  /// NAT-PMP: nine attempts, starting at 250 ms and doubling (RFC 6886 §3.1).
  public static let natPMP = Retransmission(initial: .milliseconds(250), most: 9, patience: .seconds(64))

  /// STUN with another first wait, as ICE computes it (RFC 8445 §14.3).
  public static func stun(rto: Interval, rc: Int = 7, rm: Int64 = 16) -> Retransmission {
    Retransmission(initial: rto, most: rc, patience: Interval(microseconds: rto.microseconds &* rm))
  }

  /// How long to wait after the request number `sent`, counted from 1.
  public func wait(after sent: Int) -> Interval {
    if sent >= most { return patience }
    let doubled = Interval(microseconds: initial.microseconds << min(max(sent - 1, 0), 20))
    return longest.map { min($0, doubled) } ?? doubled
  }
}

/// A request that waits for its response: its identity, and when to send it again.
public struct STUNTransaction: Hashable, Sendable {
  public let id: STUNMessage.TransactionID
  /// The bytes, the same each time (RFC 8489 §6.2.1).
  public let request: [UInt8]
  /// Its destination, from which a response must come.
  public let server: Endpoint
  public let schedule: Retransmission
  public private(set) var sent = 0
  /// When to do something next, if no response comes first.
  public private(set) var due: Instant

  /// A request to be sent for the first time at `now`, by ``wake(at:)``.
  public init(
    _ id: STUNMessage.TransactionID, request: [UInt8], to server: Endpoint, at now: Instant,
    schedule: Retransmission = .stun
  ) {
    self.id = id
    self.request = request
    self.server = server
    self.schedule = schedule
    due = now
  }

  /// The first sending and each repetition, or the end.
  public enum Step: Hashable, Sendable {
    case send([UInt8], to: Endpoint)
    /// Not yet.
    case wait(until: Instant)
    /// Nobody has answered in time.
    case timedOut
  }

  /// The action at `now`.
  public mutating func wake(at now: Instant) -> Step {
    guard now >= due else { return .wait(until: due) }
    guard sent < schedule.most else { return .timedOut }
    sent += 1
    due = now + schedule.wait(after: sent)
    return .send(request, to: server)
  }

  /// Stops sending; a response may still come within the waiting time.
  public mutating func cancel(at now: Instant) {
    guard sent < schedule.most else { return }
    sent = schedule.most
    due = now + schedule.patience
  }

  /// Whether a message is the response to this request: the same transaction, and from the request's destination (RFC
  /// 8489 §6.3, RFC 8445 §7.2.5.2.1).
  ///
  /// - Parameter anySource: Whether the response may come from elsewhere, as behaviour discovery requests (RFC 5780
  ///   §7.2).
  public func isAnswered(by message: STUNMessage, from source: Endpoint, anySource: Bool = false) -> Bool {
    (message.kind == .success || message.kind == .error) && message.transaction == id
      && (anySource || source == server)
  }
}
