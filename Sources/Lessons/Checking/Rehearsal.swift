// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering
import Wording

/// A session in which a lesson's own commands are run, with everything needed to check conditions against it.
package struct Rehearsal: Sendable {
  /// Why a command of a lesson was not carried out.
  struct Failure: Error {
    var line: Int
    var message: String
  }

  package private(set) var session: Session
  private(set) var record: StepRecord
  /// A digest of every command's result, if it is wanted.
  private(set) var digest: UInt64?
  /// Names that somebody asks about, in lower case, and those of them that a device has had at any time.
  private var wantedNames: Set<String>
  private(set) var metNames: Set<String> = []
  private(set) var monitor: LessonMonitor

  package init(catalog: Catalog) {
    self.init(catalog: catalog, monitor: LessonWatch().monitor(of: .beginningStep))
  }

  init(catalog: Catalog, monitor: LessonMonitor, digests: Bool = false, names: Set<String> = []) {
    session = Session(catalog: catalog)
    record = StepRecord(from: session.network)
    digest = digests ? 0xCBF2_9CE4_8422_2325 : nil
    wantedNames = names
    self.monitor = monitor
    session.monitor = monitor
  }

  /// Replaces the monitor from now on.
  mutating func watch(by monitor: LessonMonitor) {
    self.monitor = monitor
    session.monitor = monitor
  }

  var context: ConditionContext { ConditionContext(session: session, record: record) }

  /// Begins a step: everything up to now is the past.
  mutating func beginStep() {
    session.beginChapter(session.network, lines: [])
    record = StepRecord(from: session.network)
  }

  private mutating func noteNames() {
    for name in wantedNames where session.device(named: name) != nil {
      wantedNames.remove(name)
      metNames.insert(name)
    }
  }

  /// Runs one line.
  @discardableResult
  mutating func run(_ line: Lesson.Located<String>) throws(Failure) -> [CommandResult] {
    let statements: [Statement]
    do throws(SyntaxError) {
      statements = try Statement.statements(in: line.value)
    } catch {
      throw Failure(line: line.line, message: LessonWording.message(for: .syntax(error)))
    }
    var results: [CommandResult] = []
    for statement in statements { results.append(try run(statement, line: line.line)) }
    return results
  }

  private mutating func run(_ statement: Statement, line: Int) throws(Failure) -> CommandResult {
    let declaration = statement.tokens.first.flatMap { session.catalog.declaration(named: $0.text) }
    if let refusal = Self.refusal(of: declaration) { throw Failure(line: line, message: refusal) }
    if let verdict = monitor.verdict { throw Failure(line: line, message: verdict.message) }
    let result: CommandResult
    do throws(SessionError) {
      result = try session.execute(statement)
    } catch {
      throw Failure(line: line, message: monitor.verdict?.message ?? LessonWording.message(for: error))
    }
    monitor.countCommand()
    if let verdict = monitor.verdict { throw Failure(line: line, message: verdict.message) }
    record.note(result, name: declaration?.name)
    if let before = digest {
      // FNV-1a.
      digest = JSONRenderer().line(for: result).utf8.reduce(before) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    noteNames()
    return result
  }

  /// Why a command has no place in a lesson's own commands; nil if it has one.
  static func refusal(of declaration: CommandDeclaration?) -> String? {
    switch declaration?.effect {
    case .outer:
      said("'\(declaration?.name ?? "")' touches files or ends the program, which a lesson may not do")
    case .guides:
      said("'\(declaration?.name ?? "")' is the learner's to type; it has no place in a lesson's own commands")
    case .looks, .changes, .travels, nil: nil
    }
  }

  /// Runs lines in order; failed ones are passed over.
  ///
  /// - Returns: the failures.
  mutating func run(_ lines: [Lesson.Located<String>], each: (inout Rehearsal) -> Void = { _ in }) -> [Failure] {
    var failures: [Failure] = []
    for line in lines {
      do throws(Failure) {
        try run(line)
        each(&self)
      } catch {
        failures.append(error)
        // Whatever comes after it would be stopped in the same way.
        if monitor.verdict != nil { break }
      }
    }
    return failures
  }
}

/// The networks that a lesson's steps start from: all earlier setups and solutions, then the step's own setup.
package struct StepStarts: Sendable {
  private let lesson: Lesson
  private let catalog: Catalog
  private var starts: [Rehearsal] = []
  /// The state after each step's solution, with its failures, as far as anybody has asked.
  private var solved: [(end: Rehearsal, failures: [Rehearsal.Failure])] = []
  private var failures: [[LessonProblem]] = []
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
    while starts.count <= index {
      let next = starts.count
      var problems: [LessonProblem] = []
      func report(_ failures: [Rehearsal.Failure]) {
        problems += failures.map { LessonProblem(file: lesson.file, line: $0.line, message: $0.message) }
      }
      var rehearsal = Rehearsal(catalog: catalog, monitor: monitor)
      if next > 0 {
        let before = solve(next - 1, monitor)
        rehearsal = before.end
        report(before.failures)
      }
      rehearsal.watch(by: monitor)
      report(rehearsal.run(lesson.steps[next].setup))
      rehearsal.beginStep()
      if monitor.verdict == .stopped {
        wasStopped = true
        return (rehearsal, problems)
      }
      starts.append(rehearsal)
      failures.append(problems)
    }
    return (starts[index], failures[index])
  }

  /// The state after the solution of the step at `index`.
  package mutating func end(ofStep index: Int) -> Rehearsal {
    let monitor = LessonWatch(monitor: watchedBy).monitor(of: .beginningStep)
    let end = solve(index, monitor).end
    wasStopped = monitor.verdict == .stopped
    return end
  }

  /// Solves steps in their order, each once.
  private mutating func solve(
    _ index: Int, _ monitor: LessonMonitor
  ) -> (end: Rehearsal, failures: [Rehearsal.Failure]) {
    while solved.count <= index {
      var end = starts[solved.count]
      end.watch(by: monitor)
      let failures = end.run(lesson.steps[solved.count].solution)
      if monitor.verdict == .stopped { return (end, failures) }
      solved.append((end, failures))
    }
    return solved[index]
  }
}
