// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The watch over a lesson's own commands from outside, and their limits.
package struct LessonWatch: Sendable {
  /// Milliseconds of processor time that this program has taken, by the outer layer's clock; nil if nobody counts it.
  package var clock: (@Sendable () -> Int)?
  /// Is told of the commands' progress, and may stop them.
  package var monitor: (any RunMonitor)?
  /// The events that they may take in all.
  package var events = EventBudget.usual
  /// The milliseconds that they may take in all.
  package var milliseconds = 60_000

  package init(clock: (@Sendable () -> Int)? = nil, monitor: (any RunMonitor)? = nil) {
    self.clock = clock
    self.monitor = monitor
  }

  /// Watches over the commands of one lesson, or of one step.
  func monitor(of work: RunProgress.Stage.Work) -> LessonMonitor { LessonMonitor(self, work) }
}
