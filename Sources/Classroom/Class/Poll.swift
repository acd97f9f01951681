// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Rendering
import Wording

/// A question to the class, and what it has answered.
struct Poll: Sendable {
  /// Counted up from one question to the next.
  let number: Int
  let question: String
  let choices: [String]
  /// The right choice, from 1, where there is one. Nobody is told before it is revealed.
  private let right: Int?
  /// The step of the teacher's lesson that asks it; nil for a question of the teacher's own.
  let source: Source?
  /// The same question in other words, as the class answered it some steps ago.
  let before: Before?
  private(set) var because: String?
  private(set) var isRevealed = false
  /// The choice of each learner who has answered, by the name of the learner's file.
  private var answers: [String: Int] = [:]

  /// A question of a lesson.
  struct Source: Hashable, Sendable {
    var lesson: String
    /// Counted from 1.
    var step: Int
  }

  /// A question that has been revealed, and how it was answered.
  struct Before: Encodable, Hashable, Sendable {
    var step: Int
    var text: String
    var choices: [String]
    var counts: [Int]
    var answers: Int
    var right: Int
  }

  init(
    number: Int, question: String, choices: [String], right: Int? = nil, source: Source? = nil, before: Before? = nil
  ) {
    self.number = number
    self.question = question
    self.choices = choices
    self.right = right
    self.source = source
    self.before = before
  }

  /// How many have taken each choice.
  var counts: [Int] { choices.indices.map { choice in answers.values.count { $0 == choice + 1 } } }
  var answered: Int { answers.count }
  /// The right choice once it is revealed.
  var revealed: Int? { isRevealed ? right : nil }

  /// How it was answered, for when it is asked again in other words; nil before it is revealed.
  var outcome: Before? {
    guard let source, let right = revealed else { return nil }
    return Before(
      step: source.step, text: question, choices: choices, counts: counts, answers: answered, right: right)
  }

  /// How many were right then and now, in words; nil where there was no then, or it is not revealed.
  var thenAndNow: String? {
    guard let before, let right = revealed else { return nil }
    return said(
      "Asked in other words in step \(before.step): \(before.counts[before.right - 1]) of ",
      "\(Count.of(before.answers, "answer")) right then, \(counts[right - 1]) of \(answered) now.")
  }

  func choice(of learner: String) -> Int? { answers[learner] }

  /// Counts an answer; false if the learner has given one already.
  mutating func count(_ choice: Int, of learner: String) -> Bool {
    guard answers[learner] == nil else { return false }
    answers[learner] = choice
    return true
  }

  mutating func reveal(because: String?) {
    isRevealed = true
    self.because = because
  }

  /// What everybody sees on the projector.
  var forAll: PollJSON {
    PollJSON(
      number: number, text: question, choices: choices, counts: counts, answers: answered, revealed: isRevealed,
      right: revealed, because: isRevealed ? because.map(Prose.words) : nil, before: isRevealed ? before : nil,
      then: thenAndNow, chosen: nil)
  }

  /// What a learner sees: their own answer, and how the others answered once it is revealed.
  func sight(of learner: String) -> PollJSON {
    var sight = forAll
    sight.chosen = choice(of: learner)
    if !isRevealed {
      sight.counts = nil
      sight.answers = nil
    }
    return sight
  }
}

/// A question as pages get it.
struct PollJSON: Encodable, Sendable {
  var number: Int
  var text: String
  var choices: [String]
  var counts: [Int]?
  var answers: Int?
  var revealed: Bool
  var right: Int?
  var because: String?
  /// The same question in other words, some steps ago, and both counts in a sentence.
  var before: Poll.Before?
  var then: String?
  var chosen: Int?
}
