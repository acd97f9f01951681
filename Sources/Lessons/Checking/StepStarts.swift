// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Synchronization

/// The networks that a lesson's steps start from: all earlier setups and solutions, then the step's own setup.
package struct StepStarts: Sendable {
  /// A step's start and its end, as far as anybody has asked.
  private struct Known {
    var starts: [Rehearsal] = []
    /// The problems in the lesson on the way to each start.
    var problems: [[LessonProblem]] = []
    /// The state after each step's solution, with its failures.
    var solved: [(end: Rehearsal, failures: [Rehearsal.Failure])] = []
  }

  /// What is known is the same for everybody who asks, so the copies of a tutor share it: a copy of their own at each
  /// step would make a lesson's cost grow with the square of its steps.
  private final class Memory: Sendable {
    private let known = Mutex(Known())

    /// Works with what is known; whoever asks meanwhile begins from nothing, and what reaches further is kept.
    func withKnown<Result>(_ body: (inout Known) -> Result) -> Result {
      var mine = known.withLock { shared in
        defer { shared = Known() }
        return shared
      }
      let result = body(&mine)
      known.withLock { [mine] shared in
        if shared.starts.count + shared.solved.count < mine.starts.count + mine.solved.count { shared = mine }
      }
      return result
    }
  }

  private let lesson: Lesson
  private let catalog: Catalog
  private let memory = Memory()
  /// The monitor that may stop them.
  var watchedBy: (any RunMonitor)?
  /// Whether they were stopped the last time.
  private(set) var wasStopped = false

  package init(of lesson: Lesson, catalog: Catalog) {
    self.lesson = lesson
    self.catalog = catalog
  }

  /// The start of the step at `index`, and the problems in the lesson on the way there.
  ///
  /// If it is stopped, nothing is remembered of the step at which that happened.
  package mutating func start(ofStep index: Int) -> (start: Rehearsal, problems: [LessonProblem]) {
    wasStopped = false
    let monitor = LessonWatch(monitor: watchedBy).monitor(of: .beginningStep)
    let answer = memory.withKnown { known in start(ofStep: index, &known, monitor) }
    wasStopped = monitor.verdict == .stopped
    return answer
  }

  /// The state after the solution of the step at `index`.
  package mutating func end(ofStep index: Int) -> Rehearsal {
    let monitor = LessonWatch(monitor: watchedBy).monitor(of: .beginningStep)
    let end = memory.withKnown { known in
      _ = start(ofStep: index, &known, monitor)
      return solve(index, &known, monitor).end
    }
    wasStopped = monitor.verdict == .stopped
    return end
  }

  private func start(
    ofStep index: Int, _ known: inout Known, _ monitor: LessonMonitor
  ) -> (start: Rehearsal, problems: [LessonProblem]) {
    while known.starts.count <= index {
      let next = known.starts.count
      var problems: [LessonProblem] = []
      func report(_ failures: [Rehearsal.Failure]) {
        problems += failures.map { LessonProblem(file: lesson.file, line: $0.line, message: $0.message) }
      }
      var rehearsal = Rehearsal(catalog: catalog, monitor: monitor, of: lesson)
      if next > 0 {
        let before = solve(next - 1, &known, monitor)
        rehearsal = before.end
        report(before.failures)
      }
      rehearsal.watch(by: monitor)
      report(rehearsal.run(lesson.steps[next].setup))
      rehearsal.beginStep()
      if monitor.verdict == .stopped { return (rehearsal, problems) }
      known.starts.append(rehearsal)
      known.problems.append(problems)
    }
    return (known.starts[index], known.problems[index])
  }

  /// Solves steps whose starts are known in their order, each once.
  private func solve(
    _ index: Int, _ known: inout Known, _ monitor: LessonMonitor
  ) -> (end: Rehearsal, failures: [Rehearsal.Failure]) {
    while known.solved.count <= index {
      guard known.solved.count < known.starts.count else { return (Rehearsal(catalog: catalog, monitor: monitor), []) }
      var end = known.starts[known.solved.count]
      end.watch(by: monitor)
      let failures = end.run(lesson.steps[known.solved.count].solution)
      if monitor.verdict == .stopped { return (end, failures) }
      known.solved.append((end, failures))
    }
    return known.solved[index]
  }
}
