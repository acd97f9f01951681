// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering

/// A session that a lesson's own commands are run in, with what is needed to check conditions against it.
package struct Rehearsal: Sendable {
  /// Why a command of a lesson was not carried out.
  struct Failure: Error {
    var line: Int
    var message: String
  }

  package private(set) var session: Session
  private(set) var record: StepRecord
  /// What every command came to, where it is kept.
  private(set) var transcript: String?
  /// Every device's name that there was at any time.
  private(set) var names: Set<String> = []

  package init(catalog: Catalog, keepsTranscript: Bool = false) {
    session = Session(catalog: catalog)
    record = StepRecord(from: session.network)
    transcript = keepsTranscript ? "" : nil
    session.monitor = EventBudget()
  }

  var context: ConditionContext { ConditionContext(session: session, record: record) }

  /// Begins a step: what happened up to now is the past.
  mutating func beginStep() {
    session.beginChapter(session.network, lines: [])
    record = StepRecord(from: session.network)
    noteNames()
  }

  private mutating func noteNames() {
    for device in session.network.allDevices { names.insert(device.name.lowercased()) }
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
    let result: CommandResult
    do throws(SessionError) {
      result = try session.execute(statement)
    } catch {
      throw Failure(line: line, message: LessonWording.message(for: error))
    }
    for notice in result.notices {
      if case .interrupted = notice { throw Failure(line: line, message: "this goes on for too long for a lesson") }
    }
    record.note(result, name: declaration?.name)
    if transcript != nil { transcript?.append(JSONRenderer().line(for: result) + "\n") }
    noteNames()
    return result
  }

  /// Why a command has no place in a lesson's own commands; nil where it has one.
  static func refusal(of declaration: CommandDeclaration?) -> String? {
    switch declaration?.effect {
    case .outer:
      "'\(declaration?.name ?? "")' touches files or ends the program, which a lesson may not"
    case .guides: "'\(declaration?.name ?? "")' is the learner's to type; it has no place in a lesson's own commands"
    case .looks, .changes, .travels, nil: nil
    }
  }

  /// Runs lines in order; what fails is passed over.
  ///
  /// - Returns: what failed.
  mutating func run(_ lines: [Lesson.Located<String>], each: (inout Rehearsal) -> Void = { _ in }) -> [Failure] {
    var failures: [Failure] = []
    for line in lines {
      do throws(Failure) {
        try run(line)
        each(&self)
      } catch {
        failures.append(error)
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
  /// What the solutions of the steps lead to, with what went wrong, as far as anybody asked.
  private var solved: [(end: Rehearsal, failures: [Rehearsal.Failure])] = []
  private var failures: [[LessonProblem]] = []

  package init(of lesson: Lesson, catalog: Catalog) {
    self.lesson = lesson
    self.catalog = catalog
  }

  /// The start of the step at `index`, and what in the lesson went wrong on the way there.
  package mutating func start(ofStep index: Int) -> (start: Rehearsal, problems: [LessonProblem]) {
    while starts.count <= index {
      let next = starts.count
      var problems: [LessonProblem] = []
      func report(_ failures: [Rehearsal.Failure]) {
        problems += failures.map { LessonProblem(file: lesson.file, line: $0.line, message: $0.message) }
      }
      var rehearsal = Rehearsal(catalog: catalog)
      if next > 0 {
        let before = solve(next - 1)
        rehearsal = before.end
        report(before.failures)
      }
      report(rehearsal.run(lesson.steps[next].setup))
      rehearsal.beginStep()
      starts.append(rehearsal)
      failures.append(problems)
    }
    return (starts[index], failures[index])
  }

  /// What the solution of the step at `index` leads to.
  package mutating func end(ofStep index: Int) -> Rehearsal { solve(index).end }

  /// Steps are solved in their order, each once.
  private mutating func solve(_ index: Int) -> (end: Rehearsal, failures: [Rehearsal.Failure]) {
    while solved.count <= index {
      var end = start(ofStep: solved.count).start
      let failures = end.run(lesson.steps[solved.count].solution)
      solved.append((end, failures))
    }
    return solved[index]
  }
}
