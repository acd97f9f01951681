// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension Tutor {
  /// While a question is open, its answer by number or by its own words will do.
  package func commandMeant(by line: String) -> String? {
    guard let question = openQuestion, !isPlaying else { return nil }
    var words = line[...]
    if words.lowercased().hasPrefix("answer ") { words = words.dropFirst(7) }
    if let choice = Self.choice(String(words), of: question) { return "answer \(choice)" }
    // A number that no choice has is an answer all the same, and is told so.
    return Int(words).map { "answer \($0)" }
  }

  /// The choice that an answer means, from 1: its number, its words, the beginning of only one, or words
  /// of only one.
  static func choice(_ answer: String, of question: Lesson.Prediction) -> Int? {
    let answer = normalized(answer)
    guard !answer.isEmpty else { return nil }
    let choices = question.choices.map(normalized)
    // A choice may be a number itself; then what is typed is the value.
    if let place = choices.firstIndex(of: answer) { return place + 1 }
    if let number = Int(answer), choices.indices.contains(number - 1) { return number }
    let begun = choices.indices.filter { choices[$0].hasPrefix(answer) }
    if begun.count == 1 { return begun[0] + 1 }
    // Words that stand in one choice alone tell it as well as its beginning does.
    let wanted = words(of: answer)
    let holding = choices.indices.filter { wanted.isSubset(of: words(of: choices[$0])) }
    return holding.count == 1 ? holding[0] + 1 : nil
  }

  private static func words(of text: String) -> Set<Substring> {
    Set(text.split { " ,;:()".contains($0) })
  }

  private static func normalized(_ text: String) -> String {
    var words = text.lowercased().split { $0 == " " || $0 == "\t" }.joined(separator: " ")[...]
    while let last = words.last, ".!\"'`".contains(last) { words.removeLast() }
    while let first = words.first, "\"'`".contains(first) { words.removeFirst() }
    return String(words)
  }

  /// Takes an answer, and shows in the simulation what is so.
  mutating func answer(_ choice: Int, to question: Lesson.Prediction, in session: Session) -> AnswerReport {
    state.answer = choice
    keep(.answered(choice, isRight: choice == question.answer))
    var proof = rehearsal()
    var shown: [CommandResult] = []
    var broken: [LessonProblem] = []
    for line in question.proof?.lines ?? [] {
      do throws(Rehearsal.Failure) {
        shown += try proof.run(line)
      } catch {
        broken.append(LessonProblem(file: lesson.file, line: error.line, message: error.message))
      }
    }
    if broken.isEmpty, let missing = proof.context.missing(question.expectation).first {
      broken.append(
        LessonProblem(
          file: lesson.file, line: question.line, message: "the proof does not show the answer: \(missing)"))
    }
    var parts: [TutorRemark.Part] = broken.isEmpty ? [] : [.broken(broken)]
    let context = ConditionContext(session: session, record: record)
    if step.expectationLine == nil || context.hold(step.expectation) {
      parts.append(finish(context))
    } else {
      parts.append(.notYet(Array(context.missing(step.expectation).prefix(1)), isCheck: false))
    }
    return AnswerReport(
      place: place(), choice: choice, choices: question.choices, right: question.answer, because: question.because,
      proof: shown, parts: parts)
  }
}
