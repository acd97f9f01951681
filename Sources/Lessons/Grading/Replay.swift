// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// A hand-in being replayed.
struct Replay {
  private let lesson: Lesson
  private let limits: Grading.Limits
  private let monitor: GradeMonitor
  private var session: Session
  private let keeper: ProgressKeeper
  private var commands = 0
  /// Whether the script is of plain commands: then the lesson begins and goes on automatically.
  private let isPlain: Bool
  /// Whether anything was typed in this lesson other than beginning it, showing it or leaving it.
  private(set) var isTouched = false
  /// The steps of a plain script that are done except for the question, which it cannot answer.
  private var doneButForQuestion: [Int] = []

  init(
    _ lesson: Lesson, limits: Grading.Limits, monitor: GradeMonitor, session: Session, keeper: ProgressKeeper,
    isPlain: Bool
  ) {
    self.lesson = lesson
    self.limits = limits
    self.monitor = monitor
    self.session = session
    self.keeper = keeper
    self.isPlain = isPlain
  }

  /// Runs the script; returns why it did not reach its end.
  mutating func run(_ lines: [String]) -> String? {
    guard lines.count <= limits.commands * 4 else { return said("it has \(lines.count) lines, too many to replay") }
    if isPlain, !lesson.steps.isEmpty {
      _ = session.begin(lesson, at: 0, keeper: keeper)
      goOn()
    }
    for (index, line) in lines.enumerated() {
      if let problem = run(line: line) { return said("line \(index + 1): \(problem)") }
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

  /// Commands that do nothing in a lesson.
  private static let idle: Set = ["lesson", "lessons", "task", "progress", "leave", "quit"]

  private mutating func run(_ statement: Statement) -> String? {
    commands += 1
    monitor.countCommand()
    if monitor.wasStopped { return monitor.verdict }
    if commands > limits.commands { return said("more than \(limits.commands) commands") }
    let word = statement.tokens.first?.text ?? ""
    let declaration = session.catalog.declaration(named: word)
    if declaration?.name == "quit" { return nil }
    if declaration?.effect == .outer {
      return said("'\(word)' has no place in a script that is graded; nothing was read or written")
    }
    if session.tutor?.lesson.id == lesson.id, !Self.idle.contains(declaration?.name ?? word) { isTouched = true }
    do throws(SessionError) {
      _ = try session.execute(statement)
      if isPlain { goOn() }
      return monitor.verdict
    } catch {
      return monitor.verdict ?? LessonWording.message(for: error)
    }
  }

  // MARK: Plain commands

  /// Goes past finished steps, steps for reading only, and questions, which plain commands cannot answer.
  private mutating func goOn() {
    for _ in lesson.steps {
      guard let tutor = session.tutor, tutor.index + 1 < lesson.steps.count else { return }
      let step = tutor.step
      let holds = step.expectationLine == nil || tutor.missing(in: session) == nil
      if tutor.openQuestion != nil, holds {
        if step.expectationLine != nil { doneButForQuestion.append(tutor.index + 1) }
        _ = session.begin(lesson, at: tutor.index + 1, keeper: keeper)
      } else if tutor.mayGoOn, let next = try? Statement.statements(in: "next").first {
        _ = try? session.execute(next)
      } else {
        return
      }
    }
  }

  /// Marks the steps as done in which only the question is open.
  func completePlain(_ entry: inout Progress.Entry?) {
    guard isPlain, entry != nil else { return }
    var done = doneButForQuestion
    if let tutor = session.tutor, tutor.index + 1 == lesson.steps.count, tutor.step.expectationLine != nil,
      tutor.openQuestion != nil, tutor.missing(in: session) == nil
    {
      done.append(lesson.steps.count)
    }
    for step in done { entry?.steps[step, default: StepMarks()].isDone = true }
  }
}
