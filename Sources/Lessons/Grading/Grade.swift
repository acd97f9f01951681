// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// What a learner's script comes to in a lesson.
package struct Grade: Encodable, Sendable {
  /// The script as it was named.
  package var file: String
  package var lesson: String
  /// Steps that ask something, and how many of them were done.
  package var steps: Int
  package var done: Int
  package var hints: Int
  package var skips: Int
  /// Steps whose solution was looked at.
  package var solutions: Int
  /// 0 to 100.
  package var score: Int
  /// Why the script was not run to its end; nil where it was.
  package var problem: String?

  private enum CodingKeys: String, CodingKey {
    case file, lesson, steps, done, hints, skips, solutions, score, problem
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(lesson, forKey: .lesson)
    try container.encode(steps, forKey: .steps)
    try container.encode(done, forKey: .done)
    try container.encode(hints, forKey: .hints)
    try container.encode(skips, forKey: .skips)
    try container.encode(solutions, forKey: .solutions)
    try container.encode(score, forKey: .score)
    try container.encode(problem, forKey: .problem)
  }

  /// A step done is worth ten points; a hint costs two of them and a look at the solution five, down to one: who did it
  /// with help has done more than who did not. A step that was skipped is worth nothing.
  init(file: String, lesson: Lesson, progress: Progress.Entry?, problem: String?) {
    self.file = file
    self.lesson = lesson.id
    self.problem = problem
    let entry = progress ?? Progress.Entry()
    let asked = lesson.steps.indices.filter { !lesson.steps[$0].isForReading }.map { $0 + 1 }
    let finished = asked.compactMap { entry.steps[$0] }.filter(\.isDone)
    steps = asked.count
    done = finished.count
    hints = entry.steps.values.reduce(0) { $0 + $1.hints }
    skips = entry.steps.values.filter(\.wasSkipped).count
    solutions = entry.steps.values.filter(\.sawSolution).count
    let points = finished.map { $0.wasSkipped ? 0 : max(1, 10 - 2 * $0.hints - ($0.sawSolution ? 5 : 0)) }
    score = asked.isEmpty ? 0 : (points.reduce(0, +) * 10 + asked.count / 2) / asked.count
  }
}

/// Grades for people, for a spreadsheet, for a program.
package enum GradeTable {
  private static let columns = ["file", "steps", "done", "hints", "skips", "solutions", "score", "problem"]

  private static func cells(_ grade: Grade) -> [String] {
    [grade.file] + [grade.steps, grade.done, grade.hints, grade.skips, grade.solutions, grade.score].map(String.init)
      + [grade.problem ?? ""]
  }

  package static func text(_ grades: [Grade], style: TextStyle) -> String {
    var table = TextTable(
      columns.dropLast().enumerated().map { .init($0.element, $0.offset > 0 ? .right : .left) })
    for grade in grades { table.addRow(cells(grade).dropLast().map { StyledText($0) }) }
    var page = Page(style: style)
    table.add(to: &page)
    for grade in grades {
      if let problem = grade.problem { page.add("\(grade.file): \(problem)", hanging: 2) }
    }
    return page.text
  }

  /// Comma-separated values (RFC 4180), with a header.
  package static func csv(_ grades: [Grade]) -> String {
    ([columns] + grades.map(cells)).map { $0.map(field).joined(separator: ",") }.joined(separator: "\n")
  }

  private static func field(_ text: String) -> String {
    // A spreadsheet takes what begins like a formula for one, and a file's name is the learner's to choose.
    let text = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// One object a line.
  package static func json(_ grades: [Grade]) -> String {
    grades.map { JSONRenderer().line(for: $0) }.joined(separator: "\n")
  }
}
