// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Commands
import Lessons
import Shell

/// A call of natsh with a word of its own, such as `natsh lesson check lessons`.
protocol Subcommand: ParsableCommand {
  /// Does it.
  func perform() -> ExitStatus
}

/// Where lessons are, for every call that has to do with them.
struct LessonsOption: ParsableArguments {
  @Option(help: ArgumentHelp("The folder that lessons are in.", valueName: "folder"))
  var lessons: String?
}

/// `natsh lesson check PATH…`
struct CheckLessons: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Prove that lessons are sound; each problem is one line, FILE:LINE: message.")

  @Argument(help: "Lessons, or folders of lessons.")
  var paths: [String]

  @Flag(help: "Print one JSON object.")
  var json = false

  func perform() -> ExitStatus {
    let report = LessonCheck.run(paths: paths, files: .system, catalog: Language.full)
    let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
    output.writeLine(json ? report.json : report.text)
    return report.problems.isEmpty ? .success : .commandFailed
  }
}
