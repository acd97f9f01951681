// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

/// The record of a step after each kind of event.
struct StepMarksTests {
  private func marks(_ kinds: [ProgressEvent.Kind]) -> StepMarks {
    var progress = Progress()
    for kind in kinds { progress.apply(ProgressEvent(lesson: "a", step: 2, kind: kind)) }
    #expect(Progress(text: progress.text) == progress)
    return progress["a"]?.steps[2] ?? StepMarks()
  }

  @Test func helpSeenAfterAStepIsDoneCostsNothing() {
    let marks = marks([.hinted(1), .missed(mistake: 7), .done, .hinted(2), .shown, .missed(mistake: nil), .skipped])
    #expect(marks.isDone && !marks.sawSolution && !marks.wasSkipped)
    #expect(marks.hints == 1 && marks.misses == 1 && marks.mistakes == [7])
  }

  @Test func aSkippedStepStaysSkippedAndItsQuestionUnanswered() {
    let marks = marks([.skipped, .answered(2, isRight: true), .done])
    #expect(marks.wasSkipped && marks.isDone && marks.first == .none && !marks.isRight)
  }

  @Test(
    arguments: [
      ([.answered(2, isRight: true), .answered(1, isRight: false)], [2], .right, true),
      ([.answered(1, isRight: false), .answered(2, isRight: true)], [1, 2], .wrong, true),
      ([.answered(1, isRight: false), .answerShown, .answered(2, isRight: true)], [1], .wrong, false),
      ([.answerShown, .answered(2, isRight: true)], [], .none, false),
      ([.done, .answered(2, isRight: true)], [2], .right, true),
    ] as [([ProgressEvent.Kind], [Int], StepMarks.First, Bool)])
  func theChoicesOfAQuestionAreKeptUntilItIsAnswered(
    kinds: [ProgressEvent.Kind], choices: [Int], first: StepMarks.First, isRight: Bool
  ) {
    let marks = marks(kinds)
    #expect(marks.choices == choices && marks.first == first && marks.isRight == isRight)
  }
}
