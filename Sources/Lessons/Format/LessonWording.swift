// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The words for errors of commands in a lesson.
enum LessonWording {
  /// A reported error's sentence, with the probable meaning.
  static func sentence(of report: ErrorReport) -> String {
    report.message + (report.suggestion.map { said(" (did you mean '\($0)'?)") } ?? "")
  }

  /// The error's sentence, with the probable meaning.
  static func message(for error: SessionError) -> String {
    sentence(of: ErrorWording.report(for: error))
  }
}
