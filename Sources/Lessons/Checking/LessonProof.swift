// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Runs everything that one lesson claims, and finds where it is not so.
struct LessonProof {
  private let lesson: Lesson
  let catalog: Catalog
  private(set) var problems: [LessonProblem] = []
  /// Claims that could not be proved, and why.
  private(set) var notes: [LessonProblem] = []
  /// The digest of every run of commands, with the line on which the run begins.
  private var digests: [(line: Int, digest: UInt64?)] = []
  let monitor: LessonMonitor

  init(_ lesson: Lesson, catalog: Catalog, monitor: LessonMonitor) {
    self.lesson = lesson
    self.catalog = catalog
    self.monitor = monitor
  }

  /// The line of the first run with another result in the second proof; nil if there is none.
  static func difference(_ first: LessonProof, _ second: LessonProof) -> Int? {
    zip(first.digests, second.digests).first { $0.digest != $1.digest }?.0.line
  }

  mutating func report(_ line: Int, _ message: String) {
    problems.append(LessonProblem(file: lesson.file, line: line, message: message))
  }

  private mutating func report(_ failures: [Rehearsal.Failure]) {
    for failure in failures { report(failure.line, failure.message) }
  }

  private mutating func keep(_ rehearsal: Rehearsal, line: Int) {
    digests.append((line, rehearsal.digest))
  }

  /// Proves step by step; each starts from what the solutions before it lead to.
  mutating func run() {
    proveSteps()
    // Where nobody checks whether all went well, such as after commands only to be tried, the verdict has not been
    // reported yet.
    if let verdict = monitor.verdict, !problems.contains(where: { $0.message == verdict.message }) {
      report(lesson.idLine, verdict.message)
    }
  }

  private mutating func proveSteps() {
    let names = lesson.steps.flatMap(\.conditions).flatMap(\.names).map { $0.value.lowercased() }
    var current = Rehearsal(catalog: catalog, monitor: monitor, digests: true, names: Set(names))
    for step in lesson.steps where monitor.verdict == nil {
      report(current.run(step.setup))
      // A stop has been reported already; nothing else can be said of what would have followed.
      guard monitor.verdict == nil else { return }
      current.beginStep()
      checkTries(of: step, from: current)
      var solved = current
      let failures = solved.run(step.solution)
      report(failures)
      guard monitor.verdict == nil else { return }
      let known = problems.count
      checkWords(of: step, from: current, solved: solved)
      // A misspelled condition cannot come true; to report that as well would only hide the cause.
      let isReadable = step.problems.isEmpty && problems.count == known
      prove(step, from: current, solved: failures.isEmpty ? solved : nil, isReadable: isReadable)
      current = solved
      keep(current, line: step.line)
    }
  }

  private mutating func prove(
    _ step: Lesson.Step, from start: Rehearsal, solved: Rehearsal?, isReadable: Bool
  ) {
    var isReadable = isReadable
    if isReadable, let line = step.expectationLine, start.context.hold(step.expectation) {
      report(line, said("the step is solved before it begins: all of this holds at its start"))
      isReadable = false
    }
    if isReadable, let solved { checkSolution(step, solved) }
    for alternative in step.alternatives where monitor.verdict == nil {
      checkAlternative(alternative, of: step, from: start, isReadable: isReadable)
    }
    for (number, mistake) in step.mistakes.enumerated() where monitor.verdict == nil {
      checkMistake(mistake, number, of: step, from: start, isReadable: isReadable)
    }
    for prediction in step.predictions where monitor.verdict == nil {
      check(prediction, from: start, isReadable: isReadable)
    }
  }

  private mutating func checkTries(of step: Lesson.Step, from start: Rehearsal) {
    var trying = start
    for line in step.tries.flatMap(\.lines) {
      let word = line.value.split(separator: " ").first.map(String.init) ?? ""
      let declaration = catalog.declaration(named: word)
      if declaration?.effect == .outer {
        report(line.line, Rehearsal.refusal(of: declaration) ?? "")
        continue
      }
      do throws(SyntaxError) {
        for statement in try Statement.statements(in: line.value) {
          _ = try catalog.parse(statement, in: trying.session)
        }
        // A command that is only shown may well fail when carried out: that can be the point of it.
        if declaration?.effect != .guides { _ = try? trying.run(line) }
      } catch {
        report(line.line, LessonWording.message(for: .syntax(error)))
      }
    }
  }

