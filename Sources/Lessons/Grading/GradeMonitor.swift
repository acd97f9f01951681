// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Synchronization
import Wording

/// Stops a script that takes too much, or that whoever waits for it stops.
final class GradeMonitor: RunMonitor {
  private let budget: EventBudget
  private let deadline: Int
  private let clock: @Sendable () -> Int
  private let file: String
  private let outer: (any RunMonitor)?
  private let state = Mutex(State())

  private struct State {
    var commands = 0
    var wasStopped = false
  }

  init(
    of file: String, events: Int, until deadline: Int, clock: @escaping @Sendable () -> Int,
    watchedBy outer: (any RunMonitor)?
  ) {
    budget = EventBudget(events)
    self.deadline = deadline
    self.clock = clock
    self.file = file
    self.outer = outer
  }

  /// Whether it was stopped from outside.
  var wasStopped: Bool { state.withLock(\.wasStopped) }

  func progress(_ progress: RunProgress) -> Bool { asksOutside() && budget.progress(progress) && clock() < deadline }

  /// Another command begins.
  func countCommand() {
    state.withLock { $0.commands += 1 }
    _ = asksOutside()
  }

  private func asksOutside() -> Bool {
    guard let outer else { return true }
    let (commands, wasStopped) = state.withLock { ($0.commands, $0.wasStopped) }
    guard !wasStopped else { return false }
    let goesOn = outer.goesOn(.grading(file: file), commands)
    if !goesOn { state.withLock { $0.wasStopped = true } }
    return goesOn
  }

  /// Why the script must stop; nil if it may go on.
  var verdict: String? {
    if wasStopped { return said("this was stopped") }
    if budget.isSpent { return said("it moves more packets than a lesson takes") }
    return clock() >= deadline ? said("it takes too long") : nil
  }
}
