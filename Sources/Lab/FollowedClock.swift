// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Shell

/// The simulated time that belongs to the machine's: both pass equally fast. A command may move the simulation ahead
/// (`wait 5m`) or begin it anew; time then goes on from there.
struct FollowedClock {
  private var simulated = Instant.zero
  private var real: UInt64 = 0
  /// The simulated time when it was last looked at.
  private var last = Instant.zero

  mutating func begin(at instant: Instant) {
    simulated = instant
    last = instant
    real = RealTime.nanoseconds
  }

  /// Now, for a simulation whose clock shows `shown`.
  mutating func now(_ shown: Instant) -> Instant {
    // Somebody else has moved it.
    if shown != last { begin(at: shown) }
    return simulated + Interval(microseconds: Int64((RealTime.nanoseconds - real) / 1_000))
  }

  /// Notes what the simulation's clock shows after it was moved to now.
  mutating func note(_ shown: Instant) { last = shown }

  /// How long it takes until `due`, at least nothing.
  func nanoseconds(until due: Instant) -> Int64 {
    let (span, overflow) = (due - simulated).microseconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow else { return .max }
    return max(0, span - Int64(RealTime.nanoseconds - real))
  }
}
