// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Shell
import TestSupport
import Testing

@testable import Lessons

/// Lessons with one defect each, which is reported once, at its line, and nothing else is.
struct BrokenLessonsTests {
  static let folder = Repository.root.path(percentEncoded: false) + "Tests/LessonsTests/Broken"

  /// The folder, then its problems as `FILE:LINE: how the message begins`, without the file if it is
  /// `01-defect.md`.
  static let table: [(String, [String])] = [
    ("again-names-no-question", ["33: no earlier step called 'The first qestion' asks a question"]),
    ("also-fails", ["53: this does not solve the step: line 45 is not fulfilled: no packet from bob:4001"]),
    ("bad-id", ["3: 'My Lesson' cannot be an id"]),
    ("bad-yaml", ["45: the '{' here is not closed as it should be: a ',' or a '}' is missing"]),
    ("circle", ["01-one.md:6: these lessons require each other in a circle: one, then two, then one"]),
    ("duplicate-id", ["02-defect.md:3: the id 'defect' is taken"]),
    ("heading-differs", ["13: the heading says 'Another title'"]),
    ("lesson-command-inside", ["49: 'hint' is the learner's to type"]),
    ("missing-hint", ["17: the step has no hint"]),
    ("missing-id", ["10: this needs an id"]),
    ("missing-requirement", ["6: there is no lesson 'nowhere'"]),
    ("missing-solution", ["17: the step has no solution"]),
    ("no-steps", ["17: there is no step"]),
    ("predict-answer-out-of-range", ["33: 'answer' is the number of the right choice, from 1 to 2"]),
    (
      "predict-contradicted",
      ["41: the proof does not show the answer: no packet from bob has been delivered to alice yet; instead, packet 2"]
    ),
    ("several", ["5: 'minutes' takes a number", "53: this does not solve the step"]),
    (
      "solution-does-not-solve",
      ["48: the solution does not solve the step: line 45 is not fulfilled: no packet from bob:4001"]
    ),
    ("solved-before", ["44: the step is solved before it begins"]),
    ("sound", []),
    ("touches-files", ["24: 'save' is for the prompt"]),
    ("unclosed-fence", ["44: this block is never closed: another begins in it, on line 47"]),
    ("unclosed-last-fence", ["83: this block is never closed"]),
    ("unknown-block", ["53: there is no block 'natsh alternative'"]),
    ("unknown-command", ["49: there is no command 'snd'"]),
    ("unknown-condition", ["45: there is no condition 'packet'"]),
    ("unknown-device", ["46: no device is called 'carol' in this step"]),
    ("unknown-event", ["46: 'stun-client' has no event 'mapped-adress' (did you mean 'mapped-address'?)"]),
    ("unknown-event-host", ["46: no device is called 'alcie' in this step (did you mean 'alice'?)"]),
    ("unknown-event-key", ["46: 'mapped-address' has no key 'maped' (did you mean 'mapped'?)"]),
    ("unknown-front-matter", ["5: there is no 'minuts' (did you mean 'minutes'?)"]),
    ("unknown-key", ["45: 'hop' has no 'reasn' (did you mean 'reason'?)"]),
    ("unknown-look", ["46: there is no command 'tabel' to look with"]),
    ("unknown-name-in-command", ["49: there is no host called 'bbo'"]),
    ("unknown-program", ["46: there is no program 'stun-sever' (did you mean 'stun-server'?)"]),
    ("unknown-property", ["46: there is no property 'filtring'"]),
    ("unknown-reason", ["45: 'reason' cannot be 'filtred'"]),
    ("wrong-format", ["2: this natsh reads lessons of format 1"]),
    ("wrong-never-matches", ["60: `when` does not hold after the example: no packet from bob"]),
    ("wrong-solves", ["58: this mistake solves the step"]),
    ("wrong-without-example", ["59: `yaml wrong` has no 'example'"]),
    ("yaml-anchor", ["45: YAML anchors"]),
  ]

  private func check(_ path: String) -> LessonCheck.Report {
    LessonCheck.run(paths: [path], files: .system, catalog: Fixture.catalog)
  }

  private func expect(_ problems: [LessonProblem], _ wanted: [String], in path: String) {
    let lead = LessonFiles.system.isFolder(path) ? path + "/" : path + ":"
    // The file's name is left out only if it is alone in its folder.
    let isAlone = (try? LessonFiles.system.markdownNames(path))?.count == 1
    let told = problems.map {
      $0.description.replacing(lead, with: "").replacing(isAlone ? "01-defect.md:" : "\u{0}", with: "")
    }
    #expect(told.count == wanted.count, "\(told)")
    for (line, start) in zip(told, wanted) { #expect(line.hasPrefix(start)) }
  }

  @Test(arguments: table) func aDefectIsReportedOnceAtItsLine(name: String, problems: [String]) {
    let path = Self.folder + "/" + name
    expect(check(path).problems, problems, in: path)
  }

  @Test func everyBrokenLessonIsInTheTable() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { !$0.hasPrefix(".") }
    #expect(names.sorted() == Self.table.map(\.0))
  }

