// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Classroom
import Commands
import Lessons
import Rendering
import Shell
import Wording

/// A call of natsh with a word of its own, such as `natsh lesson check lessons`.
protocol Subcommand: ParsableCommand {
  /// Does it.
  func perform() -> ExitStatus
}

/// Where lessons are, for every call about lessons.
struct LessonsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(said("The folder that lessons are in."), valueName: "folder"), completion: .directory)
  var lessons: String?
}

/// `natsh lesson list`
struct ListLessons: Subcommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: said("List the lessons."))

  @OptionGroup var place: LessonsOption

  @Flag(help: ArgumentHelp(said("Print one JSON object.")))
  var json = false

  func perform() -> ExitStatus {
    let session = Language.session(lessons: place.lessons, isTyped: true)
    return ScriptRun(
      console: Console(session: session, format: json ? .json : .text), stopsAtError: true
    ).run(text: "lessons")
  }
}

/// `natsh lesson new ID`
struct NewLesson: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: said("Write a first version of a lesson, which passes the check."))

  @Argument(help: ArgumentHelp(said("What learners will type after 'lesson': lower-case letters, digits, hyphens.")))
  var id: String

  @OptionGroup var place: LessonsOption

  func validate() throws {
    guard LessonSkeleton.isID(id) else {
      throw ValidationError(said("'\(id)' cannot be an id; use a-z, 0-9 and hyphens, such as hidden-device."))
    }
  }

  func perform() -> ExitStatus {
    NewLessonFile.write(id: id, folder: place.lessons ?? LessonFolder.find(nil))
  }
}

/// `natsh lesson run ID`
struct RunLesson: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: said("Begin a lesson: by its id, or by its file."))

  @Argument(help: ArgumentHelp(said("The lesson's id, or its file.")), completion: .lesson)
  var lesson: String

  @OptionGroup var place: LessonsOption

  @Flag(help: ArgumentHelp(said("Print one JSON object a line, one line a command.")))
  var json = false

  func perform() -> ExitStatus {
    guard let found = NamedLesson(lesson, lessons: place.lessons) else { return .wrongCall }
    return Opening(line: "lesson \(Opening.quoted(found.id))", lessons: found.folder, json: json).run()
  }
}

/// `natsh demo FILE`
struct PlayDemonstration: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: said("Play a script for an audience: its comments are captions, its votes are questions."),
    discussion: DemonstrationRun.keys)

  @Argument(
    help: ArgumentHelp(said("A demonstration's name, or a file of commands; several with --check.")),
    completion: .script)
  var files: [String]

  @Option(help: ArgumentHelp(said("Go on automatically after this many seconds."), valueName: "seconds"))
  var auto: Double?

  @Option(
    help: ArgumentHelp(
      said("Colours for a projector, with their own background: dark, light or contrast."), valueName: "theme"),
    completion: .list(themes))
  var theme: String?

  @Flag(help: ArgumentHelp(said("Only check whether it can be played.")))
  var check = false

  @Flag(help: ArgumentHelp(said("Show it on a page in a browser as well; with --on, a class joins there and votes.")))
  var page = false

  @OptionGroup var room: ClassOptions

  @OptionGroup var place: LessonsOption

  func validate() throws {
    if let auto, !(auto > 0 && auto <= 86_400) { throw ValidationError("--auto takes seconds, such as 2.5.") }
    if let theme, chosenTheme == nil {
      throw ValidationError(said("There is no theme '\(theme)'; there are \(Self.themes.joined(separator: ", "))."))
    }
    if !page, room.port != nil || room.on != nil { throw ValidationError("--port and --on go with --page.") }
    if files.count > 1, !check {
      throw ValidationError(said("One demonstration is played at a time; --check takes several."))
    }
  }

  private static let themes = Theme.allCases.filter { $0 != .terminal }.map(\.rawValue)
  private var chosenTheme: Theme? {
    theme.flatMap { Self.themes.contains($0) ? Theme(rawValue: $0) : nil }
  }

  /// Says that there is no such demonstration, and which there are.
  private func refuse(_ word: String, _ lessons: String?) -> ExitStatus {
    let names = Demonstration.names(with: lessons, files: .system)
    let nearest = Nearest.candidate(to: Performance.name(of: word), among: names)
    OutputChannel(descriptor: OutputChannel.standardErrorDescriptor).writeMessage(
      StyledText(said("natsh: error: cannot play '\(word)': there is no such file or demonstration")).plain
        + (nearest.map { said("; did you mean '\($0)'?") } ?? "")
        + (names.isEmpty ? "" : "\n" + said("natsh: there are these demonstrations: \(names.listed(.and))")))
    return .wrongCall
  }

  func perform() -> ExitStatus {
    let session = Language.session(lessons: place.lessons, isTyped: false)
    let lessons = LessonFolder.find(place.lessons)
    var found: [String] = []
    for word in files {
      guard let file = Demonstration.file(word, with: lessons, files: .system) else { return refuse(word, lessons) }
      found.append(file)
    }
    if check { return DemonstrationRun.check(files: found, session: session) }
    guard let file = found.first else { return .wrongCall }
    var audience: DemonstrationPage?
    if page {
      do throws(RequestFault) {
        audience = try DemonstrationPage(session: session, port: room.port, address: room.on)
      } catch {
        OutputChannel(descriptor: OutputChannel.standardErrorDescriptor).writeMessage(
          said("natsh: error: \(error.message)"))
        return .commandFailed
      }
    }
    defer { audience?.close() }
    return DemonstrationRun.run(
      file: file, options: .init(seconds: auto, theme: chosenTheme ?? .terminal, audience: audience), session: session)
  }
}

/// `natsh lesson check PATH…`
struct CheckLessons: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: said("Check that lessons are sound; each problem is one line, FILE:LINE: message."))

  @Argument(help: ArgumentHelp(said("Lessons, or folders of lessons.")), completion: .file(extensions: ["md"]))
  var paths: [String]

  @Flag(help: ArgumentHelp(said("Print one JSON object.")))
  var json = false

  func perform() -> ExitStatus {
    let progress = ProgressLine()
    let report = progress.duringWork {
      LessonCheck.run(
        paths: paths, files: .system, catalog: Language.full,
        watch: LessonWatch(clock: RealTime.processorMilliseconds, monitor: progress))
    }
    let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
    output.writeLine(json ? report.json : report.text)
    return report.problems.isEmpty ? .success : .commandFailed
  }
}

/// `natsh lesson export DIR`
struct ExportLessons: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: said("Write the lessons as web pages, to be read or printed without natsh."))

  @Argument(
    help: ArgumentHelp(said("The folder to write; an earlier export there is replaced.")), completion: .directory)
  var folder: String

  @Flag(help: ArgumentHelp(said("Include hints and solutions, folded away; otherwise they are left out.")))
  var solutions = false

  @OptionGroup var place: LessonsOption

  func perform() -> ExitStatus {
    LessonPageFiles.write(to: folder, lessons: LessonFolder.find(place.lessons), hasSolutions: solutions)
  }
}
