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
    summary: "lists the lessons, and how far you are in each", examples: ["lessons"], seeAlso: ["lesson"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(try session.lessonList(showsDetails: false))
  }
}

/// `progress` · `progress export FILE [NAME]`
struct ProgressCommand: Command {
  /// The file for the certificate; nil if progress is only to be shown.
  let path: String?
  let name: String?

  init(_ arguments: Arguments) throws(SyntaxError) {
    path = arguments.optionalText("FILE")?.value
    name = arguments.optionalText("NAME")?.value
  }

  static let declaration = CommandDeclaration(
    Self.self, "progress", strangers: ["certificate"], group: .lessons, effect: .looks,
    forms: [[], [.keyword("export"), .required("FILE", .file), .optional("NAME", .text)]],
    summary: "shows how far you are in each lesson, and what was right at first",
    details: [
      "`progress export FILE` writes it as a certificate to keep: a picture if the file's name ends in .svg, else "
        + "text. Put a name with spaces in quotation marks."
    ],
    examples: ["progress"], seeAlso: ["lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let path else { return CommandOutcome(try session.lessonList(showsDetails: true)) }
    let shelf = try session.shelf()
    let certificate = Certificate(
      name: name, date: shelf.progress.today(), lessons: shelf.library().lessons, progress: shelf.progress.load())
    let isPicture = path.lowercased().hasSuffix(".svg")
    return CommandOutcome(OuterRequest.write(path: path, text: isPicture ? certificate.svg : certificate.text))
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
      return LessonListReport.Entry(
        id: lesson.id, title: lesson.title, minutes: lesson.minutes, summary: LessonSummary(of: lesson, known),
        at: known?.step, current: tutor?.lesson.id == lesson.id,
        requires: lesson.requires.map(\.value))
    }
    return LessonListReport(
      lessons: entries, problems: library.problems, showsDetails: showsDetails)
  }
}

/// `lesson [ID [STEP]]`
struct LessonCommand: Command {
  /// Nil means the lesson where the learner was.
  let id: Located<String>?
  /// Counted from 1; nil means where the learner was, or the first.
  let step: Located<Int>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    id = arguments.has("ID") ? try arguments.text("ID") : nil
    step = arguments.optionalCount("STEP")
  }

  static let declaration = CommandDeclaration(
    Self.self, "lesson", strangers: ["continue", "resume"], group: .lessons, effect: .guides,
    forms: [[], [.required("ID", .listed(LessonShelf.list)), .optional("STEP", .count(1...1_000))]],
    summary: "begins a lesson, or goes on with it",
    details: [
      "Without an ID it goes on with the lesson you were in, or begins the next one. `lesson ID` goes on where you left "
        + "that lesson; `lesson ID 1` starts it over. The lesson's network replaces yours: save yours first if "
        + "you want it back."
    ],
    examples: ["lesson who-are-you"], seeAlso: ["lessons", "task", "hint", "leave"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if id == nil, let tutor = session.tutor { return CommandOutcome(tutor.stepReport()) }
    let shelf = try session.shelf()
    let library = shelf.library()
    guard !library.lessons.isEmpty || id != nil else { throw CommandError(.noLessons(folder: library.folder)) }
    guard let id else {
      guard let lesson = library.toGoOnWith(shelf.progress.load()) else { throw CommandError(.allLessonsDone) }
      return try session.open(lesson, at: nil, of: shelf)
    }
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
    return try session.open(lesson, at: step, of: shelf)
  }
}

extension Session {
  /// Begins a lesson at a step, counted from 1, or goes on where the learner was.
  mutating func open(
    _ lesson: Lesson, at step: Located<Int>?, of shelf: LessonShelf
  ) throws(CommandError) -> CommandOutcome {
    guard !lesson.steps.isEmpty else {
      let problem = lesson.problems.first ?? LessonProblem(file: lesson.file, line: 1, message: "there is no step")
      throw CommandError(.unusableLesson(problem))
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
    var outcome = CommandOutcome(begin(lesson, at: number - 1, keeper: shelf.progress))
    // When replayed, it must begin at the same step, whoever replays it.
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
