// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

/// Grades for people, for a spreadsheet, for a program.
package enum GradeTable {
  // MARK: For people

  package static func text(_ grades: [Grade], style: TextStyle) -> String {
    var columns: [TextTable.Column] = [
      .init(said("file")), .init(said("name")), .init(said("status")), .init(said("score"), .right),
    ]
    let steps = grades.first?.steps.map(\.step) ?? []
    let questions = grades.first?.questions.map(\.step) ?? []
    let numbers = Set(steps).union(questions).sorted()
    columns += numbers.map { .init(String($0)) }
    var table = TextTable(columns)
    for grade in grades {
      let known = grade.status.isOfLesson
      table.addRow(
        [
          StyledText(grade.file), StyledText(grade.name), StyledText(grade.status.rawValue, role(of: grade.status)),
          StyledText(known ? String(grade.score) : ""),
        ] + numbers.map { known ? cell(grade, step: $0) : StyledText() })
    }
    var page = Page(style: style)
    table.add(to: &page)
    for grade in grades {
      if let reason = grade.reason { page.add("\(grade.file): \(reason)", hanging: 2) }
    }
    page.addGap()
    page.add(
      StyledText(

        said(
          "One column per step: ✓ done, h hints, s with the solution, - skipped. ? is its question: ✓ right first time, ½ right ",
          "later, ✗ wrong."), .faint))
    return page.text
  }

  private static func role(of status: Grade.Status) -> TextRole {
    switch status {
    case .complete: .new
    case .partly: .plain
    case .empty, .otherLesson, .unreadable, .failed: .refused
    }
  }

  private static func cell(_ grade: Grade, step number: Int) -> StyledText {
    var text = ""
    let question = grade.questions.first { $0.step == number }
    if let step = grade.steps.first(where: { $0.step == number }) {
      if step.skipped {
        text = "-"
      } else if step.done, question == nil || step.tries > 0 {
        text = "✓" + (step.hints > 0 ? "\(step.hints)h" : "") + (step.solution ? "s" : "")
      }
    }
    if let question {
      switch question.first {
      case .right: text += "?✓"
      case .wrong: text += question.right ? "?½" : "?✗"
      case .none: break
      }
    }
    return StyledText(text)
  }

  // MARK: For a spreadsheet

  /// Comma-separated values (RFC 4180), with a header: one column per step and per question.
  package static func csv(_ grades: [Grade]) -> String {
    let first = grades.first
    let header =
      ["file", "name", "lesson", "status", "reason", "score"] + (first?.steps.map { "step \($0.step)" } ?? [])
      + (first?.questions.map { "question \($0.step)" } ?? [])
    let rows = grades.map { grade in
      [grade.file, grade.name, grade.lesson, grade.status.rawValue, grade.reason ?? "", String(grade.score)]
        + grade.steps.map(words) + grade.questions.map(words)
    }
    return ([header] + rows).map { $0.map(field).joined(separator: ",") }.joined(separator: "\n")
  }

  /// `done; 2 hints; 3 tries`
  private static func words(_ step: Grade.Step) -> String {
    var parts = [step.skipped ? "skipped" : step.done ? "done" : "not done"]
    if step.hints > 0 { parts.append(Count.of(step.hints, "hint")) }
    if step.solution { parts.append("solution") }
    if step.tries > 1 || step.tries > 0 && !step.done { parts.append(Count.of(step.tries, "try", "tries")) }
    return parts.joined(separator: "; ")
  }

  /// `right at first`, `right later: 1 3`, `wrong: 1`
  private static func words(_ question: Grade.Question) -> String {
    let choices = question.choices.map(String.init).joined(separator: " ")
    return switch question.first {
    case .right: "right at first"
    case .wrong: question.right ? "right later: \(choices)" : "wrong: \(choices)"
    case .none: "not answered"
    }
  }

  /// A value as a field: with quotation marks where it needs them.
  package static func field(_ text: String) -> String {
    // A spreadsheet reads text that looks like a formula as one, and a file's name is the learner's to choose.
    let text = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  // MARK: For a program

  /// One object per line.
  package static func json(_ grades: [Grade]) -> String {
    grades.map { JSONRenderer().line(for: $0) }.joined(separator: "\n")
  }
}
