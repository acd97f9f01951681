// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// When programs want to be woken, ordered by time and, at one time, by when it was asked.
struct TimerQueue: Sendable {
  /// What a program wants to do when it wakes.
  enum Task: UInt8, Sendable {
    case register
    case talk
  }

  struct WakeUp: Sendable {
    var user: Int32
    var task: Task
  }

  private var wheel = TimingWheel()
  /// By their numbers in the wheel.
  private var wakeUps: [WakeUp] = []

  /// When the next one is due; nil when there is none.
  var nextDue: Instant? { wheel.nextDue }

  mutating func add(_ task: Task, of user: Int, at due: Instant) {
    let number = wheel.add(at: due)
    let wakeUp = WakeUp(user: Int32(truncatingIfNeeded: user), task: task)
    if number < wakeUps.count { wakeUps[number] = wakeUp } else { wakeUps.append(wakeUp) }
  }

  /// Takes the next one out.
  mutating func next() -> WakeUp? {
    wheel.next(until: .never).map { wakeUps[$0.number] }
  }
}
