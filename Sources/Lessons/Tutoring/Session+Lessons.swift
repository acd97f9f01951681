// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The lesson that has just ended, so that `next` can open the one after it.
struct LessonEnd: Sendable {
  var id: String
}

extension Session {
  /// The tutor of the current lesson.
  package var tutor: Tutor? { companion as? Tutor }

  /// Lets a lesson command work with the tutor.
  mutating func withTutor<Result>(
    _ body: (inout Tutor, inout Session) throws(CommandError) -> Result
  ) throws(CommandError) -> Result {
    guard var tutor = companion as? Tutor else { throw CommandError(.notInLesson) }
    let result = try body(&tutor, &self)
    companion = tutor
    return result
  }

  /// Where lessons are and progress is kept.
  func shelf() throws(CommandError) -> LessonShelf {
    guard let shelf = self[LessonShelf.self] else { throw CommandError(.noLessons(folder: nil)) }
    return shelf
  }

  /// Begins a lesson at a step, counted from 0.
  package mutating func begin(_ lesson: Lesson, at index: Int, keeper: ProgressKeeper) -> StepReport {
    companion = nil
    self[LessonEnd.self] = nil
    self[PlainWords.self] = lesson.plainWords
    var tutor = Tutor(lesson, catalog: catalog, keeper: keeper, network: network)
    tutor.begin(index, in: &self)
    let report = tutor.stepReport(opening: true)
    companion = tutor
    return report
  }
}
