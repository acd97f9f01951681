// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// Progress kept in memory alone.
final class ProgressMemory: Sendable {
  private let kept = Mutex(Progress())

  var progress: Progress { kept.withLock { $0 } }

  func apply(_ event: ProgressEvent) { kept.withLock { $0.apply(event) } }
}
