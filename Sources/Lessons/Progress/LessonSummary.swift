// SPDX-License-Identifier: GPL-3.0-or-later

/// A learner's work on one lesson, in numbers.
package struct LessonSummary: Hashable, Sendable, Encodable {
  /// All steps, those for reading among them, and how many of them are done.
  package var steps: Int
  package var done = 0
  package var hints = 0
  package var skipped = 0
  /// The lesson's questions, and how many of them were answered.
  package var questions = 0
  package var rightAtFirst = 0
  package var rightLater = 0
  package var finished = false

  private enum CodingKeys: String, CodingKey {
    case steps, done, hints, skipped, questions, finished
    case rightAtFirst = "right_at_first"
    case rightLater = "right_later"
  }

  package init(of lesson: Lesson, _ entry: Progress.Entry?) {
    steps = lesson.steps.count
    finished = entry?.isFinished ?? false
    for (index, step) in lesson.steps.enumerated() {
      let marks = entry?.steps[index + 1] ?? StepMarks()
      // Anyone who has reached the end has read the steps for reading.
      if marks.isDone || finished && step.isForReading { done += 1 }
      hints += marks.hints
      if marks.wasSkipped { skipped += 1 }
      guard step.prediction != nil else { continue }
      questions += 1
      switch marks.first {
      case .right: rightAtFirst += 1
      case .wrong where marks.isRight: rightLater += 1
      case .wrong, .none: continue
      }
    }
  }
}
