// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

/// A record of a learner's work on all lessons, to keep.
package struct Certificate: Sendable {
  package struct Row: Sendable {
    package var title: String
    package var summary: LessonSummary
    /// The abilities that a learner gains, a line each.
    package var objectives: [String]
  }

  /// The learner's name, if one was given.
  package var name: String?
  /// The day on which it was written, where anybody knows it.
  package var date: String?
  package var rows: [Row]

  package init(name: String? = nil, date: String? = nil, lessons: [Lesson], progress: Progress) {
    self.name = name
    self.date = date
    rows = lessons.map {
      Row(title: $0.title, summary: LessonSummary(of: $0, progress[$0.id]), objectives: $0.objectives)
    }
  }

  var finished: [Row] { rows.filter(\.summary.finished) }
  var isComplete: Bool { !rows.isEmpty && finished.count == rows.count }
  var questions: Int { rows.reduce(0) { $0 + $1.summary.questions } }
  var rightAtFirst: Int { rows.reduce(0) { $0 + $1.summary.rightAtFirst } }

  private var heading: String {
    let who = name.map { said("\($0) has done") } ?? "Done"
    return isComplete
      ? said("\(who) all \(Count.of(rows.count, "lesson")) on NAT and peer to peer")
      : said("\(who) \(finished.count) of \(Count.of(rows.count, "lesson")) on NAT and peer to peer")
  }

  private var score: String {
    said("\(rightAtFirst) of \(Count.of(questions, "question")) answered right first time")
  }

  private static func line(_ summary: LessonSummary) -> String {
    var parts = [said("\(summary.done) of \(Count.of(summary.steps, "step"))")]
    if summary.questions > 0 {
      parts.append(said("\(summary.rightAtFirst) of \(Count.of(summary.questions, "question")) right first time"))
    }
    if summary.hints > 0 { parts.append(Count.of(summary.hints, "hint")) }
    if summary.skipped > 0 { parts.append(said("\(summary.skipped) skipped")) }
    return parts.joined(separator: ", ")
  }

  /// The learner's abilities: the objectives of the finished lessons.
  private var abilities: [String] { finished.flatMap(\.objectives) }

  // MARK: Text

  package var text: String {
    var lines = [heading, score] + (date.map { [$0] } ?? []) + [""]
    for row in rows {
      lines.append("[\(row.summary.finished ? "x" : " ")] \(row.title)")
      lines.append("    \(Self.line(row.summary))")
    }
    if !abilities.isEmpty { lines += ["", said("Able to:")] + abilities.map { "  - \($0)" } }
    return lines.map { PrintableText.of($0) + "\n" }.joined()
  }

  // MARK: SVG

  package var svg: String {
    let width = 800
    var y = 70
    var body: [String] = []
    func add(_ text: String, x: Int = 60, size: Int = 16, weight: String = "normal", color: String = "#222") {
      body.append(
        "  <text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\" font-weight=\"\(weight)\" fill=\"\(color)\">"
          + Self.escaped(text) + "</text>")
    }
    add(heading, size: 22, weight: "bold")
    y += 32
    add(score)
    if let date {
      y += 22
      add(date, size: 13, color: "#444")
    }
    y += 24
    for row in rows {
      y += 28
      add(row.summary.finished ? "\u{2713}" : "\u{00B7}", x: 60, weight: "bold", color: "#1a6e2e")
      add(row.title, x: 84, weight: "bold")
      y += 20
      add(Self.line(row.summary), x: 84, size: 13, color: "#444")
    }
    if !abilities.isEmpty {
      y += 44
      add(said("Able to"), weight: "bold")
      for ability in abilities {
        y += 22
        add("\u{2022} " + ability, x: 72, size: 13)
      }
    }
    let height = y + 60
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
        + "height=\"\(height)\" font-family=\"sans-serif\" role=\"img\">",
      "  <title>\(Self.escaped(heading))</title>",
      "  <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
      "  <rect x=\"20\" y=\"20\" width=\"\(width - 40)\" height=\"\(height - 40)\" fill=\"none\" "
        + "stroke=\"#1a6e2e\" stroke-width=\"3\"/>",
    ]
    return (head + body + ["</svg>"]).map { $0 + "\n" }.joined()
  }

  /// Text as XML has it; a name or a title may contain anything.
  private static func escaped(_ text: String) -> String {
    PrintableText.of(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
