// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `task`
struct TaskCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "task", group: .lessons, effect: .looks, summary: "shows again what the lesson asks",
    examples: ["lesson who-are-you", "task"], seeAlso: ["check", "hint"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let tutor = session.tutor else { throw CommandError(.notInLesson) }
    var report = tutor.stepReport()
    if !tutor.mayGoOn, tutor.openQuestion == nil, tutor.step.expectationLine != nil {
      report.missing = tutor.missing(in: tutor.lessonSession ?? session)
    }
    return CommandOutcome(report)
  }
}

/// `check`
struct CheckCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "check", group: .lessons, effect: .looks,
    summary: "tells whether the lesson's step is done, and what is still missing",
    details: ["The lesson checks automatically after every command; this reports everything that it sees."],
    examples: ["lesson who-are-you", "check"], seeAlso: ["task", "hint"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      let parts = tutor.check(in: tutor.lessonSession ?? session)
      return CommandOutcome(TutorRemark(place: tutor.place(), parts: parts))
    }
  }
}

/// `hint`
struct HintCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "hint", aliases: ["hints"], group: .lessons, effect: .guides,
    summary: "gives another hint for the lesson's step", examples: ["lesson who-are-you", "hint"],
    seeAlso: ["solution", "task"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      CommandOutcome(try tutor.nextHint())
    }
  }
}

/// `solution`
struct SolutionCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "solution", strangers: ["solve"], group: .lessons, effect: .guides,
    summary: "shows commands that do the lesson's step, or the answer to its question",
    details: ["The commands are only shown; `skip` runs them."],
    examples: ["lesson who-are-you", "solution"], seeAlso: ["hint", "skip"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      if let question = tutor.openQuestion {
        return CommandOutcome(tutor.giveAnswer(to: question, in: tutor.lessonSession ?? session))
      }
      let solution = tutor.step.solution.map(\.value)
      guard !solution.isEmpty else {
        throw CommandError(tutor.step.isForReading ? .noSolution : .noQuestion)
      }
      tutor.keep(.shown)
      return CommandOutcome(SolutionReport(solution: solution))
    }
  }
}

/// `answer N|TEXT`
struct AnswerCommand: Command {
  let answer: Located<String>

  init(_ arguments: Arguments) throws(SyntaxError) { answer = try arguments.text("ANSWER") }

  static let declaration = CommandDeclaration(
    Self.self, "answer", aliases: ["a"], group: .lessons, effect: .guides, forms: [[.required("ANSWER", .text)]],
    summary: "answers the lesson's question, by number or in its words",
    details: [
      "While a question is open, the number or the words alone are enough. After a wrong answer you may try again; `hint` "
        + "helps, and `solution` shows the answer."
    ],
    examples: ["lesson direct-call 3", "answer 45.10.20.30:5000"], seeAlso: ["task", "hint", "solution"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.withTutor { tutor, session throws(CommandError) in
      guard let question = tutor.openQuestion else { throw CommandError(.noQuestion) }
      guard let choice = AnswerText.choice(answer.value, of: question) else {
        throw CommandError(
          .noSuchAnswer(answer.value, choices: question.choices.map(\.text)), at: answer.columns)
      }
      let report = tutor.answer(choice, to: question, in: tutor.lessonSession ?? session)
      var outcome = CommandOutcome(report)
      outcome.equivalentLine = "answer \(choice)"
      return outcome
    }
  }
}

extension Vocabulary {
  /// The part of lessons.
  public static let lessons = Vocabulary([
    LessonsCommand.declaration, LessonCommand.declaration, TaskCommand.declaration, NextCommand.declaration,
    PreviousCommand.declaration, HintCommand.declaration, CheckCommand.declaration, SolutionCommand.declaration,
    SkipCommand.declaration, RestartCommand.declaration, AnswerCommand.declaration, PlayCommand.declaration,
    ProgressCommand.declaration, LeaveCommand.declaration,
  ])
}
