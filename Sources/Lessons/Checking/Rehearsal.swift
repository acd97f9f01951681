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

  /// - Parameter lesson: the lesson to whose learners its results are shown, in the words that they know by then; nil if
  ///   nobody sees them.
  init(
    catalog: Catalog, monitor: LessonMonitor, of lesson: Lesson? = nil, digests: Bool = false, names: Set<String> = []
  ) {
    session = Session(catalog: catalog)
    session[PlainWords.self] = lesson?.plainWords
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
      said(
        "'\(declaration?.name ?? "")' is for the prompt: a lesson has no files, and cannot do anything with the program itself"
      )
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
