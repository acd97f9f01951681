// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

extension LessonCheck.Report {
  /// One line per problem, or one that says that there are none.
  package var text: String {
    (problems.map(Self.line) + notes.map(Self.note) + (problems.isEmpty ? [summary] : [])).joined(separator: "\n")
  }

  private var summary: String {
    let counts = [
      lessons.isEmpty ? nil : Count.of(lessons.count, "lesson"),
      demonstrations > 0 ? Count.of(demonstrations, "demonstration") : nil,
    ].compactMap(\.self)
    return counts.joined(separator: ", ")
      + (lessons.count + demonstrations == 1 ? said(", no problem") : said(", no problems"))
  }

  private static func note(_ note: LessonProblem) -> String {
    StyledText(said("\(note.file):\(note.line): note: \(note.message)")).plain
  }

  /// The problem as it may be printed: a file's name can contain anything.
  private static func line(_ problem: LessonProblem) -> String { StyledText(problem.description).plain }

  /// One object: `{"lessons": ["hidden-device"], "ok": true, "problems": [], "notes": []}`.
  package var json: String {
    JSONRenderer().line(for: Object(lessons: lessons.map(\.id), ok: problems.isEmpty, problems: problems, notes: notes))
  }

  private struct Object: Encodable {
    var lessons: [String]
    var ok: Bool
    var problems: [LessonProblem]
    var notes: [LessonProblem]
  }
}
