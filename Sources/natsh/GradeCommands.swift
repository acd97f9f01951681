// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Commands
import Lessons
import Rendering
import Shell
import Wording

/// `natsh grade LESSON FILE…`
struct GradeScripts: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: said("Replay learners' hand-ins of a lesson, and say how much of it each has done."),
    discussion:
      said(
        "The exit status is 0 only if every hand-in is complete or partly done. It is for practice: a hand-in can be ",
        "written by another hand, and nothing here can tell."))

  @Argument(help: ArgumentHelp(said("The lesson's id, or its file.")), completion: .lesson)
  var lesson: String

  @Argument(help: ArgumentHelp(said("The hand-ins, or folders of them.")), completion: .script)
  var files: [String]

  @OptionGroup var place: LessonsOption

  @Flag(help: ArgumentHelp(said("Print comma-separated values.")))
  var csv = false

  @Flag(help: ArgumentHelp(said("Print one JSON object a line.")))
  var json = false

  @Flag(help: ArgumentHelp(said("Say what the whole class needs to be taught again.")))
  var summary = false

  func validate() throws {
    if csv, summary { throw ValidationError(said("Use one of --csv and --summary, not both.")) }
    if csv, json { throw ValidationError(said("Use one of --csv and --json, not both.")) }
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
      if found == nil { errors.writeMessage(said("natsh: error: there is no lesson '\(lesson)' in '\(folder)'")) }
    } else {
      errors.writeMessage(said("natsh: error: there are no lessons here; name their folder with --lessons FOLDER"))
    }
    guard let found, !found.steps.isEmpty else { return .wrongCall }
    let progress = ProgressLine()
    let grading = Grading(
      found, library: library, catalog: Language.full, clock: RealTime.milliseconds, monitor: progress)
    let (grades, total) = progress.duringStoppableWork { grading.grade(paths: files, files: .system) }
    let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
    let style = Terminal.output.style
    if summary {
      let summary = GradeSummary(grades, of: found)
      output.writeLine(json ? summary.json : summary.text(of: found, style: style))
    } else {
      output.writeLine(
        csv ? GradeTable.csv(grades) : json ? GradeTable.json(grades) : GradeTable.text(grades, style: style))
    }
    if grades.count < total {
      errors.writeMessage(said("natsh: error: stopped after \(grades.count) of \(Count.of(total, "hand-in"))"))
    }
    return grades.count == total && grades.allSatisfy(\.status.isMark) ? .success : .commandFailed
  }
}

/// `natsh hand-in LESSON [FILE]`
struct HandInLesson: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "hand-in", abstract: said("Write all your work on a lesson to a file, to be handed in."),
    discussion: said("It is a script of what you typed in the lesson, in all sittings, with your name at the top."))

  @Argument(help: ArgumentHelp(said("The lesson's id.")), completion: .lesson)
  var lesson: String

  @Argument(
    help: ArgumentHelp(said("The file to write; by default LESSON-NAME.natsh. An existing file is never overwritten.")),
    completion: .script)
  var file: String?

  @Option(help: ArgumentHelp(said("Your name; by default $NATSH_NAME, or else your name on this computer.")))
  var name: String?

  @OptionGroup var place: LessonsOption

  func perform() -> ExitStatus {
    HandInFile.write(lesson: lesson, folder: LessonFolder.find(place.lessons), path: file, name: name)
  }
}
