// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// A lesson's part in a class: its question put to everybody, its proof, and what a teacher sees of a learner.
struct ClassLessonTests {
  private let knock = "send bob:4001 49.36.10.25:62000; run"

  @Test func aQuestionIsProvedWhoeverHasAnsweredItOrLeft() throws {
    var session = Fixture.session([try Fixture.lesson()])
    func proof() throws -> QuestionProof { try #require(session.proof(ofStep: 1, in: "defect")) }
    let before = try proof()
    #expect(before.report.proof.map(\.command) == ["send bob:4001 49.36.10.25:62000", "run"])
    #expect(
      before.report.choice == 2 && before.run.clock > session.clock
        && before.report.because?.contains("port 4001") == true)
    for line in ["lesson defect", "2", knock, "next", "leave"] {
      _ = try Fixture.run([line], in: &session)
      let (lines, now) = (session.standingLines, try proof())
      #expect(now.report.proof.count == 2 && now.run.clock == before.run.clock, "\(line)")
      #expect(session.standingLines == lines)
    }
    #expect(session.proof(ofStep: 2, in: "defect") == nil && session.proof(ofStep: 9, in: "defect") == nil)
    #expect(session.proof(ofStep: 0, in: "defect") == nil && session.proof(ofStep: 1, in: "nothing") == nil)
  }

  @Test func whatIsAskedOfTheProgramIsNoAnswerAndGetsNoRemark() throws {
    var session = Fixture.session([try Fixture.lesson()])
    try Exchange.expect(
      [
        ("lesson defect", []), ("map", ["question is still open"]), ("save x", ["Saved", "!question"]),
        (knock, ["now answer the question"]), ("clear", ["!question"]), ("quit", ["!question"]),
      ], in: &session)
  }

  @Test func whileTheClassIsAskedAnAnswerIsAVoteAndNothingIsGivenAway() throws {
    let keeper = ProgressKeeper.inMemory()
    var session = Fixture.session([try Fixture.lesson()], keeper: keeper)
    _ = try Fixture.run(["lesson defect"], in: &session)
    let lines = session.standingLines
    session[ClassQuestion.self] = ClassQuestion(lesson: "defect", step: 1)
    for line in ["1", "2", "answer 2", "drop it"] {
      try Exchange.expect(
        [(line, ["Your vote in the class is number", "!Right", "!Not quite", "!See for"])], in: &session)
    }
    try Exchange.expect(
      [
        ("solution", ["error: the whole class is being asked", "!drop it"]),
        ("skip", ["error: the whole class is being asked", "!drop it"]), ("answer 7", ["error:"]),
        ("task", ["What do you think?", "!✓"]),
      ], in: &session)
    #expect(session.standingLines == lines && keeper.load()["defect"]?.steps == [:])
    session[ClassQuestion.self]?.chosen = 1
    try Exchange.expect([("2", ["error: you have voted already, for number 1"])], in: &session)
    // Another step's question, another lesson's, or none.
    session[ClassQuestion.self] = ClassQuestion(lesson: "defect", step: 2)
    try Exchange.expect([("1", ["Not quite"])], in: &session)
    session[ClassQuestion.self] = nil
    try Exchange.expect([("2", ["Now it is right", "See for yourself"])], in: &session)
  }

  @Test func whoHasFinishedOrLeftALessonHasStillDoneIt() throws {
    let keeper = ProgressKeeper.inMemory()
    var session = Fixture.session([try Fixture.lesson()], keeper: keeper)
    #expect(session.learnerSight(keeper.load()).place == nil)
    _ = try Fixture.run(["lesson defect", "1", "2", "send bob:4001 alice:5000; run", knock], in: &session)
    func look(_ lines: String...) throws -> [Int] {
      _ = try Fixture.run(lines, in: &session)
      let sight = session.learnerSight(keeper.load())
      #expect(sight.place?.lesson == "defect" && sight.place?.steps == 2)
      return [
        sight.place?.step ?? 0, sight.summary?.done ?? 0, sight.summary?.rightLater ?? 0, sight.misses,
        sight.mistakes.count, sight.isGoingOn ? 1 : 0,
      ]
    }
    #expect(try look() == [1, 1, 1, 1, 1, 1])
    #expect(try look("leave") == [1, 1, 1, 1, 1, 0])
    #expect(try look("lesson defect 2", "next") == [2, 2, 1, 1, 1, 0])
    session.takeOver(Session(catalog: Fixture.catalog))
    #expect(try look() == [2, 2, 1, 1, 1, 0])
  }
}
