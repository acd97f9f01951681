// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Lessons
import Shell
import Wording

/// Calls that begin with a subcommand's name.
enum Subcommands {
  static let all: [any Subcommand.Type] = [
    LessonGroup.self, GradeScripts.self, HandInLesson.self, OpenClass.self, PlayDemonstration.self, OpenLab.self,
  ]

  static let ofLesson: [any Subcommand.Type] = [
    ListLessons.self, CheckLessons.self, NewLesson.self, RunLesson.self, ExportLessons.self,
  ]

  /// Options that take the word after them.
  private static let valued = ["--lessons", "--seed", "-c"]

  /// Runs the subcommand that the arguments name; nil if they name none.
  static func run(_ arguments: [String]) -> ExitStatus? {
    var place = 0
    while place < arguments.count, arguments[place].hasPrefix("-") {
      if ["--", "-", "-c"].contains(arguments[place]) { return nil }
      if place == 0, Description.isAsked(arguments[0]) { return Description.explain(arguments) }
      place += valued.contains(arguments[place]) ? 2 : 1
    }
    guard place < arguments.count else { return nil }
    if arguments[place] == "help" {
      return run(arguments[(place + 1)...].filter { !$0.hasPrefix("-") } + ["--help"])
        ?? Options.explain(CleanExit.helpRequest(Options.self))
    }
    guard names(all).contains(arguments[place]) else { return nil }
    var words = [arguments[place]]
    // The words before the subcommand's name are added to those after it.
    let before = arguments[..<place]
    // The words of the laboratory's programs are not to be touched.
    var rest = arguments[(place + 1)...].map { words == ["lab"] ? $0 : guarded($0) }
    if words == ["lesson"],
      let index = rest.firstIndex(where: { !$0.hasPrefix("-") }), names(ofLesson).contains(rest[index])
    {
      words.append(rest.remove(at: index))
    } else if words == ["lesson"], !rest.contains("--help"), !rest.contains("-h") {
      return LessonGroup().perform()
    }
    do {
      var command = try Root.parseAsRoot(words + before + rest)
      if let command = command as? any Subcommand { return command.perform() }
      try command.run()
      return .success
    } catch {
      return Root.explain(error)
    }
  }

  /// The program as its subcommands see it: without a script and options of its own, for which theirs would be taken.
  private struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: Options.configuration.commandName, abstract: Options.configuration.abstract, subcommands: all)
  }

  private static func names(_ types: [any Subcommand.Type]) -> [String?] { types.map { $0.configuration.commandName } }

  /// A file may be called like an option, `-c.natsh`, and a shell that expands `*.natsh` does not care: a word that is
  /// a file's name is taken as one.
  private static func guarded(_ argument: String) -> String {
    argument.hasPrefix("-") && argument.contains(".") && LessonFiles.system.isThere(argument)
      ? "./" + argument : argument
  }
}

/// `natsh lesson`, for its help.
struct LessonGroup: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: said("Work with lessons."), subcommands: Subcommands.ofLesson)

  func perform() -> ExitStatus {
    Self.explain(ValidationError(said("Say what to do: natsh lesson check, export, list, new or run.")))
  }
}
