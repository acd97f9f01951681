// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension Session {
  /// Begins a lesson at a step, counted from 1, or goes on where the learner was.
  mutating func open(
    _ lesson: Lesson, at step: Located<Int>?, of shelf: LessonShelf
  ) throws(CommandError) -> CommandOutcome {
    guard !lesson.steps.isEmpty else {
      let problem =
        lesson.problems.first ?? LessonProblem(file: lesson.file, line: 1, message: said("there is no step"))
      throw CommandError(.unusableLesson(problem))
    }
    let known = shelf.progress.load()[lesson.id]
    let reached = known?.isFinished == true ? lesson.steps.count : min(known?.farthestStep ?? 1, lesson.steps.count)
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
      number = min(known?.step ?? 1, lesson.steps.count)
    }
    var outcome = CommandOutcome(begin(lesson, at: number - 1, keeper: shelf.progress))
    // When replayed, it must begin at the same step, whoever replays it.
    outcome.equivalentLine = number == 1 ? "lesson \(lesson.id)" : "lesson \(lesson.id) \(number)"
    return outcome
  }

  /// Goes to the next step, or to the lesson's end, which dismisses the tutor.
  mutating func leaveStep(
    _ body: (inout Tutor, inout Session) throws(CommandError) -> any ResultContent
  ) throws(CommandError) -> CommandOutcome {
    let content = try withTutor(body)
    if content is LessonNotice, let tutor {
      self[LessonEnd.self] = LessonEnd(id: tutor.lesson.id)
      companion = nil
    }
    return CommandOutcome(content)
  }

  func lessonList(showsDetails: Bool) throws(CommandError) -> LessonListReport {
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
