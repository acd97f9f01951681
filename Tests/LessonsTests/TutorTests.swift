// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// The tutor's replies to what is typed.
struct TutorTests {
  private func expect(_ exchanges: [(String, [String])], in session: inout Session) throws {
    try Exchange.expect(exchanges, in: &session)
  }

  private func expect(_ exchanges: [(String, [String])]) throws {
    var session = Fixture.session([try Fixture.lesson()])
    try expect(exchanges, in: &session)
  }

  private let knock = "send bob:4001 49.36.10.25:62000; run"

  @Test func aLessonIsDoneFromItsBeginningToItsEnd() throws {
    try expect([
      ("lesson defect", ["Step 1 of 2", "Bob guesses", "1 pass it on to Alice", "Type the number"]),
      ("next", ["error: the question is still open: type a number from 1 to 2"]),
      ("2", ["Right: drop it.", "See for yourself", "natsh> send bob:4001", "Not yet: No packet from bob:4001"]),
      (
        "next",
        ["this step is not done yet: no packet from bob:4001 has been dropped at home-a (reason:"]
      ),
      ("send bob:4001 49.36.10.25:62000", ["Not yet: the packet is waiting on the wire", "!bob:4001 has"]),
      ("table", ["!Not yet"]),
      ("run", ["Done. Packet 2 from 88.90.100.110:4001 was dropped at home-a (reason: filtered).", "'next' goes on"]),
      ("run", ["!Done"]),
      ("next", ["Step 2 of 2", "'next' ends the lesson", "!own way"]),
      (
        "next",
        ["That was \"Defect\": all 2 steps done, 1 of 1 question right first time", "You have done all 1 lesson"]
      ),
      ("next", ["error: that was the last lesson"]), ("lesson", ["error: you have done all the lessons"]),
    ])
  }

  @Test(arguments: [
    ("2", "Right"), ("drop it", "Right"), ("DROP IT.", "Right"), ("answer 2", "Right"), ("answer drop it", "Right"),
    ("answer \"drop it\"", "Right"), ("1", "Not quite"), ("pass it on to alice", "Not quite"),
    ("drop", "error: a question is open, and 'drop' is not one of its answers"), ("d", "a question is open"),
    ("alice", "a question is open"), ("n", "a question is open"), ("3", "'3' is not one of its answers"),
    ("0", "a question is open"), ("answer 3", "is not one of its answers"), ("dorp", "a question is open"),
    ("send nobody", "error: there is no host called"),
  ]) func aQuestionIsAnsweredByNumberOrInItsWords(line: String, reply: String) throws {
    try expect([("lesson defect", []), (line, [reply])])
  }

  private static let again = """

    ## Once more

    ```yaml predict
    ask: Now from port 4002. Does Alice see it?
    again: Bob guesses at Alice's address
    choices:
      - she does
      - she does not
    answer: 2
    because: The same filter.
    proof:
      run: |
        send bob:4002 49.36.10.25:62000
        run
      expect:
        1:
          - delivered: {to: alice, from: "bob:4002"}
        2:
          - hop: {node: home-a, verdict: dropped, reason: filtered, source: "bob:4002"}
    ```
    """

