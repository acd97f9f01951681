// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Synchronization

/// Replays learners' scripts, each in a network of its own.
package struct Grading {
  /// What one script may take: nobody does a lesson with more, and a hostile one must not hold up the others.
  package struct Limits: Sendable {
    package var bytes = 1 << 20
    package var commands = 5_000
    package var events = EventBudget.usual
    /// Milliseconds of real time.
    package var milliseconds = 20_000

    package init() {}
  }

  private let lesson: Lesson
  private let library: LessonLibrary
  private let catalog: Catalog
  private let limits: Limits
  /// Milliseconds of real time since some moment; the outer layer's clock.
  private let clock: @Sendable () -> Int

  package init(
    _ lesson: Lesson, library: LessonLibrary, catalog: Catalog, limits: Limits = Limits(),
    clock: @escaping @Sendable () -> Int
  ) {
    self.lesson = lesson
    self.library = library
    self.catalog = catalog
    self.limits = limits
    self.clock = clock
  }

  /// Replays the script at `path`.
  package func grade(path: String, files: LessonFiles) -> Grade {
    let bytes: [UInt8]
    do throws(LessonFiles.Failure) {
      bytes = try files.bytes(path, limits.bytes)
    } catch {
      return Grade(file: path, lesson: lesson, progress: nil, problem: error.message)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return Grade(file: path, lesson: lesson, progress: nil, problem: "it is not UTF-8 text")
    }
    return grade(text: text, file: path)
  }

  /// Replays a script's text.
  package func grade(text: String, file: String) -> Grade {
    let memory = ProgressMemory()
    var session = Session(catalog: catalog)
    let keeper = ProgressKeeper(
      load: { memory.progress },
      record: {
        memory.apply($0)
        return nil
      })
    let library = library
    session[LessonShelf.self] = LessonShelf(library: { library }, progress: keeper)
    let monitor = GradeMonitor(events: limits.events, until: clock() + limits.milliseconds, clock: clock)
    session.monitor = monitor
    var replay = Replay(grading: self, monitor: monitor, session: session, keeper: keeper)
    let problem = replay.run(text)
    return Grade(file: file, lesson: lesson, progress: memory.progress[lesson.id], problem: problem)
  }

  /// A script on its way.
  private struct Replay {
    let grading: Grading
    let monitor: GradeMonitor
    var session: Session
    let keeper: ProgressKeeper
    private var commands = 0
    /// Whether the script is of plain commands: then the lesson begins by itself and goes on by itself.
    private var isPlain = false

    init(grading: Grading, monitor: GradeMonitor, session: Session, keeper: ProgressKeeper) {
      self.grading = grading
      self.monitor = monitor
      self.session = session
      self.keeper = keeper
    }

    /// Runs the script; returns why it did not come to its end.
    mutating func run(_ text: String) -> String? {
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      guard lines.count <= grading.limits.commands * 4 else { return "it has \(lines.count) lines, too many to replay" }
      isPlain = !lines.contains { line in
        line.split(separator: ";").contains { $0.split(separator: " ").first?.lowercased() == "lesson" }
      }
      if isPlain, !grading.lesson.steps.isEmpty { _ = session.begin(grading.lesson, at: 0, keeper: keeper) }
      for (index, line) in lines.enumerated() {
        if let problem = run(line: String(line)) { return "line \(index + 1): \(problem)" }
      }
      return nil
    }

    private mutating func run(line: String) -> String? {
      do throws(SyntaxError) {
        for statement in try Statement.statements(in: line) {
          if let problem = run(statement) { return problem }
        }
        return nil
      } catch {
        return LessonWording.message(for: .syntax(error))
      }
    }

    private mutating func run(_ statement: Statement) -> String? {
      commands += 1
      if commands > grading.limits.commands { return "more than \(grading.limits.commands) commands" }
      let word = statement.tokens.first?.text ?? ""
      let declaration = session.catalog.declaration(named: word)
      if declaration?.name == "quit" { return nil }
      if declaration?.effect == .outer {
        return "'\(word)' has no place in a script that is graded; nothing was read or written"
      }
      do throws(SessionError) {
        _ = try session.execute(statement)
        if isPlain, session.tutor?.mayGoOn == true { goOn() }
        return monitor.verdict
      } catch {
        return monitor.verdict ?? LessonWording.message(for: error)
      }
    }

    /// Past what is done and what there is only to read.
    private mutating func goOn() {
      for _ in grading.lesson.steps {
        guard session.tutor?.mayGoOn == true, let next = try? Statement.statements(in: "next").first else { return }
        _ = try? session.execute(next)
      }
    }
  }
}

/// Stops a script that takes too much.
private final class GradeMonitor: RunMonitor {
  private let budget: EventBudget
  private let deadline: Int
  private let clock: @Sendable () -> Int

  init(events: Int, until deadline: Int, clock: @escaping @Sendable () -> Int) {
    budget = EventBudget(events)
    self.deadline = deadline
    self.clock = clock
  }

  func progress(_ progress: RunProgress) -> Bool { budget.progress(progress) && clock() < deadline }

  /// Why the script must stop; nil where it may go on.
  var verdict: String? {
    if budget.isSpent { return "it moves more packets than a lesson takes" }
    return clock() >= deadline ? "it takes too long" : nil
  }
}
