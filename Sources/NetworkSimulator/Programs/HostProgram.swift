// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A program that runs on a host: a value, which the network copies as it copies everything else.
///
/// A program knows what it was made with and what packets have brought it. Whatever it does, it does through the
/// ``ProgramContext`` that it is handed, so it can be tried without a network.
///
///     struct Echo: HostProgram {
///       let port: UInt16?
///       var name: String { "echo" }
///       var state: String { "serving" }
///       mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.udp, port) }
///       mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
///         if case .datagram(let payload) = delivery.content { host.send(payload, from: delivery.local, to: delivery.remote) }
///       }
///     }
public protocol HostProgram: Sendable {
  /// What the list of programs and the events call it: `stun-server`.
  var name: String { get }
  /// The port that it is known by.
  var port: UInt16? { get }
  /// One word for what it is doing: `serving`, `waiting`, `done`, `failed`.
  var state: String { get }

  /// Begins: opens its ports, sets its timers, sends its first packets.
  mutating func start(_ host: inout ProgramContext) throws(HostError)
  /// Takes what has come to one of its ports.
  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext)
  /// A timer that it has set has run out.
  mutating func wake(_ timer: Int, _ host: inout ProgramContext)
  /// It is being ended; its ports close by themselves.
  mutating func stop(_ host: inout ProgramContext)
  /// Whether a host on which nobody owns the port would begin this program to take `delivery`; asked of a program that
  /// stands by (``Network/standby``).
  func answers(_ delivery: Delivery) -> Bool
}

extension HostProgram {
  public mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {}
  public mutating func wake(_ timer: Int, _ host: inout ProgramContext) {}
  public mutating func stop(_ host: inout ProgramContext) {}
  public func answers(_ delivery: Delivery) -> Bool { false }
}

/// Whether `run` waits for a timer.
public enum TimerUrgency: Hashable, Sendable {
  /// A retransmission, pacing, a deadline: `run` goes on until it has run out.
  case pressing
  /// A keepalive, a refresh, an expiry: it runs out when time passes, and `run` does not wait for it.
  case standing
}
