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
  /// What it has passed on for others; nil for a program that passes nothing on.
  var carried: CarriedTraffic? { get }

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
  public var carried: CarriedTraffic? { nil }
  public mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {}
  public mutating func wake(_ timer: Int, _ host: inout ProgramContext) {}
  public mutating func stop(_ host: inout ProgramContext) {}
  public func answers(_ delivery: Delivery) -> Bool { false }
}

/// What a program has passed on between others, counted in payload.
public struct CarriedTraffic: Hashable, Sendable {
  /// Bytes that crossed its host's link for it, in and out.
  public var incomingBytes: Int64
  public var outgoingBytes: Int64
  /// When it did so first, and last.
  public var first: Instant
  public var last: Instant

  public init(incomingBytes: Int64, outgoingBytes: Int64, first: Instant, last: Instant) {
    self.incomingBytes = incomingBytes
    self.outgoingBytes = outgoingBytes
    self.first = first
    self.last = last
  }
}

/// Whether `run` waits for a timer.
public enum TimerUrgency: Hashable, Sendable {
  /// A retransmission, pacing, a deadline: `run` goes on until it has run out.
  case pressing
  /// A keepalive, a refresh, an expiry: it runs out when time passes, and `run` does not wait for it.
  case standing
}
