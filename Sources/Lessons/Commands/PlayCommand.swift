// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `play` · `play end`
struct PlayCommand: Command {
  let ends: Bool

  init(_ arguments: Arguments) throws(SyntaxError) { ends = arguments.choice("end") != nil }

  /// Play is not part of the lesson, and not saved once it has ended.
  var effect: CommandDeclaration.Effect { ends ? .looks : .guides }

  static let declaration = CommandDeclaration(
    Self.self, "play", group: .lessons, effect: .guides, forms: [[.choice("end", ["end"])]],
    summary: said("lets you try things on a copy of the lesson's network"),
    details: [said("`play end` brings the lesson's back.")],
    examples: ["lesson who-are-you", "play", "play end"], seeAlso: ["restart", "undo"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      if ends {
        guard let lessons = tutor.lessonSession else { throw CommandError(.notPlaying) }
        tutor.lessonSession = nil
        session.goBack(to: lessons)
        return CommandOutcome(LessonNotice.backFromPlaying(tutor.place()))
      }
      guard !tutor.isPlaying else { throw CommandError(.alreadyPlaying) }
      var kept = session
      kept.companion = nil
      tutor.lessonSession = kept
      session.beginChapter(session.network, lines: [])
      return CommandOutcome(LessonNotice.playing)
    }
  }
}
