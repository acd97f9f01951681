// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `next`
struct NextCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "next", group: .lessons, effect: .guides,
    summary: "goes on to the lesson's next step, once this one is done",
    examples: ["lesson who-are-you", "next"], seeAlso: ["previous", "check", "skip"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if session.tutor == nil, let end = session[LessonEnd.self] {
      let shelf = try session.shelf()
      guard let lesson = shelf.library().next(after: end.id) else { throw CommandError(.noNextLesson) }
      return try session.open(lesson, at: nil, of: shelf)
    }
    return try session.leaveStep { tutor, session throws(CommandError) in
      try tutor.mayLeaveStep(in: session)
      return tutor.goOn(in: &session, skipped: nil)
    }
  }
}

/// `skip`
struct SkipCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "skip", group: .lessons, effect: .guides,
    summary: "goes on without having done the step", details: ["The step's solution is run instead of yours."],
    examples: ["lesson who-are-you", "skip"], seeAlso: ["next", "solution"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.leaveStep { tutor, session throws(CommandError) in
      if tutor.mayGoOn { return tutor.goOn(in: &session, skipped: nil) }
      guard tutor.lesson.allowsSkip else { throw CommandError(.noSkipping) }
      tutor.keep(.skipped)
      return tutor.goOn(in: &session, skipped: tutor.step.solution.map(\.value))
    }
  }
}

extension Session {
  /// Goes to the next step, or to the lesson's end, which dismisses the tutor.
  fileprivate mutating func leaveStep(
    _ body: (inout Tutor, inout Session) throws(CommandError) -> any ResultContent
  ) throws(CommandError) -> CommandOutcome {
    let content = try withTutor(body)
    if content is LessonNotice, let tutor {
      self[LessonEnd.self] = LessonEnd(id: tutor.lesson.id)
      companion = nil
    }
    return CommandOutcome(content)
  }
}

/// `previous`
struct PreviousCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "previous", aliases: ["prev"], group: .lessons, effect: .guides,
    summary: "goes back to the lesson's previous step", examples: ["lesson who-are-you 2", "previous"],
    seeAlso: ["next", "restart"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      guard tutor.index > 0 else { throw CommandError(.atFirstStep) }
      tutor.begin(tutor.index - 1, in: &session)
      return CommandOutcome(tutor.stepReport())
    }
  }
}

/// `restart`
struct RestartCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "restart", group: .lessons, effect: .guides,
    summary: "begins the lesson's step again, with the network as it was then",
    examples: ["lesson who-are-you", "restart"], seeAlso: ["previous", "play"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      let before = tutor.state
      tutor.begin(tutor.index, in: &session)
      tutor.state.hintsGiven = before.hintsGiven
      tutor.state.questionHintsGiven = before.questionHintsGiven
      return CommandOutcome(tutor.stepReport())
    }
  }
}

/// `play` · `play end`
struct PlayCommand: Command {
  let ends: Bool

  init(_ arguments: Arguments) throws(SyntaxError) { ends = arguments.choice("end") != nil }

  /// Play is not part of the lesson, and not saved once it has ended.
  var effect: CommandDeclaration.Effect { ends ? .looks : .guides }

  static let declaration = CommandDeclaration(
    Self.self, "play", group: .lessons, effect: .guides, forms: [[.choice("end", ["end"])]],
    summary: "lets you try things on a copy of the lesson's network", details: ["`play end` brings the lesson's back."],
    examples: ["lesson who-are-you", "play", "play end"], seeAlso: ["restart", "undo"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      if ends {
        guard let lessons = tutor.lessonSession else { throw CommandError(.notPlaying) }
        tutor.lessonSession = nil
        session.goBack(to: lessons)
        return CommandOutcome(LessonNotice.backFromPlaying(tutor.place()))
      }
      guard !tutor.isPlaying else { throw CommandError(.alreadyPlaying) }
      var kept = session
      kept.companion = nil
      tutor.lessonSession = kept
      session.beginChapter(session.network, lines: [])
      return CommandOutcome(LessonNotice.playing)
    }
  }
}

extension Tutor {
  /// Throws the reason that keeps the learner at this step.
  fileprivate func mayLeaveStep(in session: Session) throws(CommandError) {
    guard !mayGoOn else { return }
    if let question = openQuestion { throw CommandError(.questionOpen(choices: question.choices.count)) }
    throw CommandError(.stepNotDone(missing: missing(in: lessonSession ?? session)))
  }

  /// Goes on to the next step, or to the lesson's end.
  ///
  /// - Parameter skipped: the commands that were run instead of the learner's; nil if the step was done.
  fileprivate mutating func goOn(in session: inout Session, skipped: [String]?) -> any ResultContent {
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
