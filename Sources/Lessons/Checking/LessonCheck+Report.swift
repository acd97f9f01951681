// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

extension LessonCheck.Report {
  /// A line a problem, or one that says that there is none.
  package var text: String {
    guard problems.isEmpty else { return problems.map(Self.line).joined(separator: "\n") }
    return lessons.count == 1 ? "1 lesson, no problem" : "\(lessons.count) lessons, no problems"
  }

  /// The problem as it may be printed: a file's name can hold anything.
  private static func line(_ problem: LessonProblem) -> String { StyledText(problem.description).plain }

  /// One object: `{"lessons": ["hidden-device"], "ok": true, "problems": []}`.
  package var json: String {
    JSONRenderer().line(for: Object(lessons: lessons.map(\.id), ok: problems.isEmpty, problems: problems))
  }

  private struct Object: Encodable {
    var lessons: [String]
    var ok: Bool
    var problems: [LessonProblem]
  }
}
