// SPDX-License-Identifier: GPL-3.0-or-later

/// Lifetimes of a TCP mapping's single states, for a NAT that has them, as netfilter does.
///
/// A state without its own follows the two lifetimes of RFC 5382 REQ-5: a connection that one side has finished is
/// still established (RFC 7857 §2); one that is opening, or that both sides have finished, or that was reset, is
/// transitory.
public struct TCPStateLifetimes: Hashable, Sendable {
  /// One side has asked, or both at once.
  public var synSent: Interval?
  /// The request is answered, the answer not yet acknowledged.
  public var synReceived: Interval?
  /// One side has finished.
  public var finWait: Interval?
  /// One side has finished, and the other has acknowledged it.
  public var closeWait: Interval?
  /// Both sides have finished.
  public var lastAck: Interval?
  /// Both sides have finished and acknowledged.
  public var timeWait: Interval?
  /// Somebody broke off.
  public var closed: Interval?
  /// Open, but the last segment of one side is not acknowledged; or the start went unseen, and so far only one side has
  /// spoken (`nf_conntrack_tcp_timeout_unacknowledged`).
  public var unacknowledged: Interval?

  public init() {}

  /// Gives one transitory lifetime to every state that has been transitory here.
  public mutating func setTransitory(_ lifetime: Interval) {
    let closesWithFirst = finWait != nil
    self = TCPStateLifetimes()
    if closesWithFirst {
      finWait = lifetime
      closeWait = lifetime
    }
  }

  /// The lifetime of an opening connection, in all its states (RFC 7857 §2.1).
  public mutating func setOpening(_ lifetime: Interval) {
    synSent = lifetime
    synReceived = lifetime
  }

  /// The lifetime of a connection that is closing or was reset (RFC 7857 §2.1); for one that a single side has finished
  /// only if this NAT counts that as closing.
  public mutating func setClosing(_ lifetime: Interval) {
    lastAck = lifetime
    timeWait = lifetime
    closed = lifetime
    if finWait != nil { finWait = lifetime }
    if closeWait != nil { closeWait = lifetime }
  }
}
