// SPDX-License-Identifier: GPL-3.0-or-later

import HeapModule
import NATModel

/// When programs want to be woken, ordered by time and, at one time, by when it was asked.
struct TimerQueue: Sendable {
  /// What a program wants to do when it wakes.
  enum Task: UInt8, Sendable {
    case register
    case talk
  }

  struct WakeUp: Comparable, Sendable {
    var due: Instant
    fileprivate var sequence: UInt32
    var user: Int32
    var task: Task

    static func < (left: WakeUp, right: WakeUp) -> Bool {
      left.due == right.due ? left.sequence < right.sequence : left.due < right.due
    }
  }

  private var heap = Heap<WakeUp>()
  private var sequence: UInt32 = 0

  /// The next one.
  var first: WakeUp? { heap.min }

  mutating func add(_ task: Task, of user: Int, at due: Instant) { heap.insert(make(task, user, due)) }

  /// Takes the next one out and puts another in, at once.
  mutating func replaceFirst(with task: Task, of user: Int, at due: Instant) {
    heap.replaceMin(with: make(task, user, due))
  }

  mutating func removeFirst() { _ = heap.popMin() }

  private mutating func make(_ task: Task, _ user: Int, _ due: Instant) -> WakeUp {
    sequence &+= 1
    return WakeUp(due: due, sequence: sequence, user: Int32(truncatingIfNeeded: user), task: task)
  }
}