  @Test func allProblemsOfSeveralFilesAreReportedInOneRun() {
    // Each of these has an id of its own.
    let names = ["circle", "several", "missing-id", "bad-id", "no-such-file.md"]
    let paths = names.map { Self.folder + "/" + $0 }
    let report = LessonCheck.run(paths: paths, files: .system, catalog: Fixture.catalog)
    let alone = paths.flatMap { check($0).problems }
    #expect(alone.count == 6 && Set(alone) == Set(report.problems))
    #expect(report.text.split(separator: "\n").count == report.problems.count + report.notes.count)
    #expect(report.json.contains(#""ok":false"#))
  }

  // MARK: Files that are not lessons

  private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "natsh lessons \(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func create(_ path: String, _ contents: Data) throws {
    try contents.write(to: URL(filePath: path))
  }

  @Test func aFileOf50MBIsRefusedByItsSize() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/in/01-large.md"
      try create(path, Data())
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.truncate(atOffset: 50 << 20)
      expect(check(path).problems, ["1: cannot be read: it is 50 MB"], in: path)
    }
  }

  @Test func bytesThatAreNotTextAreReportedWithTheirLine() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/in/01-defect.md"
      let bytes = Data(Fixture.text.utf8) + Data([0x61, 0xFF, 0x0A])
      try create(path, bytes)
      let line = Fixture.text.filter { $0 == "\n" }.count + 1
      expect(check(path).problems, ["\(line): this line is not UTF-8 text"], in: path)
    }
  }

  @Test func aFolderNamedLikeALessonAndAnEmptyOneAreReported() throws {
    try inTemporaryFolder { folder in
      let told = check(folder + "/in").problems.map(\.description)
      #expect(told.count == 1 && told.first?.hasPrefix("\(folder)/in:1: there is no lesson") == true)
      try FileManager.default.createDirectory(atPath: folder + "/in/05-x.md", withIntermediateDirectories: false)
      expect(check(folder + "/in").problems, ["05-x.md:1: cannot be read: it is a folder"], in: folder + "/in")
    }
  }

  @Test func aSymbolicLinkOutOfTheFolderIsRefused() throws {
    try inTemporaryFolder { folder in
      try create(folder + "/01-defect.md", Data(Fixture.text.utf8))
      let path = folder + "/in/01-defect.md"
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "../01-defect.md")
      expect(check(path).problems, ["1: it is a symbolic link out of its folder"], in: path)
      expect(check(folder + "/01-defect.md").problems, [], in: folder + "/01-defect.md")
    }
  }

  @Test(arguments: ["\u{1B}[2J", "\u{7}", "\u{9B}31m", "\u{202E}"])
  func controlCharactersAreReportedAndNeverPrinted(control: String) throws {
    let text = Fixture.text.replacing("Say what this", with: "\(control)Say what this")
    let problems = LessonCheck.run(text: text, file: "01-defect.md", catalog: Fixture.catalog).problems
    expect(problems, ["15: an invisible control character"], in: "01-defect.md")
    var session = Fixture.session([try Fixture.lesson(text)])
    let printed = try Fixture.run(["lesson defect"], in: &session).joined()
    #expect(!printed.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || control.unicodeScalars.first == $0 })
  }

  @Test(arguments: [
    String(repeating: "> ", count: 50_000), String(repeating: "[", count: 50_000),
    String(repeating: "- ", count: 20_000) + "x", String(repeating: "*a ", count: 50_000),
  ])
  func deeplyNestedTextIsRead(text: String) {
    let reading = LessonReader.read(Fixture.text + text + "\n", file: "01-defect.md")
    #expect(reading.lesson?.steps.count == 2)
  }

  @Test(arguments: [
    "a: &a [x, x]\nb: &b [*a, *a]\n? *b\n: c", "key:\t&a x", "{\"k\":*a}", "- !!str x", "a: 1\n---\nb: 2", "a: 1\na: 2",
    "x: " + String(repeating: "[", count: 5_000),
    String(repeating: "{a: ", count: 40) + "b" + String(repeating: "}", count: 40),
  ])
  func aYAMLBombIsRefused(yaml: String) {
    let text = Fixture.text.replacing("```yaml expect\n", with: "```yaml expect\n\(yaml)\n```\n\n```yaml expect\n")
    #expect(!LessonCheck.run(text: text, file: "01-defect.md", catalog: Fixture.catalog).problems.isEmpty)
  }
}
