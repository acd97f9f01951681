// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Turns a file's text into a lesson, with all errors in its form.
package struct LessonReader {
  let file: String
  private(set) var problems: [LessonProblem] = []

  init(file: String) {
    self.file = file
  }

  /// The result of reading a file.
  package struct Reading: Sendable {
    /// Nil if there is not even a name for it.
    package var lesson: Lesson?
    package var problems: [LessonProblem]
  }

  /// Reads the file at `path`, which messages refer to by that name.
  package static func read(path: String, files: LessonFiles) -> Reading {
    func refusal(_ message: String, line: Int = 1) -> Reading {
      Reading(lesson: nil, problems: [LessonProblem(file: path, line: line, message: message)])
    }
    if files.leadsOut(path) {
      return refusal(said("it is a symbolic link out of its folder; put the lesson itself there"))
    }
    let bytes: [UInt8]
    do throws(LessonFiles.Failure) {
      bytes = try files.bytes(path, LessonFiles.largest)
    } catch {
      return refusal(said("cannot be read: \(error.message)"))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      // The lines before the faulty one are valid text.
      var line = 1
      for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if String(validating: part, as: UTF8.self) == nil { break }
        line += 1
      }
      return refusal(said("this line is not UTF-8 text; save the file as UTF-8"), line: line)
    }
    return read(text, file: path)
  }

  /// Reads a lesson's text.
  package static func read(_ text: String, file: String) -> Reading {
    var reader = LessonReader(file: file)
    let lesson = reader.lesson(text)
    return Reading(lesson: lesson, problems: reader.problems.sorted())
  }

  mutating func report(_ line: Int, _ message: String) {
    problems.append(LessonProblem(file: file, line: line, message: message))
  }

  private mutating func lesson(_ text: String) -> Lesson? {
    var lines = text.withoutByteOrderMark.replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    for (index, line) in lines.enumerated() { checkVisible(line, at: index + 1) }
    guard let front = frontMatter(&lines) else { return nil }
    let document = MarkdownDocument(lines.joined(separator: "\n"))
    var lesson = front
    var assembly = StepAssembly(file: file, lines: lines)
    for block in document.blocks { assembly.add(block) }
    for finding in document.findings { assembly.add(finding) }
    let (title, introduction, steps) = assembly.finished()
    problems += assembly.problems
    lesson.introduction = introduction
    lesson.steps = steps
    if let title, title.value != lesson.title {
      report(title.line, said("the heading says '\(title.value)', but the title above is '\(lesson.title)'"))
    }
    if steps.isEmpty {
      report(max(lines.count, 1), said("there is no step; a step begins with a heading such as `## Alice calls Bob`"))
    }
    lesson.problems = problems
    lesson.blemishes += assembly.blemishes
    lesson.version = LessonVersion.of(text)
    var index = -1
    for problem in problems.sorted() {
      while index + 1 < lesson.steps.count, lesson.steps[index + 1].line <= problem.line { index += 1 }
      if index >= 0 { lesson.steps[index].problems.append(problem) }
    }
    return lesson
  }

  private mutating func checkVisible(_ line: String, at number: Int) {
    for scalar in line.unicodeScalars {
      let value = scalar.value
      let isControl = value < 0x20 && value != 9 || (0x7F...0x9F).contains(value)
      let turnsText = (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
      guard isControl || turnsText else { continue }
      let digits = String(value, radix: 16, uppercase: true)
      report(
        number,
        said(
          "an invisible control character (U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)) is ",
          "here; delete it"))
      return
    }
  }

  /// Reads the front matter and empties its lines, so that all others keep their numbers.
  private mutating func frontMatter(_ lines: inout [String]) -> Lesson? {
    func isRuler(_ line: String) -> Bool { line.hasPrefix("---") && line.allSatisfy { $0 == "-" || $0 == " " } }
    guard let first = lines.first, isRuler(first) else {
      report(1, said("a lesson begins with a line `---`, then its id and title, then another `---`"))
      return nil
    }
    guard let end = lines.dropFirst().firstIndex(where: isRuler) else {
      report(1, said("the part between the `---` lines is never closed; put `---` after its last line"))
      return nil
    }
    let text = lines[1..<end].joined(separator: "\n")
    for index in 0...end { lines[index] = "" }
    do throws(YAMLValue.Failure) {
      guard case .map(let entries, _)? = try YAMLValue.read(text, offset: 1) else {
        report(2, said("lines such as `id: hidden-device` belong here"))
        return nil
      }
      var reader = FrontMatterReader(file: file)
      let lesson = reader.lesson(entries, lastLine: end + 1)
      problems += reader.problems
      return lesson
    } catch {
      report(error.line, error.message)
      return nil
    }
  }
}
