// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// A hand-in: the commands of one lesson, all its sittings one after another, with a head of comments.
///
///     # natsh hand-in 1
///     # name: Ann
///     # lesson: who-are-you
///     # version: 6f1c4cf2d1a0b3e7
///     # sitting 1
///     lesson who-are-you
///
/// It is a script like any other: the facts that only grading needs are in comments, and a script saved without them is
/// graded as well. What a learner did outside lessons follows a comment of its own, `# outside lessons`; it is handed in, and
/// grading passes over it.
package struct HandIn: Sendable {
  /// Commands that were typed one after another.
  package struct Part: Hashable, Sendable {
    /// The lesson that they belong to; nil for what was done outside lessons.
    package var lesson: String?
    package var lines: [String]

    package init(lesson: String?, lines: [String]) {
      self.lesson = lesson
      self.lines = lines
    }
  }

  package var name: String
  package var lesson: String
  /// The lesson's version, as `LessonVersion` computes it; nil if the script does not say.
  package var version: String?
  /// The script's lines, the comments among them.
  package var lines: [String]

  private static let mark = "# natsh hand-in 1"
  private static let sittingMark = "# sitting "
  private static let outsideMark = "# outside lessons"

  package init(name: String, lesson: String, version: String?, sittings: [[String]]) {
    self.init(
      name: name, lesson: lesson, version: version, parts: sittings.map { Part(lesson: lesson, lines: $0) })
  }

  /// - Parameter parts: sittings in lessons and what was done outside them, in their order.
  package init(name: String, lesson: String, version: String?, parts: [Part]) {
    self.name = name
    self.lesson = lesson
    self.version = version
    lines = []
    var sittings = 0
    for part in parts {
      if part.lesson != nil { sittings += 1 }
      lines += [part.lesson == nil ? Self.outsideMark : "\(Self.sittingMark)\(sittings)"] + part.lines
    }
  }

  /// Reads a script. Facts that it does not give are empty.
  package init(_ text: String) {
    let text = text.withoutByteOrderMark
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    (name, lesson) = ("", "")
    // Lines further down are not part of the head.
    for line in lines.prefix(16) {
      if let value = Self.value(of: "name", in: line) { name = String(value.prefix(80)) }
      if let value = Self.value(of: "lesson", in: line) { lesson = value }
      if let value = Self.value(of: "version", in: line) { version = value }
    }
  }

  private static func value(of key: String, in line: String) -> String? {
    guard line.hasPrefix("# \(key): ") else { return nil }
    return String(line.dropFirst(key.count + 4).drop { $0 == " " })
  }

  /// The file's text.
  package var text: String {
    var head = [Self.mark, "# name: \(Self.oneLine(name))", "# lesson: \(lesson)"]
    if let version { head.append("# version: \(version)") }
    return (head + lines).map { $0 + "\n" }.joined()
  }

  /// A name may contain anything, and must not add a line.
  private static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
  }

  /// The lines with nothing in place of those outside lessons, so that each keeps its number.
  var gradedLines: [String] {
    var isOutside = false
    return lines.map { line in
      if line == Self.outsideMark { isOutside = true }
      if line.hasPrefix(Self.sittingMark) { isOutside = false }
      return isOutside ? "" : line
    }
  }

  /// The commands alone that are graded: those in common with another hand-in were copied, or are the lesson's own solution.
  var commands: [String] { Self.commands(in: gradedLines) }
  /// Whether there is any command, graded or not.
  var hasCommands: Bool { !Self.commands(in: lines).isEmpty }

  private static func commands(in lines: [String]) -> [String] {
    lines.map { line in line.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
  }
}
