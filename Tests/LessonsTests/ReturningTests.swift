// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// Learners who come back to what they have done.
struct ReturningTests {
  private static let knock = "send bob:4001 49.36.10.25:62000; run"
  private static let done = ["lesson defect", "2", knock]

  private func session(
    _ keeper: ProgressKeeper, after lines: [String], text: String = Fixture.text
  ) throws -> Session {
    let after = try Fixture.lesson(LessonSkeleton.text(id: "after"), file: "02-after.md")
    let lessons = [try Fixture.lesson(text), after]
    var first = Fixture.session(lessons, keeper: keeper, resumes: true)
    _ = try Fixture.run(lines, in: &first)
    return Fixture.session(lessons, keeper: keeper, resumes: true)
  }

  @Test func aStepThatIsDoneIsDoneAfterComingBack() throws {
    var session = try session(.inMemory(), after: Self.done)
    try Exchange.expect(
      [
        ("lesson", ["Step 1 of 2", "✓ You have done this step before: 'next' goes on."]),
        ("check", ["still open", "You have done this step before"]), ("next", ["Step 2 of 2", "!own way"]),
      ], in: &session)
    #expect(session.standingLines == ["lesson defect", "lesson defect 2"])
  }

  @Test func aStepOnceDoneStaysDoneWhateverTheWayBackToIt() throws {
    for back in [["next", "previous"], ["restart"], ["lesson defect 1"]] {
      var session = Fixture.session([try Fixture.lesson()])
      _ = try Fixture.run(Self.done + back, in: &session)
      try Exchange.expect(
        [
          ("task", ["What do you think?", "You have done this step before"]), ("2", ["Right", "Not yet", "!before"]),
          ("check", ["Not yet: No packet from bob:4001", "You have done this step before"]),
          ("task", ["Not yet", "You have done this step before"]), (Self.knock, ["✓ Done."]),
          ("check", ["✓ This step is done: 'next' goes on.", "!before"]), ("next", ["Step 2 of 2"]),
        ], in: &session)
    }
  }

  @Test func whatIsNotDoneStillHasToBe() throws {
    var session = try session(.inMemory(), after: ["lesson defect", "2"])
    try Exchange.expect([("lesson", ["!before"]), ("next", ["error: the question is still open"])], in: &session)
  }

  @Test func aLessonThatRequiresEveryStepLetsThoseReturnWhoHaveDoneThem() throws {
    let strict = Fixture.text.replacing("skip: allowed", with: "skip: forbidden")
    let keeper = ProgressKeeper.inMemory()
    var session = try session(keeper, after: Self.done + ["next", "previous"], text: strict)
    try Exchange.expect(
      [
        ("lesson", ["Step 1 of 2"]), ("skip", ["Step 2 of 2", "!Skipped"]), ("previous", []),
        ("lesson defect 2", ["Step 2 of 2"]),
      ], in: &session)
    #expect(keeper.load()["defect"]?.steps[1]?.wasSkipped == false)
  }

  @Test func whatWasSavedAfterComingBackCanBeReplayedByAnybody() throws {
    var session = try session(.inMemory(), after: Self.done)
    _ = try Fixture.run(["lesson", "next", "next"], in: &session)
    var other = Fixture.session([try Fixture.lesson()])
    let printed = try Fixture.run(session.standingLines, in: &other)
    #expect(printed.allSatisfy { !$0.contains("error:") } && other.companion == nil)
  }

  @Test func nextAfterTheEndOpensTheFollowingLessonInALaterSessionToo() throws {
    let keeper = ProgressKeeper.inMemory()
    var session = try session(keeper, after: ["lesson defect", "skip", "next"])
    try Exchange.expect([("next", ["After", "Step 1 of 2"])], in: &session)
    #expect(session.standingLines == ["lesson after"])
    var midway = try self.session(keeper, after: ["lesson after"])
    try Exchange.expect([("next", ["error: no lesson is going on; `lesson` begins one or goes on"])], in: &midway)
  }
}
