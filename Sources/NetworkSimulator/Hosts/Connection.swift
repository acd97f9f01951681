// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The key of the connection, on a host, to which a segment belongs.
struct ConnectionKey: Hashable, Sendable {
  var local: Endpoint
  var remote: Endpoint
}

/// One end of a TCP connection (RFC 9293 §3.3.2), without what is needed only for retransmission: see ``Retransmission``.
struct Connection: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case synSent
    case synReceived
    case established
    /// Our FIN is out; the other side's has not come.
    case finWait
    /// Both FINs are out; the last acknowledgement has not come.
    case lastAck
    /// This end closed first, and remembers the connection in case old segments of it come (RFC 9293 §3.6.1).
    case timeWait
  }

  var state: State
  /// The sequence numbers of the next byte to send and to receive.
  var sendNext: UInt32
  var receiveNext: UInt32
  /// When a connection in ``State/timeWait`` is forgotten.
  var until = Instant.never
  /// The longest segment that the other side takes; without a word from it, what every host takes (RFC 9293 §3.7.1).
  var largestSegment: UInt16 = 536
}
