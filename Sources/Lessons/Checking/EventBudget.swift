// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Synchronization

/// Stops runs that go on and on, by a limit on their events.
package final class EventBudget: RunMonitor {
  private struct State {
    var spent = 0
    /// Events of the current run so far.
    var current = 0
  }

  /// The events that replaying a lesson or a learner's script may take in all: several crowds of a thousand.
  package static let usual = 50_000_000

  private let limit: Int
  private let state = Mutex(State())

  package init(_ limit: Int = usual) {
    self.limit = limit
  }

  package var isSpent: Bool { state.withLock { $0.spent >= limit } }

  package func progress(_ progress: RunProgress) -> Bool {
    state.withLock { state in
      if progress.events < state.current { state.current = 0 }
      state.spent += progress.events - state.current
      state.current = progress.events
      return state.spent < limit
    }
  }
}
