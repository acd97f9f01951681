// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The tutor's remark on a command, or on `check`.
package struct TutorRemark: LessonContent {
  /// Why the learner may go on.
  package enum Standing: Sendable {
    /// There is nothing to do except read.
    case reading
    case done
    /// The step was done in an earlier session, or before the learner came back to it.
    case doneBefore
  }

  package enum Part: Sendable {
    /// The achievements, a sentence each.
    case done(shown: [String], isLast: Bool)
    case notYet(String, isCheck: Bool)
    /// A packet is on its way, and may still complete the step.
    case underWay
    case mistake([Prose])
    case broken([LessonProblem])
    /// Everything is done except the question.
    case answerFirst(choices: Int)
    /// A question is waiting.
    case questionOpen(choices: Int)
    case offerHelp
    case mayGoOn(Standing, isLast: Bool)
    case progressNotKept(String)

    /// The word for scripts.
    var outcome: String {
      switch self {
      case .done, .mayGoOn: "done"
      case .notYet, .underWay, .answerFirst: "not-yet"
      case .questionOpen: "question-open"
      case .mistake: "wrong"
      case .broken: "broken"
      case .offerHelp: "help"
      case .progressNotKept: "progress-not-kept"
      }
    }

    var messages: [String] {
      switch self {
      case .done(let shown, _): shown
      case .notYet(let missing, _): [missing]
      case .mistake(let reply): reply.map(\.plainText)
      case .broken(let problems): problems.map(\.description)
      case .progressNotKept(let words): [words]
      case .underWay, .answerFirst, .questionOpen, .offerHelp, .mayGoOn: []
      }
    }

    /// Whether it holds only for now: the next command may change it.
    var isPassing: Bool {
      switch self {
      case .notYet, .underWay, .answerFirst, .questionOpen: true
      case .done, .mistake, .broken, .offerHelp, .mayGoOn, .progressNotKept: false
      }
    }

    var isDone: Bool { if case .done = self { true } else { false } }
    var letsGoOn: Bool { if case .mayGoOn = self { true } else { false } }
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
    // A step that was done before is done, although more may be missing this time.
    let part = parts.first(where: \.letsGoOn) ?? parts.first
    try container.encode(part?.outcome ?? "not-yet", forKey: .outcome)
    try container.encode(parts.flatMap(\.messages), forKey: .messages)
  }
}

/// `answer`, and `solution` of a question: whether it was right, and the proof.
package struct AnswerReport: LessonContent {
  enum Verdict: Sendable {
    case right(atFirst: Bool)
    case wrong
    /// The learner asked for it.
    case given
  }

  /// An earlier question that was the same in other words.
  struct Earlier: Encodable, Sendable {
    /// Counted from 1.
    var step: Int
    var title: String
    var first: StepMarks.First
  }

  var place: LessonPlace
  var verdict: Verdict
  /// From 1.
  package var choice: Int
  var question: Lesson.Prediction
  /// The author's reply to that choice, if there is one.
  package var because: String?
  var proof: [CommandResult] = []
  /// How the learner had answered the same question in other words, if it was closed by this answer.
  var earlier: Earlier?
  /// Its consequences for the step: the tutor adds them after the rest.
  var parts: [TutorRemark.Part] = []

  var words: String { question.choices[choice - 1].text }

  private enum CodingKeys: String, CodingKey {
    case place = "lesson"
    case answer, choice, right, given, because, proof, earlier
    case atFirst = "right_at_first"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(place, forKey: .place)
    try container.encode(words, forKey: .answer)
    try container.encode(choice, forKey: .choice)
    switch verdict {
    case .right(let atFirst):
      try container.encode(true, forKey: .right)
      try container.encode(atFirst, forKey: .atFirst)
    case .wrong: try container.encode(false, forKey: .right)
    case .given: try container.encode(true, forKey: .given)
    }
    try container.encode(because, forKey: .because)
    try container.encode(proof.map(\.command), forKey: .proof)
    try container.encodeIfPresent(earlier, forKey: .earlier)
  }
}
