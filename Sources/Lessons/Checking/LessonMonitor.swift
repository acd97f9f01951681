// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Synchronization
import Wording

/// Stops a lesson's commands that go on and on, or that the caller wants stopped.
final class LessonMonitor: RunMonitor {
  /// Why the commands were stopped.
  enum Verdict: Hashable, Sendable {
    case tooManyEvents(limit: Int)
    case tooLong(milliseconds: Int)
    /// From outside.
    case stopped

    var message: String {
      switch self {
      case .tooManyEvents(let limit):
        said("this goes on for too long for a lesson, which may move packets \(Count.grouped(limit)) times in all")
      case .tooLong(let milliseconds):
        said(
          "this goes on for too long for a lesson, which may take \(milliseconds / 1_000) s of processor time in all")
      case .stopped: said("this was stopped")
      }
    }
  }

  private struct State {
    var commands = 0
    var verdict: Verdict?
  }

  private let watch: LessonWatch
  private let work: RunProgress.Stage.Work
  private let budget: EventBudget
  private let began: Int
  private let state = Mutex(State())

  init(_ watch: LessonWatch, _ work: RunProgress.Stage.Work) {
    self.watch = watch
    self.work = work
    budget = EventBudget(watch.events)
    began = watch.clock?() ?? 0
  }

  var verdict: Verdict? { state.withLock(\.verdict) }

  /// Another command has been carried out.
  func countCommand() {
    state.withLock { $0.commands += 1 }
    _ = goesOn(work, 0)
  }

  func progress(_ progress: RunProgress) -> Bool {
    var told = progress
    let (done, known) = state.withLock { ($0.commands, $0.verdict) }
    guard known == nil else { return false }
    told.stage = RunProgress.Stage(work, done: done)
    var verdict: Verdict?
    if !budget.progress(progress) {
      verdict = .tooManyEvents(limit: watch.events)
    } else if let clock = watch.clock, clock() - began >= watch.milliseconds {
      verdict = .tooLong(milliseconds: watch.milliseconds)
    } else if watch.monitor?.progress(told) == false {
      verdict = .stopped
    }
    guard let verdict else { return true }
    state.withLock { $0.verdict = verdict }
    return false
  }
}
