// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// The question of a lesson that a class is being asked, lent to the session of somebody in it: to answer it is to vote, and
/// nobody is told what is right before everybody is.
package struct ClassQuestion: Hashable, Sendable {
  package var lesson: String
  /// Counted from 1.
  package var step: Int
  /// The choice for which the learner has voted already, from 1.
  package var chosen: Int?

  package init(lesson: String, step: Int, chosen: Int? = nil) {
    self.lesson = lesson
    self.step = step
    self.chosen = chosen
  }
}

extension ClassQuestion: Recording {
  /// What is replayed was answered before the class was asked, or after.
  package var withoutRecord: any Sendable { ClassQuestion(lesson: "", step: 0) }
}

extension Session {
  /// What the class is being asked, if that is the tutor's own question.
  func classQuestion(_ tutor: Tutor) -> ClassQuestion? {
    self[ClassQuestion.self].flatMap { $0.lesson == tutor.lesson.id && $0.step == tutor.index + 1 ? $0 : nil }
  }
}

/// `answer` while the class is being asked: a vote. Nothing has happened in the lesson.
package struct VoteReport: LessonContent {
  /// From 1.
  package var choice: Int
  var words: String

  private enum CodingKeys: String, CodingKey {
    case choice = "vote"
    case words = "answer"
  }
}

extension SessionError {
  /// Whether it was refused only because the class is being asked: after that, the same may well be carried out.
  package var isForClassQuestion: Bool {
    guard case .command(let error) = self, case .other(let fault as LessonFault) = error.kind else { return false }
    return switch fault {
    case .classIsAsked, .hasVoted: true
    default: false
    }
  }
}
