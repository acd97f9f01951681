// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A program that runs on a host: a value, which the network copies as it copies everything else.
///
/// A program knows its own parameters and whatever packets have brought it. It acts only through the ``ProgramContext``
/// that it is handed, so it can be tested without a network.
///
///     struct Echo: HostProgram {
///       let port: UInt16?
///       var name: String { "echo" }
///       var state: String { "serving" }
///       mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.udp, port) }
///       mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
///         if case .datagram(let payload) = delivery.content { host.send(payload, from: delivery.local, to:
/// delivery.remote) }
///       }
///     }
public protocol HostProgram: Sendable {
  /// Its name in the list of programs and in events: `stun-server`.
  var name: String { get }
  /// The port by which it is known.
  var port: UInt16? { get }
  /// One word for its activity: `serving`, `waiting`, `done`, `failed`.
  var state: String { get }
  /// What it has passed on for others; nil for a program that passes nothing on.
  var carried: CarriedTraffic? { get }

  /// Begins: opens its ports, sets its timers, sends its first packets.
  mutating func start(_ host: inout ProgramContext) throws(HostError)
  /// Handles a delivery to one of its ports.
  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext)
  /// One of its timers has run out.
  mutating func wake(_ timer: Int, _ host: inout ProgramContext)
  /// It is being ended; its ports are closed automatically.
  mutating func stop(_ host: inout ProgramContext)
  /// Whether a host on which nobody owns the port would begin this program to handle `delivery`; used for a program
  /// that stands by (``Network/standby``).
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
  /// Bytes in each direction over its host's link.
  public struct Bytes: Hashable, Sendable {
    public var incoming: Int64
    public var outgoing: Int64

    public init(incoming: Int64, outgoing: Int64) {
      self.incoming = incoming
      self.outgoing = outgoing
    }

    public static let zero = Bytes(incoming: 0, outgoing: 0)
  }

  /// All that crossed the link for it.
  public var total: Bytes
  /// The part that flowed as streams of data, and for how long in all, without the pauses: what a rate is measured by.
  public var streamed: Bytes
  public var streamedFor: Interval

  public init(total: Bytes, streamed: Bytes, streamedFor: Interval) {
    self.total = total
    self.streamed = streamed
    self.streamedFor = streamedFor
  }
}

/// Whether `run` waits for a timer.
public enum TimerUrgency: Hashable, Sendable {
  /// A retransmission, pacing, a deadline: `run` goes on until it has run out.
  case pressing
  /// A keepalive, a refresh, an expiry: it runs out when time passes, and `run` does not wait for it.
  case standing
}
