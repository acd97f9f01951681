// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// What a lesson command comes to: the tutor has had its say in it.
package protocol LessonContent: ResultContent {}

/// Which lesson, which step of how many.
package struct LessonPlace: Encodable, Sendable {
  package var lesson: String
  package var title: String
  /// Counted from 1.
  package var step: Int
  package var steps: Int
}

/// A step as the learner reads it: `lesson`, `next`, `previous`, `restart`, `task`.
package struct StepReport: LessonContent {
  var place: LessonPlace
  /// The lesson, where it begins.
  var lesson: Lesson?
  var step: Lesson.Step
  var question: Lesson.Prediction?
  var problems: [LessonProblem]
  var isDone: Bool
  /// Whether the network had to be made what the step begins with.
  var putBack: Bool
  /// What is still missing, where that was asked.
  var missing: [String] = []
  /// What was skipped to come here.
  var skipped: [String]?

  private enum CodingKeys: String, CodingKey {
    case place = "lesson"
    case task, question, choices, done, broken, missing
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(place, forKey: .place)
    try container.encode(step.title, forKey: .task)
    try container.encodeIfPresent(question?.question, forKey: .question)
    try container.encodeIfPresent(question?.choices, forKey: .choices)
    try container.encode(isDone, forKey: .done)
    if !problems.isEmpty { try container.encode(problems, forKey: .broken) }
    if !missing.isEmpty { try container.encode(missing, forKey: .missing) }
  }
}

/// What the tutor says to a command, or to `check`.
package struct TutorRemark: LessonContent {
  package enum Part: Sendable {
    /// What was shown by it, a sentence each.
    case done(shown: [String], isLast: Bool)
    case notYet([String], isCheck: Bool)
    /// A packet is on its way, and may do the step yet.
    case underWay
    case mistake([Prose])
    case broken([LessonProblem])
    /// All is done but the question.
    case answerFirst(choices: Int)
    case offerHelp
    case mayGoOn(isLast: Bool)
    case progressNotKept(String)

    /// The word for scripts.
    var outcome: String {
      switch self {
      case .done, .mayGoOn: "done"
      case .notYet, .underWay, .answerFirst: "not-yet"
      case .mistake: "wrong"
      case .broken: "broken"
      case .offerHelp: "help"
      case .progressNotKept: "progress-not-kept"
      }
    }

    var messages: [String] {
      switch self {
      case .done(let shown, _): shown
      case .notYet(let missing, _): missing
      case .mistake(let reply): reply.map(\.plainText)
      case .broken(let problems): problems.map(\.description)
      case .progressNotKept(let words): [words]
      case .underWay, .answerFirst, .offerHelp, .mayGoOn: []
      }
    }
  }

  var place: LessonPlace
  var parts: [Part]

  private enum CodingKeys: String, CodingKey { case tutor }
  private enum PartKeys: String, CodingKey { case lesson, step, steps, outcome, messages }

  package func encode(to encoder: any Encoder) throws {
    var outer = encoder.container(keyedBy: CodingKeys.self)
    var container = outer.nestedContainer(keyedBy: PartKeys.self, forKey: .tutor)
    try container.encode(place.lesson, forKey: .lesson)
    try container.encode(place.step, forKey: .step)
    try container.encode(place.steps, forKey: .steps)
    try container.encode(parts.first?.outcome ?? "not-yet", forKey: .outcome)
    try container.encode(parts.flatMap(\.messages), forKey: .messages)
  }
}

/// `answer`: whether it was right, and the proof.
package struct AnswerReport: LessonContent {
  var place: LessonPlace
  var choice: Int
  var choices: [String]
  var right: Int
  var because: String
  var proof: [CommandResult]
  var parts: [TutorRemark.Part]

  private enum CodingKeys: String, CodingKey {
    case place = "lesson"
    case answer, right, because, proof
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(place, forKey: .place)
    try container.encode(choices[choice - 1], forKey: .answer)
    try container.encode(choice == right, forKey: .right)
    try container.encode(because, forKey: .because)
    try container.encode(proof.map(\.command), forKey: .proof)
    try TutorRemark(place: place, parts: parts).encode(to: encoder)
  }
}

/// `hint`.
package struct HintReport: LessonContent {
  var place: LessonPlace
  var number: Int
  var count: Int
  var text: String

  private enum CodingKeys: String, CodingKey { case hint, number, count }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text, forKey: .hint)
    try container.encode(number, forKey: .number)
    try container.encode(count, forKey: .count)
  }
}

/// `solution`.
package struct SolutionReport: LessonContent {
  package var solution: [String]
}

/// What needs no more than a sentence: the lesson's end, `leave`, `play`.
package enum LessonNotice: LessonContent {
  case finished(LessonPlace, skipped: Int, next: String?)
  case left(LessonPlace)
  case playing
  case backFromPlaying(LessonPlace)

  private enum CodingKeys: String, CodingKey { case lesson, finished, left, playing, next }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .finished(let place, _, let next):
      try container.encode(place, forKey: .lesson)
      try container.encode(true, forKey: .finished)
      try container.encode(next, forKey: .next)
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
    var steps: Int
    var done: Int
    var hints: Int
    var skipped: Int
    var finished: Bool
    /// Where the learner was last; nil for a lesson that was never begun.
    var at: Int?
    var current: Bool
    var requires: [String]
  }
  var folder: String?
  var lessons: [Entry]
  /// Files that are no lessons.
  var problems: [LessonProblem]
  var showsDetails: Bool

  private enum CodingKeys: String, CodingKey { case folder, lessons, problems }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lessons, forKey: .lessons)
    if !problems.isEmpty { try container.encode(problems, forKey: .problems) }
  }
}

extension Prose {
  /// Its words alone.
  var plainText: String {
    switch self {
    case .heading(_, let text), .paragraph(let text): text.plainText
    case .list(_, let items): items.map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: "; ")
    case .quotation(let blocks): blocks.map(\.plainText).joined(separator: " ")
    case .code(let lines), .commands(let lines): lines.joined(separator: "; ")
    case .table(_, let rows): rows.map { $0.map(\.plainText).joined(separator: " | ") }.joined(separator: "; ")
    case .rule: ""
    }
  }
}
