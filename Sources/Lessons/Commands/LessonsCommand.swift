// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `lessons`
struct LessonsCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "lessons", strangers: ["tutorial", "tutorials", "course", "learn"], group: .lessons, effect: .looks,
    summary: said("lists the lessons, and how far you are in each"), examples: ["lessons"], seeAlso: ["lesson"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(try session.lessonList(showsDetails: false))
  }
}
