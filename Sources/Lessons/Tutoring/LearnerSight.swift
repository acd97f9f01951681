// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Where a learner is and what has gone wrong, for the one who teaches.
package struct LearnerSight: Sendable {
  /// A foreseen mistake that was made in the lesson.
  package struct Mistake: Hashable, Sendable {
    /// Counted from 1.
    package var step: Int
    /// The beginning of what the learner was told.
    package var reply: String
  }

  /// The lesson that is going on, or the one that was begun last, and its step; nil if there was none.
  package var place: LessonPlace?
  package var isGoingOn = false
  /// Of that lesson; nil without one.
  package var summary: LessonSummary?
  package var misses = 0
  package var mistakes: [Mistake] = []

  package init() {}
}

extension Session {
  /// The sight of the learner who drives this session and whose `progress` is remembered. Whoever has finished a lesson or
  /// left it has still done what they did.
  package func learnerSight(_ progress: Progress) -> LearnerSight {
    var sight = LearnerSight()
    guard let lesson = tutor?.lesson ?? progress.latest.flatMap({ self[LessonShelf.self]?.library().lesson($0) }) else {
      return sight
    }
    let entry = progress[lesson.id]
    sight.isGoingOn = tutor != nil
    sight.place = tutor?.place() ?? LessonPlace(of: lesson, step: min(entry?.step ?? 1, lesson.steps.count))
    sight.summary = LessonSummary(of: lesson, entry)
    for (number, marks) in (entry?.steps ?? [:]).sorted(by: { $0.key < $1.key }) {
      sight.misses += marks.misses
      guard lesson.steps.indices.contains(number - 1) else { continue }
      let foreseen = lesson.steps[number - 1].mistakes
      for line in marks.mistakes {
        guard let mistake = foreseen.first(where: { $0.line == line }) else { continue }
        let words = Prose.words(of: mistake.reply)
        let found = LearnerSight.Mistake(step: number, reply: words.count > 100 ? words.prefix(99) + "…" : words)
        if !sight.mistakes.contains(found) { sight.mistakes.append(found) }
      }
    }
    return sight
  }

  /// The lesson of that id and its version, as far as this session's shelf has it.
  package func lessonVersion(_ id: String) -> String? { self[LessonShelf.self]?.library().lesson(id)?.version }

  /// A session for a learner in a class: like this one, with its own memory of progress and nothing done.
  package func forLearner(keeper: ProgressKeeper) -> Session {
    var session = fromItsBeginning
    session.monitor = nil
    if let shelf = self[LessonShelf.self] { session[LessonShelf.self] = shelf.lent(keeper) }
    return session
  }

  /// Takes over another session's network and its past; whatever lesson went along with this one ends.
  package mutating func takeOver(_ other: Session) {
    companion = nil
    self[LessonEnd.self] = nil
    self[PlainWords.self] = other[PlainWords.self]
    goBack(to: other)
  }
}

extension LessonShelf {
  /// The same lessons, read once for a whole class; progress is remembered by `keeper`.
  package var readOnce: LessonShelf {
    let library = library()
    return LessonShelf(library: { library }, progress: progress, resumes: resumes, firstID: firstID)
  }

  fileprivate func lent(_ keeper: ProgressKeeper) -> LessonShelf {
    LessonShelf(library: library, progress: keeper, resumes: true, firstID: firstID)
  }
}
