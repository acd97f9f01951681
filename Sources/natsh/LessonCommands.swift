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

/// `natsh lesson list`
struct ListLessons: Subcommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the lessons.")

  @OptionGroup var place: LessonsOption

  @Flag(help: "Print one JSON object.")
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
    commandName: "new", abstract: "Write a lesson to begin with, which passes the check.")

  @Argument(help: "What learners will type after 'lesson': small letters, digits, hyphens.")
  var id: String

  @OptionGroup var place: LessonsOption

  func validate() throws {
    guard LessonSkeleton.isID(id) else {
      throw ValidationError("'\(id)' cannot be an id; take small letters, digits and hyphens, such as hidden-device.")
    }
  }

  func perform() -> ExitStatus {
    NewLessonFile.write(id: id, folder: place.lessons ?? LessonFolder.find(nil))
  }
}

/// `natsh lesson run ID`
struct RunLesson: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Begin a lesson: by its id, or by its file.")

  @Argument(help: "The lesson's id, or its file.")
  var lesson: String

  @OptionGroup var place: LessonsOption

  @Flag(help: "Print one JSON object a line, one line a command.")
  var json = false

  func perform() -> ExitStatus {
    var folder = place.lessons
    var word = lesson
    if lesson.hasSuffix(".md") {
      let reading = LessonReader.read(path: lesson, files: .system)
      guard let found = reading.lesson else {
        let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
        for problem in reading.problems { errors.writeMessage(problem.description) }
        return .wrongCall
      }
      word = found.id
      folder = LessonFiles.folder(of: lesson)
    }
    let isTyped = Terminal.input.isTerminal && Terminal.output.isTerminal
    let console = Console(
      session: Language.session(lessons: folder, isTyped: isTyped), format: json ? .json : .text)
    let script = ScriptRun(console: console, stopsAtError: !Terminal.input.isTerminal)
    if isTyped { return InteractiveShell(console: console, firstLine: "lesson \(word)").run() }
    let begun = script.run(text: "lesson \(word)")
    return begun == .success ? script.runStandardInput() : begun
  }
}

/// `natsh grade LESSON FILE…`
struct GradeScripts: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Replay scripts that learners saved in a lesson, and grade them.")

  @Argument(help: "The lesson's id, or its file.")
  var lesson: String

  @Argument(help: "The learners' scripts.")
  var files: [String]

  @OptionGroup var place: LessonsOption

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    if csv, json { throw ValidationError("--csv and --json are one too many: give either.") }
  }

  func perform() -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    var library = LessonLibrary(folder: nil)
    var found: Lesson?
    if lesson.hasSuffix(".md") {
      let reading = LessonReader.read(path: lesson, files: .system)
      for problem in reading.problems { errors.writeMessage(problem.description) }
      found = reading.lesson
      if let found { library.lessons = [found] }
    } else if let folder = LessonFolder.find(place.lessons) {
      library = LessonLibrary(folder: folder, files: .system)
      found = library.lesson(lesson)
      if found == nil { errors.writeMessage("natsh: error: there is no lesson '\(lesson)' in '\(folder)'") }
    } else {
      errors.writeMessage("natsh: error: there are no lessons here; say where with --lessons FOLDER")
    }
    guard let found, !found.steps.isEmpty else { return .wrongCall }
    let grading = Grading(found, library: library, catalog: Language.full, clock: RealTime.milliseconds)
    let grades = files.map { grading.grade(path: $0, files: .system) }
    let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
    output.writeLine(
      csv
        ? GradeTable.csv(grades)
        : json ? GradeTable.json(grades) : GradeTable.text(grades, style: Terminal.output.style))
    return .success
  }
}

/// `natsh demo FILE`
struct PlayDemonstration: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Play a script for an audience: its comments are captions.",
    discussion: DemonstrationRun.keys)

  @Argument(help: "A file of commands.")
  var file: String

  @Option(help: ArgumentHelp("Go on by itself after so many seconds.", valueName: "seconds"))
  var auto: Double?

  @OptionGroup var place: LessonsOption

  func validate() throws {
    if let auto, !(auto > 0 && auto <= 86_400) { throw ValidationError("--auto takes seconds, such as 2.5.") }
  }

  func perform() -> ExitStatus {
    DemonstrationRun.run(
      file: file, seconds: auto, session: Language.session(lessons: place.lessons, isTyped: false))
  }
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
