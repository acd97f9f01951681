// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Shell

/// A lesson that a call names by its id or by its file.
struct NamedLesson {
  var id: String
  /// The folder that it is in; nil is where lessons usually are.
  var folder: String?

  /// Nil, after saying why, if it is a file and not a lesson.
  init?(_ word: String, lessons: String?) {
    (id, folder) = (word, lessons)
    guard word.hasSuffix(".md") else { return }
    let reading = LessonReader.read(path: word, files: .system)
    guard let found = reading.lesson else {
      let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
      for problem in reading.problems { errors.writeMessage(problem.description) }
      return nil
    }
    (id, folder) = (found.id, LessonFiles.folder(of: word))
  }
}

/// A shell that begins with a line of commands, and goes on with what is typed.
struct Opening {
  var line: String
  /// The folder of the lessons; nil is where they usually are.
  var lessons: String?
  var json: Bool

  func run() -> ExitStatus {
    let isTyped = Terminal.input.isTerminal && Terminal.output.isTerminal
    let console = Console(session: Language.session(lessons: lessons, isTyped: isTyped), format: json ? .json : .text)
    if isTyped {
      if let sittings = SittingKeeper.standard { console.add(sittings) }
      return InteractiveShell(console: console, firstLine: line).run()
    }
    let script = ScriptRun(console: console, stopsAtError: !Terminal.input.isTerminal)
    let begun = script.run(text: line)
    return begun == .success ? script.runStandardInput() : begun
  }

  /// A word as a command's argument, whatever is in it.
  static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.allSatisfy({ $0 == "-" || $0.isASCII && ($0.isLowercase || $0.isNumber) }) {
      return word
    }
    return "\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }
}
