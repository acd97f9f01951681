// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The routers that may have timed-out mappings, so that nobody asks all of them every time.
///
/// A router has an alarm for when its next mapping times out, or earlier. It comes too early if the mapping has been
/// refreshed in the meantime; then there is nothing to report, and the next alarm is set.
struct RouterAlarms: Sendable {
  private var wheel = TimingWheel()
  /// The routers' slots by the alarms' numbers in the wheel.
  private var slots = PagedArray<Int32>()

  var count: Int { wheel.count }

  mutating func add(_ slot: Int, at due: Instant) {
    let number = wheel.add(at: due)
    let slot = Int32(truncatingIfNeeded: slot)
    if number < slots.count { slots[number] = slot } else { slots.append(slot) }
  }

  /// Removes the next alarm due by `now`: the router's slot, and the alarm's time.
  mutating func next(until now: Instant) -> (slot: Int, due: Instant)? {
    guard let (number, due) = wheel.next(until: now) else { return nil }
    return (Int(slots[number]), due)
  }
}

extension Network {
  /// Makes sure that router `slot` is asked when its next mapping times out.
  mutating func setAlarm(_ slot: Int) {
    let due = routers[slot].nat.nextExpiry
    guard due < routers[slot].alarm else { return }
    routers[slot].alarm = due
    alarms.add(slot, at: due)
  }
}
