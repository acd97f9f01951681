// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Lessons
import Shell

/// Calls that begin with a subcommand's name.
enum Subcommands {
  /// Options that take the word after them.
  private static let valued = ["--lessons", "--seed", "-c"]

  /// Runs the subcommand that the arguments name; nil if they name none.
  static func run(_ arguments: [String]) -> ExitStatus? {
    var place = 0
    while place < arguments.count, arguments[place].hasPrefix("-") {
      if arguments[place] == "--" || arguments[place] == "-" || arguments[place] == "-c" { return nil }
      place += valued.contains(arguments[place]) ? 2 : 1
    }
    guard place < arguments.count else { return nil }
    let group = arguments[place]
    // The words before the subcommand's name are added to those after it.
    let before = arguments[..<place]
    var rest = arguments[(place + 1)...].map(guarded)
    switch group {
    case "lesson":
      let name = rest.first { !$0.hasPrefix("-") }
      guard let name, let type = lessonCommands.first(where: { $0.configuration.commandName == name }),
        let index = rest.firstIndex(of: name)
      else { return run(LessonGroup.self, rest) }
      rest.remove(at: index)
      return run(type, before + rest)
    case "grade": return run(GradeScripts.self, before + rest)
    case "hand-in": return run(HandInLesson.self, before + rest)
    case "class": return run(OpenClass.self, before + rest)
    case "demo": return run(PlayDemonstration.self, before + rest)
    // Its programs' words are not to be touched.
    case "lab": return run(OpenLab.self, before + arguments[(place + 1)...])
    default: return nil
    }
  }

  /// A file may be called like an option, `-c.natsh`, and a shell that expands `*.natsh` does not care: a word that is
  /// a file's name is taken as one.
  private static func guarded(_ argument: String) -> String {
    argument.hasPrefix("-") && argument.contains(".") && LessonFiles.system.isThere(argument)
      ? "./" + argument : argument
  }

  static let lessonCommands: [any Subcommand.Type] = [
    ListLessons.self, CheckLessons.self, NewLesson.self, RunLesson.self, ExportLessons.self,
  ]

  private static func run(_ type: any Subcommand.Type, _ arguments: some Sequence<String>) -> ExitStatus {
    do {
      return try type.parse(Array(arguments)).perform()
    } catch {
      return explain(error, type)
    }
  }

  private static func explain(_ error: any Error, _ type: any ParsableCommand.Type) -> ExitStatus {
    let text = type.fullMessage(for: error)
    guard type.exitCode(for: error).isSuccess else {
      OutputChannel(descriptor: OutputChannel.standardErrorDescriptor).writeMessage(text)
      return .wrongCall
    }
    OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(text)
    return .success
  }
}

/// `natsh lesson`, for its help.
struct LessonGroup: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Work with lessons.", subcommands: Subcommands.lessonCommands)

  func validate() throws { throw ValidationError("Say what to do: natsh lesson check, export, list, new or run.") }

  func perform() -> ExitStatus { .wrongCall }
}
