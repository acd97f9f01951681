// SPDX-License-Identifier: GPL-3.0-or-later

/// The NAT's view of one TCP connection, in one byte (RFC 7857 §2, RFC 9293 §3.3.2).
///
/// The NAT is not an end of the connection: it follows the flags that pass, whichever side sends them, and never
/// sequence numbers. The words describe the connection as a whole, not one of its ends.
struct ConnectionState: Hashable, Sendable {
  enum Phase: UInt8, Sendable {
    /// No segment yet.
    case none
    /// Segments from the middle of a connection whose start went unseen, so far from only one side.
    case midStream
    /// One side has asked.
    case synSent
    /// Both sides have asked and neither has been answered (RFC 9293 §3.5: simultaneous open).
    case simultaneousOpen
    /// A request has been answered; the answer is not acknowledged yet.
    case synReceived
    case established
    /// One side has finished.
    case finWait
    /// One side has finished, and the other side knows.
    case closeWait
    /// Both sides have finished; the last acknowledgement is still to come.
    case lastAck
    /// Both sides have finished, and know it.
    case timeWait
    /// Somebody broke off.
    case closed
  }

  /// The phase in the low bits, then the side that it is about, then whether a reset ended an open connection.
  private(set) var bits: UInt8

  /// The state that was kept as ``bits``.
  init(bits: UInt8) { self.bits = bits }

  private static let phaseBits: UInt8 = 0x0F
  /// The phase is about the outside: the side that asked, whose acknowledgement opens, that finished first, or that has
  /// yet to acknowledge.
  private static let isOutside: UInt8 = 0x80
  /// The connection was open when it was reset.
  private static let wasOpen: UInt8 = 0x40

  init(_ phase: Phase = .none) { bits = phase.rawValue }

  var phase: Phase { Phase(rawValue: bits & Self.phaseBits) ?? .none }

  /// Whether the phase is ``Phase/established``.
  @inline(__always) var isEstablished: Bool { bits & Self.phaseBits == Phase.established.rawValue }

  /// The side that the phase is about.
  var actor: Side { bits & Self.isOutside == 0 ? .inside : .outside }

  /// Whether a reset ended an open connection.
  var wasBroken: Bool { phase == .closed && bits & Self.wasOpen != 0 }

  private mutating func enter(_ phase: Phase, outside: Bool = false) {
    bits = phase.rawValue | (outside ? Self.isOutside : 0)
  }

  /// Both sides have agreed to talk, and not both have finished: a side that has finished may still receive for a long
  /// time.
  var isOpen: Bool {
    switch phase {
    case .established, .finWait, .closeWait: true
    default: false
    }
  }

  /// Among several connections, the one whose phase comes last here stands for all.
  var liveliness: Int {
    let order: [Phase] = [
      .none, .closed, .timeWait, .lastAck, .midStream, .synSent, .simultaneousOpen, .synReceived, .closeWait, .finWait,
      .established,
    ]
    return order.firstIndex(of: phase) ?? 0
  }

  /// The word for it in tables; nil before any segment.
  var name: String? {
    switch phase {
    case .none: nil
    case .midStream: "mid-stream"
    case .synSent: "syn-sent"
    case .simultaneousOpen: "simultaneous-open"
    case .synReceived: "syn-received"
    case .established: "established"
    case .finWait: "fin-wait"
    case .closeWait: "close-wait"
    case .lastAck: "last-ack"
    case .timeWait: "time-wait"
    case .closed: "closed"
    }
  }

  /// The lifetime of a mapping with only this connection.
  var lifetimeClass: LifetimeClass {
    switch phase {
    case .none: .tcpTransitory
    case .midStream: .tcpUnacknowledged
    case .synSent, .simultaneousOpen: .tcpSynSent
    case .synReceived: .tcpSynReceived
    case .established: .tcpEstablished
    case .finWait: .tcpFinWait
    case .closeWait: .tcpCloseWait
    case .lastAck: .tcpLastAck
    case .timeWait: .tcpTimeWait
    case .closed: .tcpClosed
    }
  }

  /// Updates the state for a segment with `flags`.
  mutating func see(_ flags: TCPFlags, outbound: Bool) {
    if flags.contains(.rst) {
      let broke = isOpen || wasBroken
      enter(.closed)
      if broke { bits |= Self.wasOpen }
    } else if flags.contains(.syn) {
      if flags.contains(.ack) { seeAnswer(fromOutside: !outbound) } else { seeRequest(fromOutside: !outbound) }
    } else if flags.contains(.fin) {
      seeEnd(fromOutside: !outbound)
    } else {
      seeData(fromOutside: !outbound)
    }
  }

  private func isAbout(outside: Bool) -> Bool { (bits & Self.isOutside != 0) == outside }

  /// A SYN without an acknowledgement.
  private mutating func seeRequest(fromOutside: Bool) {
    switch phase {
    case .synSent where !isAbout(outside: fromOutside): enter(.simultaneousOpen)
    // A repetition; or, in an open connection, a segment that its ends would ignore (RFC 5961 §4).
    case .synSent, .simultaneousOpen, .synReceived, .established: break
    // A new connection between the same endpoints starts over.
    case .none, .midStream, .finWait, .closeWait, .lastAck, .timeWait, .closed: enter(.synSent, outside: fromOutside)
    }
  }

  /// A SYN that acknowledges the other side's SYN.
  private mutating func seeAnswer(fromOutside: Bool) {
    switch phase {
    case .none, .midStream, .simultaneousOpen, .closed: enter(.synReceived, outside: !fromOutside)
    case .synSent where !isAbout(outside: fromOutside): enter(.synReceived, outside: !fromOutside)
    // Both opened at once, and now both have answered.
    case .synReceived where isAbout(outside: fromOutside): enter(.established)
    default: break
    }
  }

  private mutating func seeData(fromOutside: Bool) {
    switch phase {
    case .none: enter(.midStream, outside: fromOutside)
    case .midStream where !isAbout(outside: fromOutside): enter(.established)
    case .synReceived where isAbout(outside: fromOutside): enter(.established)
    case .finWait where !isAbout(outside: fromOutside): enter(.closeWait, outside: !fromOutside)
    case .lastAck where isAbout(outside: fromOutside): enter(.timeWait)
    // The reset was not theirs: they go on (RFC 7857 §2, RFC 6146 §3.5.2.2).
    case .closed where wasBroken: enter(.established)
    default: break
    }
  }

  private mutating func seeEnd(fromOutside: Bool) {
    switch phase {
    case .none: enter(.midStream, outside: fromOutside)
    case .midStream where isAbout(outside: fromOutside): break
    case .midStream, .synReceived, .established: enter(.finWait, outside: fromOutside)
    // The side that finished first has to send the last acknowledgement.
    case .finWait where !isAbout(outside: fromOutside): enter(.lastAck, outside: !fromOutside)
    case .closeWait where !isAbout(outside: fromOutside): enter(.lastAck, outside: !fromOutside)
    default: break
    }
  }
}
