// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension CommandGroup {
  package static let lessons = CommandGroup("Lessons")
}

/// `lessons`
struct LessonsCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "lessons", strangers: ["tutorial", "tutorials", "course", "learn"], group: .lessons, effect: .looks,
    summary: "lists the lessons, and what you have done of each", examples: ["lessons"], seeAlso: ["lesson"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(try session.lessonList(showsDetails: false))
  }
}

/// `progress`
struct ProgressCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "progress", group: .lessons, effect: .looks,
    summary: "tells what you have done of each lesson, hints and skips included", examples: ["progress"],
    seeAlso: ["lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(try session.lessonList(showsDetails: true))
  }
}

extension Session {
  fileprivate func lessonList(showsDetails: Bool) throws(CommandError) -> LessonListReport {
    let shelf = try shelf()
    let library = shelf.library()
    guard !library.lessons.isEmpty || !library.problems.isEmpty else {
      throw CommandError(.noLessons(folder: library.folder))
    }
    let progress = shelf.progress.load()
    let entries = library.lessons.map { lesson in
      let known = progress[lesson.id]
      let asked = lesson.steps.indices.filter { !lesson.steps[$0].isForReading }.map { $0 + 1 }
      return LessonListReport.Entry(
        id: lesson.id, title: lesson.title, minutes: lesson.minutes, steps: asked.count,
        done: asked.filter { known?.steps[$0]?.isDone == true }.count,
        hints: known?.steps.values.reduce(0) { $0 + $1.hints } ?? 0,
        skipped: known?.steps { $0.wasSkipped }.count ?? 0,
        finished: known?.isFinished ?? false, at: known?.step, current: tutor?.lesson.id == lesson.id,
        requires: lesson.requires.map(\.value))
    }
    return LessonListReport(
      folder: library.folder, lessons: entries, problems: library.problems, showsDetails: showsDetails)
  }
}

/// `lesson ID [STEP]`
struct LessonCommand: Command {
  let id: Located<String>
  /// Counted from 1; nil is where the learner was, or the first.
  let step: Located<Int>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    id = try arguments.text("ID")
    step = arguments.optionalCount("STEP")
  }

  static let declaration = CommandDeclaration(
    Self.self, "lesson", group: .lessons, effect: .guides,
    forms: [[.required("ID", .listed(LessonShelf.list)), .optional("STEP", .count(1...1_000))]],
    summary: "begins a lesson, or goes on with it",
    details: [
      "At the prompt it goes on where you left the lesson; `lesson ID 1` begins it anew. The lesson's network takes the "
        + "place of yours: save yours first if you want it back."
    ],
    examples: ["lesson who-are-you"], seeAlso: ["lessons", "task", "hint", "leave"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let shelf = try session.shelf()
    let library = shelf.library()
    guard let lesson = library.lesson(id.value) else {
      if library.lessons.isEmpty { throw CommandError(.noLessons(folder: library.folder)) }
      if let problem = library.problems.first(where: { LessonFiles.name(of: $0.file).contains(id.value) }) {
        throw CommandError(.unusableLesson(problem), at: id.columns)
      }
      throw CommandError(
        .unknownLesson(
          id.value, suggestion: Nearest.candidate(to: id.value, among: library.lessons.map(\.id))),
        at: id.columns)
    }
    guard !lesson.steps.isEmpty else {
      let problem = lesson.problems.first ?? LessonProblem(file: lesson.file, line: 1, message: "there is no step")
      throw CommandError(.unusableLesson(problem), at: id.columns)
    }
    let known = shelf.progress.load()[lesson.id]
    let reached = known?.isFinished == true ? lesson.steps.count : min(known?.step ?? 1, lesson.steps.count)
    var number = 1
    if let step {
      guard step.value <= lesson.steps.count else {
        throw CommandError(.noSuchStep(step.value, steps: lesson.steps.count), at: step.columns)
      }
      guard lesson.allowsSkip || step.value <= reached else {
        throw CommandError(.stepAhead(step.value, reached: reached), at: step.columns)
      }
      number = step.value
    } else if shelf.resumes, known?.isFinished != true {
      number = reached
    }
    var outcome = CommandOutcome(session.begin(lesson, at: number - 1, keeper: shelf.progress))
    // Replayed, it must begin at the same step whoever replays it.
    outcome.equivalentLine = number == 1 ? "lesson \(lesson.id)" : "lesson \(lesson.id) \(number)"
    return outcome
  }
}

/// `leave`
struct LeaveCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "leave", group: .lessons, effect: .guides, summary: "leaves the lesson; what you have done is kept",
    details: ["The network stays as it is. `lesson ID` comes back."],
    examples: ["lesson who-are-you", "leave"], seeAlso: ["lesson", "lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let tutor = session.tutor else { throw CommandError(.notInLesson) }
    if let lessons = tutor.lessonSession { session.goBack(to: lessons) }
    session.companion = nil
    return CommandOutcome(LessonNotice.left(tutor.place()))
  }
}
