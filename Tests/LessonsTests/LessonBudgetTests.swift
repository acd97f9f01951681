// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Synchronization
import Testing

@testable import Lessons

/// A lesson's own commands stay within their budget; their progress is shown, and they can be stopped.
struct LessonBudgetTests {
  /// A clock that advances by a second whenever it is read.
  private final class Clock: Sendable {
    private let time = Mutex(0)
    func tick() -> Int {
      time.withLock {
        $0 += 1_000
        return $0
      }
    }
  }

  /// Remembers the progress, and stops once it has been asked so many times.
  private final class Watcher: RunMonitor {
    private struct State {
      var stages: [RunProgress.Stage] = []
      var left: Int
    }
    private let state: Mutex<State>

    init(stopsAfter left: Int = .max) { state = Mutex(State(left: left)) }

    var stages: [RunProgress.Stage] { state.withLock(\.stages) }

    /// Stops once it has been asked so many more times.
    func stop(after left: Int) { state.withLock { $0.left = left } }

    func progress(_ progress: RunProgress) -> Bool {
      state.withLock { state in
        if let stage = progress.stage { state.stages.append(stage) }
        state.left -= 1
        return state.left > 0
      }
    }
  }

  private static let text = Fixture.text.replacing(
    "send alice:5000 bob:4000 \"hello\"\nrun\n",
    with: "send alice:5000 bob:4000 \"hello\"\nrun\ncall alice bob for 1h\nhost carol\n")

  private func check(_ text: String, _ watch: LessonWatch) throws -> [String] {
    let folder = LessonFiles(
      bytes: { _, _ throws(LessonFiles.Failure) in Array(text.utf8) },
      markdownNames: { _ throws(LessonFiles.Failure) in ["01-defect.md"] }, isFolder: { _ in false },
      leadsOut: { _ in false }, realPath: { $0 })
    return LessonCheck.run(paths: ["01-defect.md"], files: folder, catalog: Fixture.catalog, watch: watch).problems
      .map(\.description)
  }

  @Test func tooManyEventsAreReportedOnceAtTheirLine() throws {
    var watch = LessonWatch()
    watch.events = 100_000
    let problems = try check(Self.text, watch)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("01-defect.md:26: this goes on for too long for a lesson") == true, "\(problems)")
    #expect(problems.first?.contains("100,000") == true)
  }

  @Test func tooLongATimeIsReportedOnceAtItsLine() throws {
    let clock = Clock()
    let problems = try check(Self.text, LessonWatch(clock: clock.tick))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("60 s of processor time") == true, "\(problems)")
  }

  @Test func aLongCheckReportsItsProgress() throws {
    let watcher = Watcher()
    #expect(try check(Fixture.text, LessonWatch(monitor: watcher)).isEmpty)
    let stages = watcher.stages
    #expect(stages.allSatisfy { $0.work == .checking(file: "01-defect.md") })
    #expect(stages.map(\.done) == stages.map(\.done).sorted() && stages.last.map { $0.done > 5 } == true)
  }

  @Test(arguments: [1, 2, 3]) func aLessonWhoseBeginningIsStoppedHasNotBegun(asked: Int) throws {
    var session = Fixture.session([try Fixture.lesson()])
    _ = try Fixture.run(["host mine"], in: &session)
    session.monitor = Watcher(stopsAfter: asked)
    let printed = try Fixture.run(["lesson defect"], in: &session)
    #expect(printed.first?.hasPrefix("error: ") == true && session.companion == nil)
    #expect(session.standingLines == ["host mine"] && session.device(named: "mine") != nil)
    session.monitor = nil
    #expect(try Fixture.run(["lesson defect"], in: &session)[0].contains("Step 1 of 2"))
  }

  @Test func aStepWhoseBeginningIsStoppedIsTriedAgain() throws {
    var session = Fixture.session([try Fixture.lesson()])
    let watcher = Watcher()
    session.monitor = watcher
    _ = try Fixture.run(["lesson defect", "2", "send bob:4001 49.36.10.25:62000; run"], in: &session)
    watcher.stop(after: 1)
    #expect(try Fixture.run(["next"], in: &session)[0].hasPrefix("error: "))
    watcher.stop(after: .max)
    #expect(try Fixture.run(["next"], in: &session)[0].contains("Step 2 of 2"))
  }
}
