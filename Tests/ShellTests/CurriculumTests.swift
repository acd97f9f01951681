// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Shell
import TestSupport
import Testing

/// Every lesson that there is, done in the shell at a terminal from its beginning to its end, as its author says that it
/// can be done.
@Suite struct CurriculumTests {
  static let lessons = Repository.root.path(percentEncoded: false) + "lessons"
  static let files = Repository.files(below: "lessons", endingIn: [".md"]).filter {
    !$0.lowercased().hasSuffix("readme.md")
  }

  let folder = TestFolder()

  @Test func thereAreLessons() { #expect(!Self.files.isEmpty) }

  @Test(arguments: files) func aLessonIsDoneByItsSolutions(file: String) throws {
    let path = Repository.root.path(percentEncoded: false) + file
    let lesson = try #require(LessonReader.read(path: path, files: .system).lesson)
    // So many rows that nothing waits for a key, and so many columns that no line typed is drawn in two.
    let terminal = try PseudoTerminal(["--lessons", Self.lessons], in: folder, columns: 240, rows: 5_000)
    // A thousand users calling at once take their time where nothing is optimised.
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
    terminal.type("next\r")
    try terminal.wait(for: "That was \"\(lesson.title)\"")
    try terminal.waitForPrompt()
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }
}
