// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The current lesson as seen by somebody other than the learner: the step's text, and the open question.
package struct LessonSight: Sendable {
  /// A question that waits for its answer.
  package struct Question: Sendable {
    package var text: String
    package var choices: [String]
    /// The right one, from 1: not for those who are asked.
    package var answer: Int
    /// The earlier step that asks the same in other words, from 1.
    package var earlierStep: Int?
  }

  package var place: LessonPlace
  /// The step's title.
  package var task: String
  package var prose: [Prose]
  package var question: Question?
  package var isDone: Bool
}

extension Session {
  /// The session's current lesson; nil without one.
  package var lessonSight: LessonSight? {
    guard let tutor = companion as? Tutor else { return nil }
    return LessonSight(
      place: tutor.place(), task: tutor.step.title, prose: tutor.step.prose,
      question: tutor.openQuestion.map {
        LessonSight.Question(
          text: $0.question, choices: $0.choices.map(\.text), answer: $0.answer,
          earlierStep: $0.againIndex.map { $0 + 1 })
      },
      isDone: tutor.state.isDone)
  }
}

/// The answer to a lesson's question, for somebody who has asked others: whether it is still open for oneself does not
/// matter.
package struct QuestionProof: Sendable {
  /// What is right, why, and the run that proves it.
  package var report: AnswerReport
  /// The copy of the network in which that run took place.
  package var run: Session
  /// The later steps that ask the same in other words, from 1.
  package var laterSteps: [Int]
}

extension Session {
  /// The answer to the question of a step, counted from 1, with its proof; nil if that step of the lesson asks nothing.
  package func proof(ofStep step: Int, in id: String) -> QuestionProof? {
    let own = tutor.flatMap { $0.lesson.id == id ? $0 : nil }
    guard let lesson = own?.lesson ?? self[LessonShelf.self]?.library().lesson(id),
      lesson.steps.indices.contains(step - 1), let question = lesson.steps[step - 1].prediction
    else { return nil }
    var prover = own ?? Tutor(lesson, catalog: catalog, keeper: .inMemory(), network: network)
    prover.starts.watchedBy = monitor
    let (report, run) = prover.prove(question, ofStep: step - 1, .given)
    return QuestionProof(
      report: report, run: run, laterSteps: lesson.repetitions(ofStep: step - 1).map { $0 + 1 })
  }
}
