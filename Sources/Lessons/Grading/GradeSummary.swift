// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

/// The summary of all hand-ins for a lesson: the parts to teach again.
package struct GradeSummary: Encodable, Sendable {
  package struct Step: Encodable, Sendable {
    package struct Mistake: Encodable, Hashable, Sendable {
      /// The line of the lesson's `yaml wrong`.
      package var line: Int
      /// The hand-ins in which it was made.
      package var count: Int
    }
    package var step: Int
    /// The hand-ins in which it was done.
    package var done: Int
    /// Hints that were given, all together.
    package var hints: Int
    /// The hand-ins in which the solution was looked at first.
    package var solution: Int
    package var wrong: [Mistake]
  }

  package struct Question: Encodable, Sendable {
    package var step: Int
    /// First answers, by choice.
    package var votes: [Int]
    /// The right choice, from 1.
    package var right: Int
  }

  package var lesson: String
  /// The hand-ins that count: those of this lesson that can be read.
  package var handIns: Int
  package var steps: [Step]
  package var questions: [Question]
  /// Steps that cost marks, the one that cost most first.
  package var teachAgain: [Int]

  private enum CodingKeys: String, CodingKey {
    case lesson, steps, questions
    case handIns = "hand_ins"
    case teachAgain = "teach_again"
  }

  package init(_ grades: [Grade], of lesson: Lesson) {
    self.lesson = lesson.id
    let counted = grades.filter(\.status.isOfLesson)
    handIns = counted.count
    let asking = lesson.steps.indices.filter { !lesson.steps[$0].isForReading }.map { $0 + 1 }
    steps = asking.map { number in
      let all = counted.compactMap { grade in grade.steps.first { $0.step == number } }
      var wrong: [Int: Int] = [:]
      for step in all { for line in Set(step.mistakes) { wrong[line, default: 0] += 1 } }
      return Step(
        step: number, done: all.count(where: \.done), hints: all.reduce(0) { $0 + $1.hints },
        solution: all.count(where: \.solution),
        wrong: wrong.map { Step.Mistake(line: $0.key, count: $0.value) }
          .sorted { ($1.count, $0.line) < ($0.count, $1.line) })
    }
    questions = asking.compactMap { number in
      guard let question = lesson.steps[number - 1].prediction else { return nil }
      var votes = Array(repeating: 0, count: question.choices.count)
      for grade in counted {
        guard let first = grade.questions.first(where: { $0.step == number })?.choices.first,
          votes.indices.contains(first - 1)
        else { continue }
        votes[first - 1] += 1
      }
      return Question(step: number, votes: votes, right: question.answer)
    }
    var lost: [Int: Int] = [:]
    for grade in counted {
      for step in grade.steps where lesson.steps[step.step - 1].expectationLine != nil {
        lost[step.step, default: 0] += 10 - step.points
      }
      for question in grade.questions { lost[question.step, default: 0] += 10 - question.points }
    }
    teachAgain = lost.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  package var json: String { JSONRenderer().line(for: self) }

  /// For the teacher: the parts to teach again, then the steps in their order.
  package func text(of lesson: Lesson, style: TextStyle) -> String {
    var page = Page(style: style)
    page.add("\(lesson.title, .heading): \(Count.of(handIns, "hand-in"))")
    page.addGap()
    if !teachAgain.isEmpty, handIns > 0 {
      page.add(StyledText(said("Teach again, costliest first:"), .heading))
      for number in teachAgain {
        page.add("\(number, .heading)  \(lesson.steps[number - 1].title)", indent: 2, hanging: 5)
        for line in words(ofStep: number, in: lesson) { page.add(StyledText(line), indent: 5) }
      }
      page.addGap()
    }
    let good = steps.map(\.step).filter { !teachAgain.contains($0) }
    if !good.isEmpty, handIns > 0 {
      page.add(
        said(
          "Everybody did \(good.count == 1 ? said("step") : said("steps")) \(good.map(String.init).joined(separator: ", ")) without help."
        )
      )
    }
    return page.text
  }

  private func words(ofStep number: Int, in lesson: Lesson) -> [String] {
    var lines: [String] = []
    let inLesson = lesson.steps[number - 1]
    if let step = steps.first(where: { $0.step == number }), inLesson.expectationLine != nil {
      var parts = [said("done by \(step.done) of \(handIns)")]
      if step.hints > 0 { parts.append(Count.of(step.hints, "hint")) }
      if step.solution > 0 { parts.append(said("\(step.solution) looked at the solution")) }
      lines.append(parts.joined(separator: ", "))
      for mistake in step.wrong {
        let reply = inLesson.mistakes.first { $0.line == mistake.line }?.reply ?? ""
        let words = reply.split { $0 == " " || $0.isNewline }.prefix(14).joined(separator: " ")
        lines.append(said("\(mistake.count) × the mistake on line \(mistake.line): \(words) …"))
      }
    }
    if let question = questions.first(where: { $0.step == number }), let asked = inLesson.prediction {
      lines.append(asked.question)
      for (index, choice) in asked.choices.enumerated() {
        lines.append("\(index + 1 == question.right ? "✓" : " ") \(question.votes[index])  \(choice.text)")
      }
    }
    return lines
  }
}
