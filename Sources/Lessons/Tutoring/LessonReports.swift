// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The result of a lesson command, with the tutor's remarks already in it.
package protocol LessonContent: ResultContent {}

/// The lesson, the step and the number of steps.
package struct LessonPlace: Encodable, Sendable {
  package var lesson: String
  package var title: String
  /// Counted from 1.
  package var step: Int
  package var steps: Int

  init(of lesson: Lesson, step: Int) {
    self.lesson = lesson.id
    title = lesson.title
    self.step = step
    steps = lesson.steps.count
  }
}

/// A step as the learner reads it: `lesson`, `next`, `previous`, `restart`, `task`.
package struct StepReport: LessonContent {
  var place: LessonPlace
  /// The lesson, if this is its beginning.
  var lesson: Lesson?
  var step: Lesson.Step
  var problems: [LessonProblem]
  var isDone: Bool
  /// Whether it was done before it began this time.
  var wasDone = false
  /// The answer to the step's question, from 1, once the learner knows it.
  var answer: Int?
  /// The choices that the learner has made, in order.
  var tried: [Int]
  /// The achievements of the previous step, if the network has been replaced since.
  var achieved: [String] = []
  /// Whether the network had to be reset to the step's start.
  var putBack = false
  /// The parts still missing, if that was asked.
  var missing: String?
  /// The commands skipped to come here.
  var skipped: [String]?
  /// The question that was skipped to come here.
  var skippedQuestion: Lesson.Prediction?

  private enum CodingKeys: String, CodingKey {
    case place = "lesson"
    case task, question, choices, tried, answer, done, broken, missing
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(place, forKey: .place)
    try container.encode(step.title, forKey: .task)
    if let question = step.prediction {
      try container.encode(question.question, forKey: .question)
      try container.encode(question.choices.map(\.text), forKey: .choices)
      try container.encode(tried, forKey: .tried)
      try container.encode(answer, forKey: .answer)
    }
    try container.encode(isDone || wasDone, forKey: .done)
    if !problems.isEmpty { try container.encode(problems, forKey: .broken) }
    if let missing { try container.encode([missing], forKey: .missing) }
  }
}

/// `hint`.
package struct HintReport: LessonContent {
  var number: Int
  var count: Int
  var text: String

  private enum CodingKeys: String, CodingKey {
    case number, count
    case text = "hint"
  }
}

/// `solution`.
package struct SolutionReport: LessonContent {
  package var solution: [String]
}

/// Things that need only a few sentences: the lesson's end, `leave`, `play`.
package enum LessonNotice: LessonContent {
  case finished(LessonPlace, LessonSummary, next: String?, course: Certificate?)
  case left(LessonPlace)
  case playing
  case backFromPlaying(LessonPlace)

  private enum CodingKeys: String, CodingKey {
    case lesson, finished, left, playing, next, questions
    case rightAtFirst = "right_at_first"
    case allDone = "all_done"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .finished(let place, let summary, let next, let course):
      try container.encode(place, forKey: .lesson)
      try container.encode(true, forKey: .finished)
      try container.encode(next, forKey: .next)
      try container.encode(summary.questions, forKey: .questions)
      try container.encode(summary.rightAtFirst, forKey: .rightAtFirst)
      if course != nil { try container.encode(true, forKey: .allDone) }
    case .left(let place):
      try container.encode(place, forKey: .lesson)
      try container.encode(true, forKey: .left)
    case .playing: try container.encode(true, forKey: .playing)
    case .backFromPlaying(let place):
      try container.encode(place, forKey: .lesson)
      try container.encode(false, forKey: .playing)
    }
  }
}

/// `lessons` and `progress`.
package struct LessonListReport: LessonContent {
  package struct Entry: Encodable, Sendable {
    var id: String
    var title: String
    var minutes: Int?
    var summary: LessonSummary
    /// The step where the learner was last; nil for a lesson that was never begun.
    var at: Int?
    var current: Bool
    var requires: [String]

    private enum CodingKeys: String, CodingKey { case id, title, minutes, at, current, requires }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(title, forKey: .title)
      try container.encodeIfPresent(minutes, forKey: .minutes)
      try container.encodeIfPresent(at, forKey: .at)
      try container.encode(current, forKey: .current)
      try container.encode(requires, forKey: .requires)
      try summary.encode(to: encoder)
    }
  }
  var lessons: [Entry]
  /// The errors in files that are not lessons.
  var problems: [LessonProblem]
  var showsDetails: Bool

  private enum CodingKeys: String, CodingKey { case lessons, problems }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lessons, forKey: .lessons)
    if !problems.isEmpty { try container.encode(problems, forKey: .problems) }
  }
}