  private mutating func checkSolution(_ step: Lesson.Step, _ solved: Rehearsal) {
    guard step.expectationLine != nil, let line = step.solutions.first?.line else { return }
    if let first = solved.context.firstMissing(step.expectation) {
      report(line, said("the solution does not solve the step: line \(first.line) is not fulfilled: \(first.words)"))
    }
  }

  private mutating func checkAlternative(
    _ script: Lesson.Script, of step: Lesson.Step, from start: Rehearsal, isReadable: Bool
  ) {
    var run = start
    let failures = run.run(script.lines)
    report(failures)
    keep(run, line: script.line)
    guard failures.isEmpty, isReadable else { return }
    if step.expectationLine == nil {
      report(script.line, said("there is nothing for this to be an alternative to: the step has no `yaml expect`"))
    } else if let first = run.context.firstMissing(step.expectation) {
      report(script.line, said("this does not solve the step: line \(first.line) is not fulfilled: \(first.words)"))
    }
  }

  private mutating func checkMistake(
    _ mistake: Lesson.ForeseenMistake, _ number: Int, of step: Lesson.Step, from start: Rehearsal, isReadable: Bool
  ) {
    guard let example = mistake.example, !example.lines.isEmpty else {
      report(mistake.line, said("the mistake has no example; without commands that make it, it cannot be tested"))
      return
    }
    var run = start
    var replies: [Int] = []
    var isSolved = false
    let failures = run.run(example.lines) { run in
      let context = run.context
      if step.expectationLine != nil, context.hold(step.expectation) { isSolved = true }
      for index in step.mistakes.indices where context.hold(step.mistakes[index].when) && !replies.contains(index) {
        replies.append(index)
      }
    }
    report(failures)
    keep(run, line: mistake.line)
    guard failures.isEmpty, isReadable else { return }
    if isSolved { report(mistake.line, said("this mistake solves the step: its example fulfils `expect`")) }
    guard replies.contains(number) else {
      let first = run.context.firstMissing(mistake.when)
      report(
        first?.line ?? mistake.line,
        said("`when` does not hold after the example: \(first?.words ?? said("it no longer holds"))"))
      return
    }
    if let first = replies.first, first != number {
      report(mistake.line, said("the example earns the reply of line \(step.mistakes[first].line) before its own"))
    }
  }

  private mutating func check(
    _ prediction: Lesson.Prediction, from start: Rehearsal, isReadable: Bool
  ) {
    guard let proof = prediction.proof, !proof.lines.isEmpty else {
      report(prediction.line, said("the proof runs no commands"))
      return
    }
    var run = start
    let failures = run.run(proof.lines)
    report(failures)
    keep(run, line: prediction.line)
    guard failures.isEmpty, isReadable else { return }
    checkAnswer(of: prediction, in: run.context)
  }

  /// Checks that the proof shows the answer, and no other choice as well.
  private mutating func checkAnswer(of prediction: Lesson.Prediction, in context: ConditionContext) {
    let held = prediction.outcomes.indices.filter { context.hold(prediction.outcomes[$0]) }.map { $0 + 1 }
    func named(_ choice: Int) -> String { "\(choice), '\(prediction.choices[choice - 1].text)'" }
    if let first = context.firstMissing(prediction.expectation) {
      if let shown = held.first {
        report(
          prediction.answerLine,
          said(
            "the answer is \(named(prediction.answer)), but the proof shows choice \(named(shown)): line \(first.line) is not ",
            "fulfilled: \(first.words)"))
      } else {
        report(first.line, said("the proof does not show the answer: \(first.words)"))
      }
      return
    }
    for other in held where other != prediction.answer {
      let line = prediction.outcomes[other - 1].first?.line ?? prediction.line
      report(
        line,
        said(
          "the proof shows choice \(named(other)), as well as the answer; say what that choice would have shown instead"
        )
      )
    }
    if prediction.outcomes.isEmpty {
      notes.append(
        LessonProblem(
          file: lesson.file, line: prediction.line,
          message:
            said(
              "the proof does not say what each choice would have shown, so a wrong 'answer' cannot be found; under ",
              "`expect`, write conditions after `1:`, `2:` and so on, one for each choice")))
    }
  }
}

extension Lesson.Step {
  /// All conditions in it.
  var conditions: [Condition] {
    expectation + mistakes.flatMap(\.when)
      + predictions.flatMap { $0.outcomes.isEmpty ? $0.expectation : $0.outcomes.flatMap(\.self) }
  }
}
