// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A packet on a link.
struct Flight: Sendable {
  var packet: Packet
  var number: Int
  /// The device that sent it onto the link.
  var from: DeviceID
  /// The device that handles it next.
  var to: DeviceID
  /// Whether it has reached only the switch between two neighbours, and the second link is still to be crossed.
  var isAtSwitch: Bool
}

/// The packets on their way, ordered by when they arrive and, at one time, by when they were put in.
struct EventQueue: Sendable {
  private var wheel = TimingWheel()
  /// The flights by their numbers in the wheel.
  private var flights = SegmentedArray<Flight>()

  var count: Int { wheel.count }
  /// How often the wheel has put an entry into a slot; see ``TimingWheel/moves``.
  var moves: Int { wheel.moves }
  /// When the next event is due.
  var nextDue: Instant? { wheel.nextDue }

  mutating func add(_ flight: Flight, at due: Instant) {
    let number = wheel.add(at: due)
    if number < flights.count { flights[number] = flight } else { flights.append(flight) }
  }

  /// Takes out the next event, if it is due by `limit`; its flight is to be fetched before anything is added.
  mutating func next(until limit: Instant) -> (number: Int, due: Instant)? { wheel.next(until: limit) }

  func flight(_ number: Int) -> Flight { flights[number] }

  /// All flights, the next one first.
  var pending: [(flight: Flight, due: Instant)] { wheel.pending.map { (flights[$0.number], $0.due) } }
}
