// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering

/// A lesson's file: read, and if it is a lesson, proved as its author would and played as a learner would.
enum LessonsTarget {
  static func finding(in bytes: [UInt8], checking checks: Checks) -> String? {
    let files = MemoryShelf.files([("01-fuzz.md", bytes)])
    let reading = LessonReader.read(path: "01-fuzz.md", files: files)
    let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
    for problem in reading.problems {
      guard (1...lines + 1).contains(problem.line) else { return "\(problem) is not in the file" }
      if let fault = ShownText.fault(in: problem.description) { return fault }
    }
    guard let lesson = reading.lesson, lesson.steps.count <= 3, isQuick(bytes) else { return nil }
    // Half of the inputs are proved and the other half played, unless everything is checked.
    if checks == .all || bytes.count.isMultiple(of: 2) {
      let report = LessonCheck.run(
        text: String(decoding: bytes, as: UTF8.self), file: "01-fuzz.md", catalog: CommandsTarget.catalog)
      for problem in report.problems {
        if let fault = ShownText.fault(in: problem.description) { return fault }
      }
    }
    return checks == .all || !bytes.count.isMultiple(of: 2) ? played(lesson, checking: checks) : nil
  }

  /// A proof may handle fifty million events, for which a fuzzer has no time: a lesson that runs for long is only read.
  private static func isQuick(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    return !text.contains("crowd") && !text.contains("call") && text.count { $0 == "\n" } < 400
  }

  private static func played(_ lesson: Lesson, checking checks: Checks) -> String? {
    let start = CommandsTarget.session(lessons: MemoryShelf.shelf(of: [lesson]))
    var walk = SessionWalk(session: start, checks: checks)
    let lines = [
      "lessons", "lesson \(lesson.id)", "task", "hint", "check", "hint", "answer 1", "solution", "skip", "next", "task",
      "answer 2", "check", "solution", "previous", "restart", "play", "play end", "progress", "leave",
    ]
    for line in lines {
      if let finding = walk.take(line) { return finding }
    }
    return walk.journeys(from: start)
  }

  /// Text found in lessons' files.
  static var words: [String] {
    [
      "---\n", "format: 1\n", "id: ", "title: ", "minutes: ", "requires: ", "rfc: ", "objectives:\n", "skip: allowed\n",
      "# ", "## ", "```natsh setup\n", "```natsh try\n", "```natsh solution\n", "```natsh also\n", "```yaml expect\n",
      "```yaml wrong\n", "```yaml predict\n", "```hint\n", "```\n", "- hop: {", "- delivered: {", "- mapping: {",
      "- device: {", "- setting: {", "- measured: {", "- clock: ", "- looked: ", "- not: ", "- any: ", "- all: ",
      "node: ", "verdict: ", "reason: ", "count: ", "\">= 1\"", "when:\n", "say: ", "example: ", "ask: ", "choices: ",
      "answer: ", "because: ", "proof:\n", "run: ", "expect:\n", "&a", "*a", "!!", "{", "}", "[", "]", "|\n", "> ",
      "* ",
      "![", "](", "<b>", "| a | b |\n", "scene one-home\n", "send alice:5000 bob\n", "run\n",
    ]
  }
}
