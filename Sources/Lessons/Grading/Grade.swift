// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The grade of a learner's hand-in for a lesson.
package struct Grade: Encodable, Sendable {
  /// In one word, how far the hand-in goes.
  package enum Status: String, Encodable, Sendable {
    /// Every step that asks something was done, and every question answered.
    case complete
    case partly
    /// Nothing of the lesson was done.
    case empty
    /// It is a hand-in of another lesson.
    case otherLesson = "other-lesson"
    /// There is no text to be read.
    case unreadable
    /// Its commands could not be run to their end.
    case failed

    /// Whether the row is a mark.
    package var isMark: Bool { self == .complete || self == .partly }
    /// Whether there is a hand-in of the lesson at all.
    var isOfLesson: Bool { self != .unreadable && self != .otherLesson }
  }

  /// A step that asks something.
  package struct Step: Encodable, Sendable {
    package var step: Int
    package var done: Bool
    /// Hints given before it was done.
    package var hints: Int
    /// Whether the solution, or the answer to its question, was looked at before it was done.
    package var solution: Bool
    package var skipped: Bool
    /// The number of tries: those that failed, and the one that succeeded.
    package var tries: Int
    /// The foreseen mistakes that were made, each by the line of its `yaml wrong`.
    var mistakes: [Int]
    /// Whether it was the solution that was looked at: the answer costs the question and not what is to be done.
    var sawSolution: Bool

    private enum CodingKeys: String, CodingKey { case step, done, hints, solution, skipped, tries }

    /// Its worth, of ten points. A hint costs two of them and a look at the solution five, down to one: doing it with
    /// help is worth more than not doing it. A skipped step is worth nothing, then or later.
    var points: Int { done && !skipped ? max(1, 10 - 2 * hints - (sawSolution ? 5 : 0)) : 0 }
  }

  package struct Question: Encodable, Sendable {
    package var step: Int
    package var first: StepMarks.First
    /// The choices in their order, from 1.
    package var choices: [Int]
    /// Whether it was answered correctly in the end.
    package var right: Bool

    /// A right first answer gets full marks, a later one half.
    var points: Int { first == .right ? 10 : right ? 5 : 0 }
  }

  /// The file as it was named.
  package var file: String
  package var name: String
  package var lesson: String
  package var status: Status
  /// The reason for the status, and other remarks; nil if there is nothing to say.
  package var reason: String?
  /// 0 to 100.
  package var score: Int
  package var steps: [Step]
  package var questions: [Question]
  /// The commands, to find hand-ins that are the same.
  var commands: [String] = []

  private enum CodingKeys: String, CodingKey { case file, name, lesson, status, reason, score, steps, questions }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(name, forKey: .name)
    try container.encode(lesson, forKey: .lesson)
    try container.encode(status, forKey: .status)
    try container.encode(reason, forKey: .reason)
    try container.encode(score, forKey: .score)
    try container.encode(steps, forKey: .steps)
    try container.encode(questions, forKey: .questions)
  }

  /// A hand-in that was not replayed.
  init(file: String, name: String, lesson: Lesson, status: Status, reason: String) {
    self.init(file: file, name: name, lesson: lesson, progress: nil, problem: nil)
    self.status = status
    self.reason = reason
  }

  /// - Parameters:
  ///   - isTouched: whether anything was typed in the lesson other than beginning and leaving it.
  ///   - problem: why the hand-in was not run to its end; nil if it was.
  init(
    file: String, name: String, lesson: Lesson, progress: Progress.Entry?, isTouched: Bool = true, problem: String?
  ) {
    self.file = file
    self.name = name
    self.lesson = lesson.id
    let marks = progress?.steps ?? [:]
    let asking = lesson.steps.enumerated().filter { !$0.element.isForReading }.map { ($0.offset + 1, $0.element) }
    steps = asking.map { number, _ in
      let marks = marks[number] ?? StepMarks()
      return Step(
        step: number, done: marks.isDone, hints: marks.hints, solution: marks.sawSolution || marks.sawAnswer,
        skipped: marks.wasSkipped, tries: marks.misses + (marks.isDone ? 1 : 0), mistakes: marks.mistakes,
        sawSolution: marks.sawSolution)
    }
    questions = asking.filter { $0.1.prediction != nil }.map { number, _ in
      let marks = marks[number] ?? StepMarks()
      return Question(step: number, first: marks.first, choices: marks.choices, right: marks.isRight)
    }
    // A step that only asks a question is worth as much as its answer.
    let toDo = Set(asking.filter { $0.1.expectationLine != nil }.map(\.0))
    let points = steps.filter { toDo.contains($0.step) }.map(\.points) + questions.map(\.points)
    score = points.isEmpty ? 0 : (points.reduce(0, +) * 10 + points.count / 2) / points.count
    (status, reason) = (.complete, nil)
    (status, reason) = judged(problem: problem, isTouched: isTouched, toDo: toDo)
  }

  private func judged(problem: String?, isTouched: Bool, toDo: Set<Int>) -> (Status, String?) {
    if let problem { return (.failed, problem) }
    guard isTouched else { return (.empty, said("the lesson was begun and left: none of it was done")) }
    let undone = steps.filter { toDo.contains($0.step) && !$0.done && !$0.skipped }.map(\.step)
    let skipped = steps.filter(\.skipped).map(\.step)
    let unanswered = questions.filter { $0.first == .none && !skipped.contains($0.step) }.map(\.step)
    let parts = [
      undone.isEmpty ? nil : said("not done: \(Self.list(undone))"),
      unanswered.isEmpty ? nil : said("not answered: the question of \(Self.list(unanswered))"),
      skipped.isEmpty ? nil : said("skipped: \(Self.list(skipped))"),
    ].compactMap { $0 }
    return parts.isEmpty ? (.complete, nil) : (.partly, parts.joined(separator: "; "))
  }

  private static func list(_ steps: [Int]) -> String {
    let numbers = steps.map(String.init).listed(.and)
    return steps.count == 1 ? said("step \(numbers)") : said("steps \(numbers)")
  }

  /// Adds a remark.
  mutating func note(_ words: String) { reason = reason.map { "\($0); \(words)" } ?? words }
}
