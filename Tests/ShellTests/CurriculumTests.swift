// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering
import Shell
import TestSupport
import Testing
import Traversal

/// Every lesson, done in the shell at a terminal from its beginning to its end, as its author says that it
/// can be done.
@Suite struct CurriculumTests {
  static let lessons = Repository.root.path(percentEncoded: false) + "lessons"
  /// The English ones; their translations have the same commands and answers.
  static let files = Repository.files(below: "lessons", endingIn: [".md"]).filter {
    !$0.lowercased().hasSuffix("readme.md") && !$0.dropFirst("lessons/".count).contains("/")
  }

  let folder = TestFolder()

  @Test func thereAreLessons() { #expect(!Self.files.isEmpty) }

  @Test(arguments: files) func aLessonIsDoneByItsSolutions(file: String) throws {
    let path = Repository.root.path(percentEncoded: false) + file
    let lesson = try #require(LessonReader.read(path: path, files: .system).lesson)
    // So many rows that nothing waits for a key, and so many columns that no line typed is drawn in two.
    let terminal = try PseudoTerminal(["--lessons", Self.lessons], in: folder, columns: 240, rows: 5_000)
    // A thousand users calling at once take their time in a debug build.
    terminal.deadline = 600_000
    try terminal.waitForPrompt()
    func prompt(_ index: Int) -> String { "natsh \(lesson.id) \(index + 1)/\(lesson.steps.count)" }
    _ = try terminal.run("lesson \(lesson.id) 1", until: prompt(0))
    for (index, step) in lesson.steps.enumerated() {
      var last = ""
      if let question = step.prediction {
        let reply = try terminal.run(question.choices[question.answer - 1].text, until: prompt(index))
        #expect(reply.printed.contains("Right: "), "\(file):\(question.line): \(reply.printed)")
        #expect(!reply.printed.contains("This lesson is broken here"), "\(reply.printed)")
        last = reply.prompt
      }
      for command in step.solution {
        let reply = try terminal.run(command.value, until: prompt(index))
        #expect(!reply.printed.contains("error: "), "\(file):\(command.line): \(reply.printed)")
        last = reply.prompt
      }
      #expect(step.isForReading || last.contains(" done"), "\(file):\(step.line): \(step.title)")
      guard index + 1 < lesson.steps.count else { break }
      let reply = try terminal.run("next", until: prompt(index + 1))
      #expect(reply.printed.contains("Step \(index + 2) of"), "\(file):\(step.line): \(reply.printed)")
    }
    _ = try terminal.run("save hand-in.natsh", until: "natsh \(lesson.id) \(lesson.steps.count)/")
    terminal.type("next\r")
    try terminal.wait(for: "That was \"\(lesson.title)\"")
    try terminal.waitForPrompt()
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
    try checkHandIn(of: lesson)
  }

  /// The script saved at the lesson's end is loaded without an error, and graded as a lesson done without help.
  private func checkHandIn(of lesson: Lesson) throws {
    let loaded = try ScriptProcess(["--lessons", Self.lessons, "-c", "load hand-in.natsh; check"], in: folder)
    #expect(loaded.status == 0 && loaded.errors.isEmpty, "\(lesson.file): \(loaded.errors)")
    // The clock stands still: in a debug build a crowd takes longer than a hand-in may.
    let grading = Grading(
      lesson, library: LessonLibrary(folder: Self.lessons, files: .system),
      catalog: Catalog(.standard, .traversal, .lessons), clock: { 0 })
    let grade = try #require(grading.grade(path: folder.path + "/hand-in.natsh", files: .system))
    #expect(grade.status == .complete && grade.score == 100, "\(lesson.file): \(grade)")
  }
}
