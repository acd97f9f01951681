// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A queue of due times: it hands out numbers for moments, and gives them back in order of time and, at one moment, in
/// the order in which they were requested.
///
/// A wheel of wheels. The lowest has a slot for each of 256 microseconds, the next one for each 256 of those, and so
/// on; a moment belongs to the wheel of its highest digit (to base 256) that differs from the present's. When the
/// present reaches a slot of a higher wheel, its contents move down, in order. So an entry costs the same however many
/// there are, at most one move for each wheel, where a heap costs their logarithm and as many cache misses; and since
/// slots are queues, the first to come is the first to go, without numbering.
package struct TimingWheel: Sendable {
  /// The entries of one slot, as a list.
  private struct Slot: Sendable {
    var first = TimingWheel.none
    var last = TimingWheel.none
    /// When its first entry is due, in microseconds.
    var earliest = Int64.max
  }

  private struct Entry: Sendable {
    var due: Int64
    /// The entry after it in its slot, or in the list of free ones.
    var next: Int32
  }

  private static let none: Int32 = -1
  private static let bitsOfDigit = 8
  private static let slotsOfWheel = 1 << bitsOfDigit
  private static let wordsOfWheel = slotsOfWheel / 64

  private var entries = PagedArray<Entry>()
  private var firstFree = none
  /// The slots of all wheels that have been needed, the lowest wheel first, and a bit for each that is not empty.
  private var slots = ContiguousArray<Slot>()
  private var occupied = ContiguousArray<UInt64>()
  /// A bit for each wheel that is not empty.
  private var wheels: UInt64 = 0
  /// The moment of the entry given back last; nothing is due before it.
  private var present: Int64 = 0

  package private(set) var count = 0
  /// How often an entry has been put into a slot since the beginning: a machine-independent measure of work.
  package private(set) var moves = 0

  package init() {}

  /// When the next entry is due; nil if there is none.
  package var nextDue: Instant? {
    firstSlot.map { Instant(microseconds: slots[$0].earliest) }
  }

  /// Hands out a number for `due`, a small one that is not in use; a moment in the past is due at once.
  package mutating func add(at due: Instant) -> Int {
    let due = max(due.microseconds, present)
    let number: Int32
    if firstFree != Self.none {
      number = firstFree
      firstFree = entries[Int(number)].next
      entries[Int(number)] = Entry(due: due, next: Self.none)
    } else {
      number = Int32(truncatingIfNeeded: entries.count)
      entries.append(Entry(due: due, next: Self.none))
    }
    place(number, due)
    count += 1
    return Int(number)
  }

  /// The number of the next entry, if that is due by `limit`; until it is removed, nothing that is due earlier may be
  /// added.
  @inline(__always)
  mutating func first(until limit: Instant) -> Int? {
    guard let found = firstSlot, slots[found].earliest <= limit.microseconds else { return nil }
    present = slots[found].earliest
    if found >= Self.slotsOfWheel { moveDown(found) }
    return Int(slots[Int(present) & (Self.slotsOfWheel - 1)].first)
  }

  /// Removes the next entry, if it is due by `limit`; its number may be handed out again.
  package mutating func next(until limit: Instant) -> (number: Int, due: Instant)? {
    guard let number = first(until: limit) else { return nil }
    let slot = Int(present) & (Self.slotsOfWheel - 1)
    let after = entries[number].next
    slots[slot].first = after
    if after == Self.none { empty(slot) }
    entries[number].next = firstFree
    firstFree = Int32(truncatingIfNeeded: number)
    count -= 1
    return (number, Instant(microseconds: present))
  }

  /// The numbers handed out and not given back, with their due times, the next first.
  package var pending: [(number: Int, due: Instant)] {
    var found: [(number: Int, due: Instant)] = []
    for slot in slots.indices where slots[slot].first != Self.none {
      var ofSlot: [(number: Int, due: Instant)] = []
      var number = slots[slot].first
      while number != Self.none {
        ofSlot.append((Int(number), Instant(microseconds: entries[Int(number)].due)))
        number = entries[Int(number)].next
      }
      // If the wheel is not the lowest, a slot contains several moments.
      let order = ofSlot.indices.sorted { (ofSlot[$0].due, $0) < (ofSlot[$1].due, $1) }
      found += order.map { ofSlot[$0] }
    }
    return found
  }

  /// The slot with the next entry: the first of the lowest wheel that is not empty.
  @inline(__always)
  private var firstSlot: Int? {
    guard wheels != 0 else { return nil }
    let wheel = wheels.trailingZeroBitCount
    for word in wheel * Self.wordsOfWheel..<(wheel + 1) * Self.wordsOfWheel where occupied[word] != 0 {
      return word << 6 | occupied[word].trailingZeroBitCount
    }
    return nil
  }

  /// Puts an entry at the end of its moment's slot, as seen from the present.
  @inline(__always)
  private mutating func place(_ number: Int32, _ due: Int64) {
    moves += 1
    let difference = UInt64(bitPattern: due ^ present)
    let wheel = (63 - (difference | 1).leadingZeroBitCount) / Self.bitsOfDigit
    let digit = Int(truncatingIfNeeded: due >> Int64(wheel * Self.bitsOfDigit)) & (Self.slotsOfWheel - 1)
    let index = wheel << Self.bitsOfDigit | digit
    while slots.count <= index {
      slots.append(contentsOf: repeatElement(Slot(), count: Self.slotsOfWheel))
      occupied.append(contentsOf: repeatElement(0, count: Self.wordsOfWheel))
    }
    var slot = slots[index]
    if slot.first == Self.none {
      slot.first = number
      occupied[index >> 6] |= 1 << UInt64(index & 63)
      wheels |= 1 << UInt64(wheel)
    } else {
      entries[Int(slot.last)].next = number
    }
    slot.last = number
    slot.earliest = min(slot.earliest, due)
    slots[index] = slot
  }

  /// Moves the entries of a higher wheel's slot, which the present has reached, to lower wheels, in order.
  private mutating func moveDown(_ index: Int) {
    var number = slots[index].first
    empty(index)
    while number != Self.none {
      let entry = entries[Int(number)]
      entries[Int(number)].next = Self.none
      place(number, entry.due)
      number = entry.next
    }
  }

  @inline(__always)
  private mutating func empty(_ index: Int) {
    slots[index] = Slot()
    occupied[index >> 6] &= ~(1 << UInt64(index & 63))
    let wheel = index >> Self.bitsOfDigit
    let words = wheel * Self.wordsOfWheel..<(wheel + 1) * Self.wordsOfWheel
    for word in words where occupied[word] != 0 { return }
    wheels &= ~(1 << UInt64(wheel))
  }
}
