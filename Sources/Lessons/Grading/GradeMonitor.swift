// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Stops a script that takes too much.
final class GradeMonitor: RunMonitor {
  private let budget: EventBudget
  private let deadline: Int
  private let clock: @Sendable () -> Int

  init(events: Int, until deadline: Int, clock: @escaping @Sendable () -> Int) {
    budget = EventBudget(events)
    self.deadline = deadline
    self.clock = clock
  }

  func progress(_ progress: RunProgress) -> Bool { budget.progress(progress) && clock() < deadline }

  /// Why the script must stop; nil if it may go on.
  var verdict: String? {
    if budget.isSpent { return "it moves more packets than a lesson takes" }
    return clock() >= deadline ? "it takes too long" : nil
  }
}