  @Test(arguments: [
    (["2"], ["2"], "asked the same in other words: you were right at once then, and now again"),
    (["1", "2"], ["2"], "in other words. Then you had to think again; now you knew it"),
    (["2"], ["1", "2"], "and you were right at once then; look there again with 'lesson defect 1'"),
    (["1", "2"], ["1", "2"], "in other words; look there again with 'lesson defect 1'"),
    ([], ["2"], nil),
  ]) func aQuestionAskedAgainTellsWhetherItHasStayed(first: [String], later: [String], words: String?) throws {
    let lesson = try Fixture.lesson(Fixture.text + Self.again)
    #expect(lesson.problems.isEmpty && lesson.steps[2].prediction?.againIndex == 0)
    #expect(
      LessonCheck.run(text: Fixture.text + Self.again, file: "01-defect.md", catalog: Fixture.catalog).problems.isEmpty)
    var session = Fixture.session([lesson])
    let printed = try Fixture.run(["lesson defect"] + first + ["lesson defect 3"] + later, in: &session)
    let last = try #require(printed.last).replacing("\n", with: " ")
    #expect(printed.dropLast().allSatisfy { !$0.contains("in other words") })
    #expect(words.map { last.contains($0) } ?? !last.contains("in other words"), "\(last)")
  }

  @Test func aCommandIsACommandWhileAQuestionIsOpen() throws {
    try expect([
      ("lesson defect", []), ("map", ["home-a", "!Right", "The question is still open"]), ("2", ["Right"]),
      ("2", ["error:"]),
      ("map", ["!still open"]),
    ])
  }

  @Test func commandsBeforeTheAnswerCountOnceItIsGiven() throws {
    try expect([
      ("lesson defect", []), (knock, ["now answer the question"]), ("next", ["error: the question is still open"]),
      ("1", ["Not quite", "Try again", "!Done."]), ("2", ["Now it is right", "Done."]), ("next", ["Step 2 of 2"]),
    ])
  }

  @Test func aForeseenMistakeGetsItsReplyAndAgainWhenItIsMadeAgain() throws {
    let mistake = "send bob:4001 alice:5000; run"
    try expect([
      ("lesson defect", []), (mistake, ["inside", "address, which means nothing"]), ("map", ["!inside* address"]),
      ("wait 1s", ["!which means nothing"]), (mistake, ["which means nothing"]),
    ])
  }

  @Test func helpIsMentionedOnceAfterThreeMisses() throws {
    try expect([
      ("lesson defect", []), ("bogus", ["!hint"]), ("check", ["still open", "!'hint'"]), ("2", []),
      ("bogus", ["!hint"]), ("check", ["Not yet", "!'hint'"]),
      ("send nobody bob", ["If you are stuck: 'hint'"]), ("bogus", ["!If you are stuck"]),
    ])
  }

  @Test func hintsComeOneAtATime() throws {
    try expect([
      ("lesson defect", []), ("hint", ["Hint 1 of 1", "Try it: `play`"]), ("2", []), ("hint", ["Hint 1 of 2"]),
      ("hint", ["Hint 2 of 2"]), ("hint", ["error: those were all 2 hints; `solution` shows a way"]),
      ("solution", ["send bob:4001 49.36.10.25:62000"]),
      ("restart", []), ("hint", ["error:"]),
    ])
  }

  @Test func everyStepStartsFromItsOwnNetworkWhateverWasDone() throws {
    try expect([
      ("lesson defect", []), ("remove bob", []), ("reset", []), ("restart", ["Step 1"]),
      ("show bob", ["88.90.100.110"]),
      ("2", []), (knock, ["Done"]), ("host carol", []), ("next", ["Done. Packet 2", "your own way", "Step 2"]),
      ("show carol", ["error:"]),
      ("previous", ["Step 1"]), ("previous", ["error: this is the first step"]), ("undo", ["where the step began"]),
    ])
  }

  @Test func undoGoesBackWithinTheStep() throws {
    try expect([
      ("lesson defect", []), ("host carol", []), ("undo", ["Undone"]), ("undo 3", ["where the step began"]),
      ("show carol", ["error:"]),
    ])
  }

  @Test func playingLeavesTheLessonsNetworkAlone() throws {
    var session = Fixture.session([try Fixture.lesson()])
    try expect(
      [
        ("lesson defect", []), ("host carol", []), ("play", ["copy"]), ("play", ["error:"]),
        ("remove bob", ["!still open"]),
        ("play end", ["Back at step 1 of \"Defect\""]), ("show bob", ["88.90"]), ("show carol", ["carol"]),
        ("play end", ["error:"]),
      ], in: &session)
    #expect(session.standingLines == ["lesson defect", "host carol"])
  }

  @Test func aCertificateHasTheDayOnItWhereItIsKnown() throws {
    let lessons = [try Fixture.lesson()]
    let dated = Certificate(name: "Ann", date: "2026-03-01", lessons: lessons, progress: Progress())
    #expect(dated.text.contains("\n2026-03-01\n") && dated.svg.contains(">2026-03-01</text>"))
    let plain = Certificate(lessons: lessons, progress: Progress())
    #expect(!plain.text.contains("2026") && !plain.svg.contains("2026"))
  }

  @Test func aSkippedStepIsShownAndALessonMayForbidIt() throws {
    try expect([
      ("lesson defect", []),
      ("skip", ["Skipped. The answer was: drop it.", "The row is there", "send bob:4001", "Step 2"]),
    ])
    var session = Fixture.session([
      try Fixture.lesson(Fixture.text.replacing("skip: allowed", with: "skip: forbidden"))
    ])
    try expect(
      [
        ("lesson defect", []), ("skip", ["error: this lesson requires every step"]),
        ("lesson defect 2", ["comes later"]),
      ],
      in: &session)
  }

  @Test func aSavedLessonDoesTheSameAgain() throws {
    var session = Fixture.session([try Fixture.lesson()])
    _ = try Fixture.run(
      ["scene direct", "lesson 1", "hint", "host carol", "undo", "drop it", knock, "next"], in: &session)
    let lines = session.standingLines
    #expect(
      lines == [
        "scene direct", "lesson defect", "hint", "answer 2", "send bob:4001 49.36.10.25:62000", "run", "next",
      ])
    var again = Fixture.session([try Fixture.lesson()])
    let printed = try Fixture.run(lines, in: &again)
    #expect(printed.last?.contains("Step 2 of 2") == true && again.standingLines == lines)
  }

  @Test func aLessonThatIsBrokenHereSaysSoAndBlocksNobody() throws {
    let text = Fixture.text.replacing("```natsh setup\nscene one-home", with: "```natsh setup\nscene nowhere")
    var session = Fixture.session([try Fixture.lesson(text)])
    try expect(
      [
        ("lesson defect", ["This lesson is broken here", "01-defect.md:24:"]), ("check", ["broken"]),
        ("next", ["Step 2"]),
      ], in: &session)
  }

  @Test func thePromptShowsTheLessonAndTheStep() throws {
    var session = Fixture.session([try Fixture.lesson()])
    _ = try Fixture.run(["lesson defect"], in: &session)
    #expect(session.companion?.promptNote == "defect 1/2")
    _ = try Fixture.run(["2", knock], in: &session)
    #expect(session.companion?.promptNote == "defect 1/2 done")
    _ = try Fixture.run(["leave"], in: &session)
    #expect(session.companion == nil)
  }

  @Test func progressIsFoundAgainAndAProblemWithItIsSaidOnce() throws {
    let keeper = ProgressKeeper.inMemory()
    var first = Fixture.session([try Fixture.lesson()], keeper: keeper, resumes: true)
    _ = try Fixture.run(["lesson defect", "2", knock, "next", "quit"], in: &first)
    var second = Fixture.session([try Fixture.lesson()], keeper: keeper, resumes: true)
    try expect([("lessons", ["1/2"]), ("lesson defect", ["Step 2 of 2"])], in: &second)
    #expect(second.standingLines == ["lesson defect 2"])
    let full = ProgressKeeper(load: { Progress() }, record: { _ in "the disk is full" })
    var third = Fixture.session([try Fixture.lesson()], keeper: full)
    try expect([("lesson defect", ["not remembered: the disk is full"]), ("hint", ["!disk"])], in: &third)
  }

  @Test func progressSurvivesAFileCutAnywhere() {
    var progress = Progress()
    for (step, kind) in [(1, ProgressEvent.Kind.began), (1, .done), (2, .hinted(2)), (3, .skipped), (3, .finished)] {
      progress.apply(ProgressEvent(lesson: "who-are-you", step: step, kind: kind))
    }
    progress.apply(ProgressEvent(lesson: "direct-call", step: 2, kind: .shown))
    #expect(Progress(text: progress.text) == progress)
    for count in 0..<progress.text.count { _ = Progress(text: String(progress.text.prefix(count))) }
    #expect(Progress(text: "who are=you=\n\u{0}\nx at=99999999999999999999 done=,,-1,a\n")["x"] == Progress.Entry())
  }

  @Test func aWrongAnswerGetsItsOwnReplyAndTheFirstOneIsRemembered() throws {
    let choices = """
      choices:
        - choice: pass it on to Alice
          because: The row is there, but it does not admit *that* port.
        - choice: drop it
          accept: [filtered, "2,000 times", none]
        - ask Alice
      """
    let text = Fixture.text.replacing("choices:\n  - pass it on to Alice\n  - drop it", with: choices)
      .replacing("    2:\n", with: "    3:\n      - delivered: {to: alice, from: \"bob:4002\"}\n    2:\n")
    let keeper = ProgressKeeper.inMemory()
    var session = Fixture.session([try Fixture.lesson(text)], keeper: keeper)
    try expect(
      [
        ("lesson defect", ["3 ask Alice"]), ("pass it on to Alice", ["Not quite", "does not admit"]),
        ("task", ["1 pass it on to Alice ✗", "Think again"]), ("3", ["Not quite: ask Alice", "Try again"]),
        ("2000 times", ["Now it is right"]), ("task", ["2 drop it ✓", "What will Alice's router do", "Not yet"]),
        ("progress", ["0/1"]),
      ], in: &session)
    #expect(keeper.load()["defect"]?.steps[1]?.choices == [1, 3, 2])
    #expect(keeper.load()["defect"]?.steps[1]?.first == .wrong)
    try expect([("lesson defect 1", []), ("filtered", ["Right"])], in: &session)
    #expect(keeper.load()["defect"]?.steps[1]?.first == .wrong)
  }

  @Test func giveUpShowsTheAnswerWhichDoesNotCount() throws {
    let keeper = ProgressKeeper.inMemory()
    var session = Fixture.session([try Fixture.lesson()], keeper: keeper)
    try expect(
      [("lesson defect", []), ("solution", ["The answer is: drop it", "See for yourself"]), ("2", ["error:"])],
      in: &session)
    #expect(keeper.load()["defect"]?.steps[1]?.sawAnswer == true)
    #expect(keeper.load()["defect"]?.steps[1]?.sawSolution == false)
  }

  @Test func anExpectationSpeaksInItsAuthorsWordsOneThingAtATime() throws {
    let text = Fixture.text.replacing(
      "reason: filtered, source: \"bob:4001\"}",
      with: "reason: filtered, source: \"bob:4001\"}\n  ask: Bob has to knock from his *other* port.\n- looked: table")
    var session = Fixture.session([try Fixture.lesson(text)])
    try expect(
      [
        ("lesson defect", []), ("2", ["Not yet: Bob has to knock from his *other* port.", "!table"]),
        ("check", ["Bob has to knock", "!you have not looked"]),
        (knock, ["Not yet: You have not looked with 'table' yet."]), ("table", ["Done."]),
      ], in: &session)
  }

  @Test func theCommandsOfALineGetOneReplyWhenTheyAreOver() throws {
    var session = Fixture.session([try Fixture.lesson()])
    _ = try Fixture.run(["lesson defect", "2"], in: &session)
    var remarks: [Int] = []
    for (place, line) in ["map", "send bob:4001 49.36.10.25:62000", "run", "map"].enumerated() {
      session.moreFollows = place < 3
      let statement = try #require(try Statement.statements(in: line).first)
      remarks.append(try session.execute(statement).remarks.count)
    }
    #expect(remarks == [0, 0, 0, 1])
  }

  @Test func nextAfterTheEndOpensTheLessonThatFollows() throws {
    let second = try Fixture.lesson(
      LessonSkeleton.text(id: "after"), file: "02-after.md")
    var session = Fixture.session([try Fixture.lesson(), second], resumes: true)
    try expect(
      [
        ("lesson", ["Defect", "Step 1 of 2"]), ("lesson", ["Step 1 of 2"]), ("skip", []),
        ("leave", ["You have left \"Defect\" at step 2"]),
        ("lesson", ["Defect", "Step 2 of 2"]), ("next", ["'next' opens the next lesson, after"]),
        ("next", ["After", "Step 1 of 2"]), ("lessons", ["1/2"]),
      ], in: &session)
    #expect(session.standingLines.last == "lesson after")
  }

  @Test func tablesKeepToPlainSentencesInALessonThatAsksForIt() throws {
    let text = Fixture.text.replacing("skip: allowed", with: "skip: allowed\nwords: plain")
    var session = Fixture.session([try Fixture.lesson(text)])
    try expect(
      [
        ("lesson defect", []), ("table", ["that the inside has sent to may send back", "!independent"]),
        ("set home-a mapping apdm", []), ("table", ["a different outside endpoint for every endpoint"]),
        ("set home-a filtering eif", []), ("table", ["anybody outside may send"]),
      ], in: &session)
    // So do the tables of the lesson's own runs.
    let first = "    send bob:4001 49.36.10.25:62000\n"
    let proof = text.replacing(first, with: "    table\n" + first)
    session = Fixture.session([try Fixture.lesson(proof)])
    try expect(
      [("lesson defect", []), ("2", ["natsh> table", "may send back", "!independent"])], in: &session)
  }
}
