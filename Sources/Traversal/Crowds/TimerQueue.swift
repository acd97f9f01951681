// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// When a crowd's users want to be woken, ordered by time and, at one time, by when it was asked.
struct TimerQueue: Sendable {
  /// What a user does then.
  enum Task: UInt32, Sendable {
    case introduce
    case talk
  }

  struct WakeUp: Sendable {
    var user: Int
    var task: Task
  }

  private var wakeUps = WakeUps()

  /// When the next one is due; ``Instant/never`` where there is none.
  var nextDue: Instant { wakeUps.nextDue }

  mutating func add(_ task: Task, of user: Int, at due: Instant) {
    wakeUps.add(UInt32(truncatingIfNeeded: user) << 1 | task.rawValue, at: due)
  }

  /// Takes the next one out.
  mutating func next() -> WakeUp? {
    guard let number = wakeUps.next(), let task = Task(rawValue: number & 1) else { return nil }
    return WakeUp(user: Int(number >> 1), task: task)
  }
}
