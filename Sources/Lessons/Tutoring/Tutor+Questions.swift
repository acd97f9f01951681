// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension Tutor {
  /// While a question is open, its answer is accepted by number or in its own words.
  package func commandMeant(by line: String) -> String? {
    guard let question = openQuestion, !isPlaying else { return nil }
    return AnswerText.choice(Self.answer(in: line), of: question).map { "answer \($0)" }
  }

  /// While a question is open, a line that is not a command was meant as an answer; so was one that begins like a
  /// command and is all but one of the answers.
  package func error(for line: String, _ error: SyntaxError) -> CommandError? {
    guard let question = openQuestion, !isPlaying else { return nil }
    let answer = Self.answer(in: line)
    let isCommand = if case .unknownCommand = error.kind { false } else { true }
    if isCommand, AnswerText.nearest(to: answer, of: question) == nil { return nil }
    return Self.refusal(of: answer, to: question, at: error.column..<error.column + error.length)
  }

  /// The error for an answer that is none, with the choice that is nearest to it. No command is suggested: an answer was
  /// asked for.
  static func refusal(
    of answer: String, to question: Lesson.Prediction, at columns: Range<Int>
  ) -> CommandError {
    CommandError(
      LessonFault.noSuchAnswer(answer, choices: question.choices.map(\.text)), at: columns,
      suggestion: AnswerText.nearest(to: answer, of: question))
  }

  /// What a line answers: all of it, or what comes after `answer`.
  private static func answer(in line: String) -> String {
    line.lowercased().hasPrefix("answer ") ? String(line.dropFirst(7)) : line
  }

  /// Takes an answer. The right one is demonstrated in the simulation; a wrong one gets its reply, and the question
  /// stays open.
  mutating func answer(_ choice: Int, to question: Lesson.Prediction, in session: Session) -> AnswerReport {
    let isRight = choice == question.answer
    keep(.answered(choice, isRight: isRight))
    state.tried.append(choice)
    guard isRight else {
      return AnswerReport(
        place: place(), verdict: .wrong, choice: choice, question: question,
        because: question.choices[choice - 1].because)
    }
    return close(question, .right(atFirst: state.tried.count == 1), in: session)
  }

  /// Shows the answer to a learner who gives up.
  mutating func giveAnswer(to question: Lesson.Prediction, in session: Session) -> AnswerReport {
    keep(.answerShown)
    return close(question, .given, in: session)
  }

  private mutating func close(
    _ question: Lesson.Prediction, _ verdict: AnswerReport.Verdict, in session: Session
  ) -> AnswerReport {
    state.answer = question.answer
    var report = prove(question, ofStep: index, verdict).report
    report.earlier = earlier(than: question)
    let context = ConditionContext(session: session, record: record)
    if step.expectationLine == nil || context.hold(step.expectation) {
      report.parts.append(finish(context))
    } else {
      report.parts.append(.notYet(context.missing(step.expectation).first ?? "", isCheck: false))
    }
    return report
  }

  /// The answer to a step's question with the run that proves it, on a copy of the network, and the session of that run.
  mutating func prove(
    _ question: Lesson.Prediction, ofStep index: Int, _ verdict: AnswerReport.Verdict
  ) -> (report: AnswerReport, run: Session) {
    var proof = starts.start(ofStep: index).start
    var report = AnswerReport(
      place: place(ofStep: index), verdict: verdict, choice: question.answer, question: question,
      because: question.because)
    var broken: [LessonProblem] = []
    for line in question.proof?.lines ?? [] {
      do throws(Rehearsal.Failure) {
        report.proof += try proof.run(line)
      } catch {
        broken.append(LessonProblem(file: lesson.file, line: error.line, message: error.message))
      }
    }
    if broken.isEmpty, let missing = proof.context.missing(question.expectation).first {
      broken.append(
        LessonProblem(
          file: lesson.file, line: question.line, message: said("the proof does not show the answer: \(missing)")))
    }
    report.parts = broken.isEmpty ? [] : [.broken(broken)]
    return (report, proof.session)
  }

  /// How the learner answered at first where the same question was asked in other words; nil if it was not answered.
  private func earlier(than question: Lesson.Prediction) -> AnswerReport.Earlier? {
    guard let place = question.againIndex, let marks = marks(ofStep: place), marks.first != .none else { return nil }
    return AnswerReport.Earlier(step: place + 1, title: lesson.steps[place].title, first: marks.first)
  }

  // MARK: Hints

  /// The next rung of hints for the open question, else for the step.
  mutating func nextHint() throws(CommandError) -> HintReport {
    let question = openQuestion
    let ladder = question.map { hints(for: $0) } ?? step.hints.map(\.value)
    let given = question == nil ? state.hintsGiven : state.questionHintsGiven
    guard !ladder.isEmpty else { throw CommandError(.noHint) }
    guard given < ladder.count else {
      throw CommandError(.noMoreHints(count: ladder.count, isQuestion: question != nil))
    }
    if question == nil { state.hintsGiven += 1 } else { state.questionHintsGiven += 1 }
    keep(.hinted(state.hintsGiven + state.questionHintsGiven))
    return HintReport(number: given + 1, count: ladder.count, text: ladder[given])
  }

  /// The author's hints; if there are none, wrong choices are struck out as long as two remain, and then there is
  /// trying it.
  private func hints(for question: Lesson.Prediction) -> [String] {
    let own = question.hints + (step.expectationLine == nil ? step.hints : [])
    guard own.isEmpty else { return own.map(\.value) }
    let wrong = question.choices.indices.filter { $0 != question.answer - 1 }
    return wrong.dropLast().map { place in
      let choice = question.choices[place]
      return said("It is not number \(place + 1), '\(choice.text)'.") + (choice.because.map { " " + $0 } ?? "")
    } + [
      said(
        "Try it: `play` gives you a copy of the network. Send the packet there and look; `play end` brings you back.")
    ]
  }
}
