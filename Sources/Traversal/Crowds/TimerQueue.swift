// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// When a crowd's users want to be woken, ordered by time and, at one time, by the order of the requests.
struct TimerQueue: Sendable {
  /// The user's task at that time.
  enum Task: UInt32, Sendable {
    case introduce
    case talk
  }

  struct WakeUp: Sendable {
    var user: Int
    var task: Task
  }

  private var wakeUps = WakeUps()

  /// When the next one is due; ``Instant/never`` if there is none.
  var nextDue: Instant { wakeUps.nextDue }

  mutating func add(_ task: Task, of user: Int, at due: Instant) {
    wakeUps.add(UInt32(truncatingIfNeeded: user) << 1 | task.rawValue, at: due)
  }

  /// Removes the next one.
  mutating func next() -> WakeUp? {
    guard let number = wakeUps.next(), let task = Task(rawValue: number & 1) else { return nil }
    return WakeUp(user: Int(number >> 1), task: task)
  }
}
