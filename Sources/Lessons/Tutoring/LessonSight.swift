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
    /// The earlier step that asks the same in other words, and the later ones, from 1.
    package var earlierStep: Int?
    package var laterSteps: [Int]
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
          earlierStep: $0.againIndex.map { $0 + 1 },
          laterSteps: tutor.lesson.repetitions(ofStep: tutor.index).map { $0 + 1 })
      },
      isDone: tutor.state.isDone)
  }
}
