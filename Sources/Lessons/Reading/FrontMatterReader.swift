// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Reads a lesson's facts between the two `---` lines.
struct FrontMatterReader {
  let file: String
  private(set) var problems: [LessonProblem] = []

  private static let keys = [
    "format", "id", "title", "minutes", "requires", "rfc", "objectives", "skip", "words", "language",
  ]

  init(file: String) {
    self.file = file
  }

  private mutating func report(_ line: Int, _ message: String) {
    problems.append(LessonProblem(file: file, line: line, message: message))
  }

  /// The lesson without its text; nil without an id that can be typed.
  mutating func lesson(_ entries: [YAMLValue.Entry], lastLine: Int) -> Lesson? {
    for entry in entries where !Self.keys.contains(entry.key) {
      report(
        entry.line,
        said("there is no '\(entry.key)'\(ConditionReader.suggestion(entry.key, Self.keys)) here; there are ")
          + Self.keys.joined(separator: ", "))
    }
    func entry(_ key: String) -> YAMLValue.Entry? { entries.first { $0.key == key } }
    if let format = text(entry("format"), missing: said("`format: 1`"), lastLine), format.value != "1" {
      report(format.line, said("this natsh reads lessons of format 1, not '\(format.value)'"))
    }
    let id = text(entry("id"), missing: said("an id, such as `id: hidden-device`"), lastLine)
    let title = text(entry("title"), missing: said("a title, such as `title: The hidden device problem`"), lastLine)
    guard let id else { return nil }
    guard Self.isID(id.value) else {
      report(id.line, said("'\(id.value)' cannot be an id; use a-z, 0-9 and hyphens, such as hidden-device"))
      return nil
    }
    var lesson = Lesson(
      file: file, id: id.value, idLine: id.line, title: title?.value ?? id.value,
      minutes: number(entry("minutes"), 1...600),
      requires: texts(entry("requires")),
      rfc: texts(entry("rfc")).compactMap { number(.text($0.value, line: $0.line), key: "rfc", 1...99_999) },
      objectives: texts(entry("objectives")).map(\.value), allowsSkip: allowsSkip(entry("skip")), introduction: [],
      steps: [], problems: [], blemishes: blemishes(ofNameAgainst: id))
    lesson.speaksPlainly = speaksPlainly(entry("words"))
    lesson.language = language(entry("language"))
    lesson.blemishes += blemishes(ofLanguage: lesson.language, line: entry("language")?.line ?? id.line)
    return lesson
  }

  /// Whether a word can be typed after `lesson` and be part of a file's name.
  static func isID(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 63 else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// Checks that the file is named `NN-id.md`.
  private func blemishes(ofNameAgainst id: Lesson.Located<String>) -> [LessonProblem] {
    let name = LessonFiles.name(of: file)
    guard name.hasSuffix(".md") else { return [] }
    let stem = name.dropLast(3)
    let digits = stem.prefix { $0.isASCII && $0.isNumber }
    guard digits.count < 2 || stem.dropFirst(digits.count) != "-\(id.value)" else { return [] }
    return [
      LessonProblem(
        file: file, line: id.line,
        message: said(
          "the file is named '\(name)', but a lesson '\(id.value)' is named NN-\(id.value).md, such as ",
          "\(digits.count < 2 ? "01" : String(digits))-\(id.value).md; the numbers give the order"))
    ]
  }

  private mutating func text(
    _ entry: YAMLValue.Entry?, missing: String, _ lastLine: Int
  ) -> Lesson.Located<String>? {
    guard let entry else {
      report(lastLine, said("this needs \(missing)"))
      return nil
    }
    do throws(ConditionReader.Problem) {
      return Lesson.Located(try ConditionReader.text(entry.value, key: entry.key), line: entry.line)
    } catch {
      report(error.line, error.message)
      return nil
    }
  }

  private mutating func texts(_ entry: YAMLValue.Entry?) -> [Lesson.Located<String>] {
    guard let entry else { return [] }
    switch entry.value {
    case .list(let values, _):
      return values.compactMap { value in
        guard case .text(let text, let line) = value else {
          report(value.line, said("'\(entry.key)' is a list of single words or sentences"))
          return nil
        }
        return Lesson.Located(text, line: line)
      }
    case .text(let text, let line): return text.isEmpty ? [] : [Lesson.Located(text, line: line)]
    case .map(_, let line):
      report(line, said("'\(entry.key)' is a list, such as [a, b]"))
      return []
    }
  }

  private mutating func number(_ entry: YAMLValue.Entry?, _ range: ClosedRange<Int>) -> Int? {
    entry.flatMap { number($0.value, key: $0.key, range) }
  }

  private mutating func number(_ value: YAMLValue, key: String, _ range: ClosedRange<Int>) -> Int? {
    if case .text(let text, _) = value, let number = Int(text), range.contains(number) { return number }
    report(value.line, said("'\(key)' takes a number from \(range.lowerBound) to \(range.upperBound)"))
    return nil
  }

  private mutating func allowsSkip(_ entry: YAMLValue.Entry?) -> Bool {
    guard let entry else { return true }
    if case .text(let text, _) = entry.value, ["allowed", "forbidden"].contains(text) { return text == "allowed" }
    report(entry.line, said("'skip' is allowed or forbidden"))
    return true
  }

  /// Whether tables are to use plain sentences.
  private mutating func speaksPlainly(_ entry: YAMLValue.Entry?) -> Bool {
    guard let entry else { return false }
    if case .text(let text, _) = entry.value, ["plain", "full"].contains(text) { return text == "plain" }
    report(entry.line, said("'words' is plain or full"))
    return false
  }

  /// The language that the lesson says it is written in.
  private mutating func language(_ entry: YAMLValue.Entry?) -> String? {
    guard let entry else { return nil }
    guard case .text(let text, _) = entry.value, (2...3).contains(text.utf8.count),
      text.utf8.allSatisfy({ (97...122).contains($0) })
    else {
      report(entry.line, said("'language' takes a language's code, such as de"))
      return nil
    }
    return text == "en" ? nil : text
  }

  /// Checks that a lesson in a folder for a language says that it is written in it.
  private func blemishes(ofLanguage language: String?, line: Int) -> [LessonProblem] {
    guard let wanted = Self.language(ofFolder: LessonFiles.folder(of: file)), wanted != language else { return [] }
    return [
      LessonProblem(
        file: file, line: line, message: said("a lesson in the folder '\(wanted)' says `language: \(wanted)`"))
    ]
  }

  /// The language of the lessons in a folder, by its name: `de` for `lessons/de`; nil if it is not a language's code.
  static func language(ofFolder folder: String) -> String? {
    let name = LessonFiles.name(of: folder)
    return name.utf8.count == 2 && name != "en" && name.utf8.allSatisfy { (97...122).contains($0) } ? name : nil
  }
}
