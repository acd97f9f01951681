// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// How two peers try to make a hole.
struct PunchOptions: Hashable, Sendable {
  var transport = TransportProtocol.udp
  /// How long after it has learned of the other this one begins to send.
  var wait = Interval.zero
  /// Whether its first packet is to die behind its own router, so that the other's does not see it.
  var beginsWithLowTTL = false
  /// How many ports beyond the one it was told it tries as well.
  var predictedPorts = 0

  /// How many ports each of them opens for a birthday attack; 0 if there is none.
  var birthdayPorts = 0

  /// The most ports that a birthday attack opens, and that it guesses, a hundred a second.
  static let mostBirthdayPorts = 2_048
  static let guessInterval = Interval.milliseconds(10)

  /// How often it sends before it gives up: in a birthday attack once from every port, then to each guess, and then it
  /// goes on listening for as long as any other does.
  var mostRounds: Int { birthdayPorts == 0 ? Self.mostProbes : 1 + Self.mostBirthdayPorts + Self.mostProbes }

  /// The interval between its probes while it has not got through, and their number.
  static let interval = Interval.milliseconds(500)
  static let mostProbes = 10
  /// Retransmission of messages to the server (RFC 8489 §6.2.1 uses the same).
  static let mostRegistrations = 7
  /// Enough for one's own router and the next, too little for the other's (RFC 5128 §3.3 attributes the idea to
  /// others).
  static let lowTTL: UInt8 = 2
  /// The interval that keeps an open hole open (RFC 4787 REQ-5: no UDP mapping ends before two minutes).
  static let keepalive = Interval.seconds(15)
}
