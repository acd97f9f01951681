// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Rendering
import Shell
import Wording

/// A row of the roster: who it is, where they are, and what they are stuck on.
struct RosterRow: Encodable, Hashable, Sendable {
  struct Mistake: Encodable, Hashable, Sendable {
    var step: Int
    var reply: String
  }

  var name: String
  var lesson: String?
  var step: Int?
  var steps: Int?
  /// Whether the learner has come to the lesson's end, and is not at it again.
  var finished: Bool
  var done: Int
  var hints: Int
  var skipped: Int
  var misses: Int
  var questions: Int
  var rightAtFirst: Int
  var rightLater: Int
  /// The foreseen mistakes that were made.
  var wrong: [Mistake]
  var here: Bool
  /// Nil for somebody who has not been here since the class was opened.
  var lastSeenSeconds: Int?

  private enum CodingKeys: String, CodingKey {
    case name, lesson, step, steps, finished, done, hints, skipped, misses, questions, wrong, here
    case rightAtFirst = "right_at_first"
    case rightLater = "right_later"
    case lastSeenSeconds = "last_seen_s"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(lesson, forKey: .lesson)
    try container.encode(step, forKey: .step)
    try container.encode(steps, forKey: .steps)
    try container.encode(finished, forKey: .finished)
    let counts: [(CodingKeys, Int)] = [
      (.done, done), (.hints, hints), (.skipped, skipped), (.misses, misses), (.questions, questions),
      (.rightAtFirst, rightAtFirst), (.rightLater, rightLater),
    ]
    for (key, count) in counts { try container.encode(count, forKey: key) }
    try container.encode(wrong, forKey: .wrong)
    try container.encode(here, forKey: .here)
    try container.encode(lastSeenSeconds, forKey: .lastSeenSeconds)
  }

  init(_ workspace: Workspace, now: Int) {
    let sight = workspace.sight
    name = workspace.name
    lesson = sight.place?.lesson
    step = sight.place?.step
    steps = sight.place?.steps
    finished = !sight.isGoingOn && sight.summary?.finished == true
    done = sight.summary?.done ?? 0
    hints = sight.summary?.hints ?? 0
    skipped = sight.summary?.skipped ?? 0
    misses = sight.misses
    questions = sight.summary?.questions ?? 0
    rightAtFirst = sight.summary?.rightAtFirst ?? 0
    rightLater = sight.summary?.rightLater ?? 0
    wrong = sight.mistakes.map { Mistake(step: $0.step, reply: $0.reply) }
    here = workspace.isHere(now: now)
    lastSeenSeconds = workspace.lastSeen < 0 ? nil : (now - workspace.lastSeen) / 1_000
  }

  /// All rows for a spreadsheet.
  static func csv(_ rows: [RosterRow]) -> String {
    let header = [
      "name", "lesson", "step", "steps", "done", "hints", "skipped", "misses", "questions", "right at first",
      "right later", "wrong",
    ]
    return ([header] + rows.map(\.fields)).map { $0.map(GradeTable.field).joined(separator: ",") + "\n" }.joined()
  }

  private var fields: [String] {
    let numbers = [done, hints, skipped, misses, questions, rightAtFirst, rightLater].map(String.init)
    let place = [lesson ?? "", step.map(String.init) ?? "", steps.map(String.init) ?? ""]
    let mistakes = wrong.map { said("step \($0.step): \($0.reply)") }.joined(separator: "; ")
    return [name] + place + numbers + [mistakes]
  }
}

extension ClassRoom {
  /// Everybody, in the order in which they came.
  var roster: [RosterRow] {
    let now = RealTime.milliseconds()
    return workspaces.map { RosterRow($0, now: now) }
  }

  /// Everybody's work as files: a script each, called after its learner, and the roster.
  var files: [(name: String, text: String)] {
    var taken: Set<String> = []
    let scripts = workspaces.map { workspace in
      let slug = HandInFile.fileName(of: workspace.name)
      let base = slug.isEmpty ? "learner" : slug
      var name = base
      var number = 1
      while !taken.insert(name).inserted {
        number += 1
        name = "\(base)-\(number)"
      }
      return (name: name + ".natsh", text: workspace.learner.handIn(name: workspace.name).text)
    }
    return scripts + [("roster.csv", RosterRow.csv(roster))]
  }
}
