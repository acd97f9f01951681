// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator

/// Accompanies a learner through one lesson: it looks at the network after every command, and says what it sees.
package struct Tutor: Sendable {
  /// The progress in the current step.
  struct StepState: Sendable {
    var isDone = false
    /// Whether it was done before it began this time: in an earlier session, or before the learner came back to it.
    var wasDone = false
    /// The question's answer, from 1, once it is given or shown; nil while the question is open.
    var answer: Int?
    /// The choices that the learner has made, in order.
    var tried: [Int] = []
    /// The achievements of the step, a sentence each.
    var achieved: [String] = []
    /// Failed checks, foreseen mistakes and failed commands.
    var misses = 0
    var hasOfferedHelp = false
    var hintsGiven = 0
    /// Hints given while the question was open.
    var questionHintsGiven = 0
    /// For each foreseen mistake that has had its reply, by its place: the record against which it is compared from now
    /// on.
    var replied: [Int: StepRecord] = [:]
    /// Mistakes that were present after the previous command.
    var heldMistakes: Set<Int> = []
  }

  static let missesBeforeHelp = 3

  let lesson: Lesson
  private(set) var index = 0
  var state = StepState()
  var record: StepRecord
  /// The errors in the lesson at this step.
  private(set) var problems: [LessonProblem] = []
  var starts: StepStarts
  private let keeper: ProgressKeeper
  private var hasComplainedOfProgress = false
  /// A failure to keep progress that has not been reported yet.
  private var complaint: String?
  /// Remarks to be made once the line of commands is over.
  var held: [TutorRemark.Part] = []
  /// The lesson's own session while the learner plays with a copy.
  var lessonSession: Session?

  var step: Lesson.Step { lesson.steps[index] }
  var isLastStep: Bool { index + 1 == lesson.steps.count }
  var isPlaying: Bool { lessonSession != nil }
  /// Whether nothing is left to do.
  var mayGoOn: Bool { state.isDone || step.isForReading || !problems.isEmpty }
  /// Whether the learner may go on: a step once done stays done.
  var mayLeave: Bool { mayGoOn || state.wasDone }
  var openQuestion: Lesson.Prediction? { state.answer == nil && problems.isEmpty ? step.prediction : nil }

  init(_ lesson: Lesson, catalog: Catalog, keeper: ProgressKeeper, network: Network) {
    self.lesson = lesson
    self.keeper = keeper
    starts = StepStarts(of: lesson, catalog: catalog)
    record = StepRecord(from: network)
  }

  /// Begins a step from its own start, whatever the learner did meanwhile.
  mutating func begin(_ index: Int, in session: inout Session) {
    self.index = index
    starts.watchedBy = session.monitor
    let (start, failures) = starts.start(ofStep: index)
    if starts.wasStopped { return }
    problems = lesson.steps[index].problems + failures
    state = StepState()
    state.wasDone = !step.isForReading && marks(ofStep: index)?.isDone == true
    held = []
    lessonSession = nil
    session.beginChapter(start.session.network, lines: [])
    record = StepRecord(from: session.network)
    keep(.began)
  }

  /// Whether the learner's network equals the result of the step's own solution.
  mutating func isAsSolved(_ network: Network) -> Bool {
    NetworkDigest(starts.end(ofStep: index).session.network) == NetworkDigest(network)
  }

  // MARK: Progress

  mutating func keep(_ kind: ProgressEvent.Kind) {
    let trouble = keeper.record(ProgressEvent(lesson: lesson.id, step: index + 1, kind: kind))
    guard let trouble, !hasComplainedOfProgress else { return }
    hasComplainedOfProgress = true
    complaint = trouble
  }

  /// What is remembered of a step, by its place.
  func marks(ofStep index: Int) -> StepMarks? { keeper.load()[lesson.id]?.steps[index + 1] }

  mutating func takeComplaint() -> String? {
    defer { complaint = nil }
    return complaint
  }

  // MARK: Reports

  func place() -> LessonPlace { place(ofStep: index) }

  func place(ofStep index: Int) -> LessonPlace { LessonPlace(of: lesson, step: index + 1) }

  /// The step as the learner reads it.
  func stepReport(opening: Bool = false) -> StepReport {
    StepReport(
      place: place(), lesson: opening ? lesson : nil, step: step, problems: problems, isDone: state.isDone,
      wasDone: state.wasDone, answer: state.answer, tried: state.tried)
  }
}
