// SPDX-License-Identifier: GPL-3.0-or-later

import HeapModule
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
  var due: Instant
}

/// What is due, ordered by time and, at one time, by when it was put in.
struct EventQueue: Sendable {
  private struct Event: Comparable, Sendable {
    var due: Instant
    var sequence: UInt64
    var slot: Int32

    static func < (left: Event, right: Event) -> Bool {
      (left.due, left.sequence) < (right.due, right.sequence)
    }
  }

  private var heap = Heap<Event>()
  private var flights = SegmentedArray<Flight?>()
  private var freeSlots: [Int32] = []
  private var nextSequence: UInt64 = 0

  var count: Int { heap.count }
  /// When the next event is due.
  var nextDue: Instant? { heap.min?.due }

  mutating func add(_ flight: Flight) {
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
      flights[Int(slot)] = flight
    } else {
      slot = Int32(flights.count)
      flights.append(flight)
    }
    heap.insert(Event(due: flight.due, sequence: nextSequence, slot: slot))
    nextSequence += 1
  }

  /// Takes out the next event, if it is due by `limit`.
  mutating func next(until limit: Instant) -> Flight? {
    guard let first = heap.min, first.due <= limit else { return nil }
    guard let event = heap.popMin(), let flight = flights[Int(event.slot)].take() else { return nil }
    freeSlots.append(event.slot)
    return flight
  }

  /// All flights, the next one first.
  var pending: [Flight] {
    heap.unordered.sorted().compactMap { flights[Int($0.slot)] }
  }
}
