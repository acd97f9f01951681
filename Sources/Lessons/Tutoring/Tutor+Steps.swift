// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension Tutor {
  /// Throws the reason that keeps the learner at this step.
  func mayLeaveStep(in session: Session) throws(CommandError) {
    guard !mayLeave else { return }
    if let question = openQuestion { throw CommandError(.questionOpen(choices: question.choices.count)) }
    throw CommandError(.stepNotDone(missing: missing(in: lessonSession ?? session)))
  }

  /// The line that goes on from a step that was done before: whoever replays it may not have done the step. Nil if
  /// `next` does the same for everybody.
  var lineToGoOn: String? {
    guard state.wasDone, !mayGoOn else { return nil }
    return isLastStep ? "leave" : "lesson \(lesson.id) \(index + 2)"
  }

  /// Goes on to the next step, or to the lesson's end.
  ///
  /// - Parameter skipped: the commands that were run instead of the learner's; nil if the step was done.
  mutating func goOn(in session: inout Session, skipped: [String]?) -> any ResultContent {
    if step.isForReading, problems.isEmpty { keep(.done) }
    guard !isLastStep else { return end(in: &session) }
    let (wasDone, achieved, saidNothing) = (state.isDone, state.achieved, !held.isEmpty)
    let network = (lessonSession ?? session).network
    let putBack = wasDone && step.expectationLine != nil && !isAsSolved(network)
    begin(index + 1, in: &session)
    var report = stepReport()
    report.putBack = putBack
    if putBack || saidNothing { report.achieved = achieved }
    report.skipped = skipped
    return report
  }

  private mutating func end(in session: inout Session) -> LessonNotice {
    keep(.finished)
    if let lessons = lessonSession { session.goBack(to: lessons) }
    guard let shelf = session[LessonShelf.self] else {
      return .finished(place(), LessonSummary(of: lesson, nil), next: nil, course: nil)
    }
    let (library, progress) = (shelf.library(), shelf.progress.load())
    let course = Certificate(lessons: library.lessons, progress: progress)
    return .finished(
      place(), LessonSummary(of: lesson, progress[lesson.id]), next: library.next(after: lesson.id)?.id,
      course: course.isComplete ? course : nil)
  }
}
