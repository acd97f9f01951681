// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The key of the connection, on a host, to which a segment belongs.
struct ConnectionKey: Hashable, Sendable {
  var local: Endpoint
  var remote: Endpoint
}

/// One end of a TCP connection (RFC 9293 §3.3.2), without the parts needed only for retransmission.
struct Connection: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case synSent
    case synReceived
    case established
    /// Our FIN is out; the other side's has not come.
    case finWait
    /// Both FINs are out; the last acknowledgement has not come.
    case lastAck
  }

  var state: State
  /// The sequence numbers of the next byte to send and to receive.
  var sendNext: UInt32
  var receiveNext: UInt32
}
