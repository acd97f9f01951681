// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `skip`
struct SkipCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "skip", group: .lessons, effect: .guides,
    summary: said("goes on without having done the step"),
    details: [said("The step's solution is run instead of yours; for a question, you read the answer and the reason.")],
    examples: ["lesson who-are-you", "skip"], seeAlso: ["next", "solution"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let equivalent = session.tutor.flatMap { $0.lesson.allowsSkip ? nil : $0.lineToGoOn }
    var outcome = try session.leaveStep { tutor, session throws(CommandError) in
      if tutor.mayGoOn || !tutor.lesson.allowsSkip {
        guard tutor.mayLeave else { throw CommandError(.noSkipping) }
        return tutor.goOn(in: &session, skipped: nil)
      }
      if let question = tutor.openQuestion, session.classQuestion(tutor) != nil {
        throw CommandError(.classIsAsked(choices: question.choices.count))
      }
      tutor.keep(.skipped)
      let (question, solution) = (tutor.openQuestion, tutor.step.solution.map(\.value))
      var content = tutor.goOn(in: &session, skipped: solution)
      if var report = content as? StepReport {
        report.skippedQuestion = question
        content = report
      }
      return content
    }
    outcome.equivalentLine = equivalent
    return outcome
  }
}
