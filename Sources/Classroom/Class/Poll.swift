// SPDX-License-Identifier: GPL-3.0-or-later

/// A question to the class, and what it has answered.
struct Poll: Sendable {
  /// Counted up from one question to the next.
  let number: Int
  let question: String
  let choices: [String]
  /// The right choice, from 1, where there is one. Nobody is told before it is revealed.
  private let right: Int?
  /// Whether it is the question of the teacher's lesson.
  let isLessons: Bool
  private(set) var because: String?
  private(set) var isRevealed = false
  /// The choice of each learner who has answered, by the name of the learner's file.
  private var answers: [String: Int] = [:]

  init(number: Int, question: String, choices: [String], right: Int? = nil, isLessons: Bool = false) {
    self.number = number
    self.question = question
    self.choices = choices
    self.right = right
    self.isLessons = isLessons
  }

  /// How many have taken each choice.
  var counts: [Int] { choices.indices.map { choice in answers.values.count { $0 == choice + 1 } } }
  var answered: Int { answers.count }
  /// The right choice once it is revealed.
  var revealed: Int? { isRevealed ? right : nil }

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
      right: revealed, because: isRevealed ? because : nil, chosen: nil)
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
  var chosen: Int?
}
