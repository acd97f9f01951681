// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// The words for errors of commands in a lesson.
enum LessonWording {
  /// The error's sentence, with the probable meaning.
  static func message(for error: SessionError) -> String {
    let report = ErrorWording.report(for: error)
    return report.message + (report.suggestion.map { " (did you mean '\($0)'?)" } ?? "")
  }
}
