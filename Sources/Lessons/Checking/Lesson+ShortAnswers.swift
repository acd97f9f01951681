// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension Lesson {
  /// Notes on questions in which a short answer gives the right choice away: it is accepted for that one, and refused
  /// for the others.
  var notesOnShortAnswers: [LessonProblem] {
    steps.flatMap(\.predictions).flatMap { question in
      var notes: [String] = []
      if question.favorsItsAnswer {
        notes.append(
          said(
            "only the right choice has a short form under 'accept', so that being refused gives the answer away; write ",
            "short forms for the other choices too"))
      }
      for (form, owner, other) in question.sharedForms {
        notes.append(said("'\(form)' is accepted for choice \(owner) alone, and is short for choice \(other) as well"))
      }
      return notes.map { LessonProblem(file: file, line: question.line, message: $0) }
    }
  }
}

extension Lesson.Prediction {
  /// Whether the right choice alone has a short form, although another has more than one word.
  fileprivate var favorsItsAnswer: Bool {
    guard !choices[answer - 1].accepted.isEmpty else { return false }
    let long = choices.indices.filter { $0 != answer - 1 && choices[$0].text.contains(" ") }
    return !long.isEmpty
      && long.allSatisfy { choices[$0].accepted.isEmpty && AnswerText.values(of: choices[$0].text).isEmpty }
  }

  /// The forms written for one choice that another one has by itself, with the places of both, from 1.
  fileprivate var sharedForms: [(form: String, owner: Int, other: Int)] {
    var found: [(String, Int, Int)] = []
    for (owner, choice) in choices.enumerated() {
      for form in choice.accepted {
        let normalized = AnswerText.normalized(form)
        for (other, rival) in choices.enumerated()
        where other != owner && AnswerText.values(of: rival.text).contains(normalized) {
          found.append((form, owner + 1, other + 1))
        }
      }
    }
    return found
  }
}
