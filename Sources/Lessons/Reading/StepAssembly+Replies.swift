// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The blocks that make the tutor say something: foreseen mistakes and questions.
extension StepAssembly {
  mutating func mistake(_ value: YAMLValue, _ line: Int) -> Lesson.ForeseenMistake? {
    guard let entries = entries(value, of: "yaml wrong", required: ["when", "say", "example"]),
      let when = entries["when"], let reply = markdown(entries["say"], key: "say")
    else { return nil }
    return Lesson.ForeseenMistake(
      line: line, when: conditions(when), reply: reply, example: commands(entries["example"]))
  }

  mutating func prediction(_ value: YAMLValue, _ line: Int) -> Lesson.Prediction? {
    guard
      let entries = entries(
        value, of: "yaml predict", required: ["ask", "choices", "answer", "because", "proof"],
        optional: ["hint", "again"]),
      let question = text(entries["ask"], key: "ask"), let because = markdown(entries["because"], key: "because"),
      let answer = text(entries["answer"], key: "answer")
    else { return nil }
    guard case .list(let values, let choicesLine)? = entries["choices"], values.count >= 2 else {
      report(entries["choices"]?.line ?? line, said("'choices' is a list of at least two answers"))
      return nil
    }
    let choices = values.compactMap { choice($0) }
    guard choices.count == values.count else { return nil }
    checkApart(choices, line: choicesLine)
    let answerLine = entries["answer"]?.line ?? line
    guard let place = Int(answer), (1...choices.count).contains(place) else {
      report(answerLine, said("'answer' is the number of the right choice, from 1 to \(choices.count)"))
      return nil
    }
    let hints = entries["hint"].map { texts($0, key: "hint") } ?? []
    guard let proof = entries["proof"],
      let parts = self.entries(proof, of: "proof", required: ["run", "expect"]), let expect = parts["expect"]
    else { return nil }
    let outcomes = outcomes(expect, choices: choices.count)
    let again = text(entries["again"], key: "again")
    return Lesson.Prediction(
      line: line, question: question, choices: choices, answer: place, answerLine: answerLine, because: because,
      hints: hints, proof: commands(parts["run"]), expectation: outcomes.map { $0[place - 1] } ?? conditions(expect),
      outcomes: outcomes ?? [], again: again.map { Lesson.Located($0, line: entries["again"]?.line ?? line) })
  }

  /// Finds the questions that others ask again in other words.
  mutating func connectRepetitions() {
    for index in steps.indices {
      guard let again = steps[index].prediction?.again else { continue }
      let earlier = steps[..<index].filter { $0.prediction != nil }.map(\.title)
      if let place = steps[..<index].lastIndex(where: { $0.title == again.value && $0.prediction != nil }) {
        steps[index].predictions[0].againIndex = place
      } else {
        report(
          again.line,
          said("no earlier step called '\(again.value)' asks a question")
            + ConditionReader.suggestion(again.value, earlier) + said("; 'again' is the heading of one that does"))
      }
    }
  }

  /// A choice: its words alone, or a map with other ways to say it and the reply to a learner who picks it.
  private mutating func choice(_ value: YAMLValue) -> Lesson.Choice? {
    guard case .map = value else { return text(value, key: "choices").map { Lesson.Choice(text: $0) } }
    guard
      let entries = entries(value, of: "choices", required: ["choice"], optional: ["accept", "because"]),
      let words = text(entries["choice"], key: "choice")
    else { return nil }
    return Lesson.Choice(
      text: words, accepted: entries["accept"].map { texts($0, key: "accept").map(\.value) } ?? [],
      because: markdown(entries["because"], key: "because"))
  }

  /// A text, or a list of texts.
  private mutating func texts(_ value: YAMLValue, key: String) -> [Lesson.Located<String>] {
    guard case .list(let values, _) = value else {
      return text(value, key: key).map { [Lesson.Located($0, line: value.line)] } ?? []
    }
    return values.compactMap { value in text(value, key: key).map { Lesson.Located($0, line: value.line) } }
  }

  /// Checks that no answer can mean two choices.
  private mutating func checkApart(_ choices: [Lesson.Choice], line: Int) {
    var owner: [String: Int] = [:]
    for (place, choice) in choices.enumerated() {
      let forms = Set(([choice.text] + choice.accepted).map(AnswerText.normalized))
      for form in forms.sorted() {
        if let other = owner.updateValue(place, forKey: form), other != place {
          report(line, said("two of the choices are the same: '\(form)' stands for both"))
        }
        if let number = Int(form), choices.indices.contains(number - 1), number - 1 != place {
          report(
            line, said("'\(form)' would be a choice's value and another one's number; word the choice differently"))
        }
      }
    }
  }
}
