// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// When a request is sent again: after a wait that doubles each time, so many times, and how long the last one is waited
/// for.
public struct Retransmission: Hashable, Sendable {
  /// The wait after the first request (RTO).
  public var initial: Interval
  /// Requests at most (Rc).
  public var most: Int
  /// The wait after the last request.
  public var patience: Interval
  /// No wait before the last is longer; nil where there is no such limit.
  public var longest: Interval?

  public init(initial: Interval, most: Int, patience: Interval, longest: Interval? = nil) {
    self.initial = initial
    self.most = most
    self.patience = patience
    self.longest = longest
  }

  /// STUN over UDP: RTO 500 ms, Rc 7, Rm 16 (RFC 8489 §6.2.1).
  public static let stun = stun(rto: .milliseconds(500))
  /// NAT-PMP: nine attempts from 250 ms on, doubling (RFC 6886 §3.1).
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

/// A request that waits for its response: which one it is, and when to send it again.
public struct STUNTransaction: Hashable, Sendable {
  public let id: STUNMessage.TransactionID
  /// The bytes, the same each time (RFC 8489 §6.2.1).
  public let request: [UInt8]
  /// Where it is sent; a response comes from there.
  public let server: Endpoint
  public let schedule: Retransmission
  public private(set) var sent = 0
  /// When to do something next, if no response comes first.
  public private(set) var due: Instant

  /// A request that is to be sent for the first time at `now`: ``wake(at:)`` says so.
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

  /// What is to be done at `now`.
  public mutating func wake(at now: Instant) -> Step {
    guard now >= due else { return .wait(until: due) }
    guard sent < schedule.most else { return .timedOut }
    sent += 1
    due = now + schedule.wait(after: sent)
    return .send(request, to: server)
  }

  /// Sends nothing any more; a response may come for as long as one is waited for.
  public mutating func cancel(at now: Instant) {
    guard sent < schedule.most else { return }
    sent = schedule.most
    due = now + schedule.patience
  }

  /// Whether a message is the response to this request: the same transaction, and from where the request went
  /// (RFC 8489 §6.3, RFC 8445 §7.2.5.2.1).
  ///
  /// - Parameter anySource: Whether the response may come from elsewhere, as behaviour discovery asks for (RFC 5780 §7.2).
  public func isAnswered(by message: STUNMessage, from source: Endpoint, anySource: Bool = false) -> Bool {
    (message.kind == .success || message.kind == .error) && message.transaction == id
      && (anySource || source == server)
  }
}
