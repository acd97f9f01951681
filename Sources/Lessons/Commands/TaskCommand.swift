// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `task`
struct TaskCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "task", group: .lessons, effect: .looks, summary: said("shows again what the lesson asks"),
    examples: ["lesson who-are-you", "task"], seeAlso: ["check", "hint"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let tutor = session.tutor else { throw CommandError(.notInLesson) }
    var report = tutor.stepReport()
    if !tutor.mayGoOn, tutor.openQuestion == nil, tutor.step.expectationLine != nil {
      report.missing = tutor.missing(in: tutor.lessonSession ?? session)
    }
    return CommandOutcome(report)
  }
}
