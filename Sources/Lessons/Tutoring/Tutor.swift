// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator

/// Goes along with a learner through one lesson: it looks at the network after every command, and says what it sees.
package struct Tutor: Sendable {
  /// What has come of the step at hand.
  struct StepState: Sendable {
    var isDone = false
    /// The choice that the learner made, from 1; nil while the question is open.
    var answer: Int?
    /// Failed checks, foreseen mistakes and failed commands.
    var misses = 0
    var hasOfferedHelp = false
    var hintsGiven = 0
    /// What the foreseen mistakes that have been replied to are held against from now on, by their place.
    var replied: [Int: StepRecord] = [:]
    /// Mistakes that were so after the command before.
    var heldMistakes: Set<Int> = []
  }

  static let missesBeforeHelp = 3

  let lesson: Lesson
  private(set) var index = 0
  var state = StepState()
  var record: StepRecord
  /// What is wrong with the lesson at this step.
  private(set) var problems: [LessonProblem] = []
  private(set) var starts: StepStarts
  private let keeper: ProgressKeeper
  private var hasComplainedOfProgress = false
  /// Words of trouble with keeping progress that have not been told yet.
  private var complaint: String?
  /// The lesson's own session while the learner plays with a copy.
  var lessonSession: Session?

  var step: Lesson.Step { lesson.steps[index] }
  var isLastStep: Bool { index + 1 == lesson.steps.count }
  var isPlaying: Bool { lessonSession != nil }
  /// Whether the learner may go on.
  var mayGoOn: Bool { state.isDone || step.isForReading || !problems.isEmpty }
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
    lessonSession = nil
    session.beginChapter(start.session.network, lines: [])
    record = StepRecord(from: session.network)
    keep(.began)
  }

  /// A rehearsal at the start of the step at hand.
  mutating func rehearsal() -> Rehearsal { starts.start(ofStep: index).start }

  /// Whether what the learner has built is what the step's own solution leads to.
  mutating func isAsSolved(_ network: Network) -> Bool {
    let solved = starts.end(ofStep: index)
    return NetworkDigest(solved.session) == NetworkDigest(network: network, of: solved.session)
  }

  // MARK: Progress

  mutating func keep(_ kind: ProgressEvent.Kind) {
    let trouble = keeper.record(ProgressEvent(lesson: lesson.id, step: index + 1, kind: kind))
    guard let trouble, !hasComplainedOfProgress else { return }
    hasComplainedOfProgress = true
    complaint = trouble
  }

  mutating func takeComplaint() -> String? {
    defer { complaint = nil }
    return complaint
  }

  // MARK: Reports

  func place() -> LessonPlace {
    LessonPlace(lesson: lesson.id, title: lesson.title, step: index + 1, steps: lesson.steps.count)
  }

  /// The step as the learner reads it.
  func stepReport(opening: Bool = false, putBack: Bool = false) -> StepReport {
    StepReport(
      place: place(), lesson: opening ? lesson : nil, step: step, question: openQuestion, problems: problems,
      isDone: state.isDone, putBack: putBack)
  }
}
