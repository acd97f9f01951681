// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `solution`
struct SolutionCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "solution", strangers: ["solve"], group: .lessons, effect: .guides,
    summary: said("shows commands that do the lesson's step, or the answer to its question"),
    details: [said("The commands are only shown; `skip` runs them.")],
    examples: ["lesson who-are-you", "solution"], seeAlso: ["hint", "skip"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      if let question = tutor.openQuestion {
        guard session.classQuestion(tutor) == nil else {
          throw CommandError(.classIsAsked(choices: question.choices.count))
        }
        return CommandOutcome(tutor.giveAnswer(to: question, in: tutor.lessonSession ?? session))
      }
      let solution = tutor.step.solution.map(\.value)
      guard !solution.isEmpty else {
        throw CommandError(tutor.step.isForReading ? .noSolution : .noQuestion(mayGoOn: tutor.mayLeave))
      }
      tutor.keep(.shown)
      return CommandOutcome(SolutionReport(solution: solution))
    }
  }
}
