// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `answer N|TEXT`
struct AnswerCommand: Command {
  let answer: Located<String>

  init(_ arguments: Arguments) throws(SyntaxError) { answer = try arguments.text("ANSWER") }

  static let declaration = CommandDeclaration(
    Self.self, "answer", aliases: ["a"], group: .lessons, effect: .guides, forms: [[.required("ANSWER", .text)]],
    summary: said("answers the lesson's question, by number or in its words"),
    details: [
      said(
        "While a question is open, the number or the words alone are enough. After a wrong answer you may try again; `hint` ",
        "helps, and `solution` shows the answer.")
    ],
    examples: ["lesson direct-call 3", "answer 45.10.20.30:5000"], seeAlso: ["task", "hint", "solution"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      guard let question = tutor.openQuestion else { throw CommandError(.noQuestion(mayGoOn: tutor.mayLeave)) }
      guard let choice = AnswerText.choice(answer.value, of: question) else {
        throw Tutor.refusal(of: answer.value, to: question, at: answer.columns)
      }
      if let asked = session.classQuestion(tutor) {
        if let chosen = asked.chosen { throw CommandError(.hasVoted(choice: chosen)) }
        var outcome = CommandOutcome(VoteReport(choice: choice, words: question.choices[choice - 1].text))
        outcome.changedNothing = true
        return outcome
      }
      let report = tutor.answer(choice, to: question, in: tutor.lessonSession ?? session)
      var outcome = CommandOutcome(report)
      outcome.equivalentLine = "answer \(choice)"
      return outcome
    }
  }
}
