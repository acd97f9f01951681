// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

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
    summary: said("begins a lesson, or goes on with it"),
    details: [
      said(
        "Without an ID it goes on with the lesson you were in, or begins the next one. `lesson ID` goes on where you left ",
        "that lesson; `lesson ID 1` starts it over. The lesson's network replaces yours: save yours first if ",
        "you want it back.")
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
