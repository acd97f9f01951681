// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A learner at a terminal with a lesson: the tutor, its prompt, its pages and what it remembers.
@Suite struct TutorSessionTests {
  let folder = TestFolder()

  init() {
    folder.makeFolder("lessons")
    folder.write(LessonSkeleton.text(id: "knock"), to: "lessons/01-knock.md")
  }

  private func shell(_ arguments: [String] = [], rows: UInt16 = 200, columns: UInt16 = 100) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(arguments, in: folder, columns: columns, rows: rows)
    try terminal.waitForPrompt()
    return terminal
  }

  private func leave(_ terminal: PseudoTerminal) throws {
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  /// Types lines; after each the prompt has to begin with `prompt`, and the words must have been printed.
  private func expect(
    _ exchanges: [(line: String, prompt: String, words: [String])], at terminal: PseudoTerminal
  ) throws {
    for (line, prompt, words) in exchanges {
      let printed = try terminal.run(line, until: prompt).printed
      for words in words { #expect(printed.contains(words), "after \(line): \(printed)") }
    }
  }

  private let first = "natsh knock 1/2 "
  private let mistake = "send bob:4001 alice:5000; run"

  @Test func theTutorFollowsTheLearner() throws {
    let terminal = try shell()
    try expect(
      [
        ("lesson knock", first, ["Step 1 of 2: Bob guesses", "1  pass it on to Alice", "Type the number"]),
        ("task", first, ["Step 1 of 2", "Type the number"]),
        ("next", first, ["error: the question is still open"]),
        ("hint", first, ["Hint 1 of 1"]),
        ("3", first, ["error:"]),
        (mistake, first, ["That was Alice's"]),
        ("2", first, ["Right: drop it.", "natsh> send bob:4001 49.36.10.25:62000", "filtered"]),
        ("send bob:4001 49.36.10.25:62000", first, ["Not yet"]),
        ("run", first + "done ", ["Done.", "'next' goes on"]),
        ("host carol", first + "done ", ["carol is at"]),
        ("next", "natsh knock 2/2 ", ["Done. Packet", "your own way", "Step 2 of 2"]),
        ("show carol", "natsh knock 2/2 ", ["error:"]),
        ("previous", first + "done ", ["Step 1 of 2", "You have done this step before"]),
        ("leave", "natsh 21ms", ["You have left \"Knock\" at step 1", "'lesson knock'"]),
      ], at: terminal)
    try leave(terminal)
  }

  @Test func threeMissesMentionHelp() throws {
    let terminal = try shell()
    try expect(
      [
        ("lesson knock", first, []), ("2", first, []), ("bogus", first, ["error:"]), ("check", first, ["Not yet"]),
      ], at: terminal)
    #expect(!terminal.screen.contains("If you are stuck"))
    try expect([(mistake, first, ["If you are stuck: 'hint' helps a little, 'solution'"])], at: terminal)
    try expect([("solution", first, ["    send bob:4001 49.36.10.25:62000"])], at: terminal)
    try leave(terminal)
  }

  @Test func restartAndPlayKeepTheStepsNetwork() throws {
    let terminal = try shell()
    try expect(
      [
        ("lesson knock", first, []), ("remove bob", first, []), ("restart", first, ["Step 1 of 2"]),
        ("show bob", first, ["88.90.100.110"]), ("play", "natsh knock 1/2 play", ["'play end'"]),
        ("remove bob", "natsh knock 1/2 play", []), ("show bob", "natsh knock 1/2 play", ["error:"]),
        ("play end", first, ["Back at step 1"]), ("show bob", first, ["88.90.100.110"]),
      ], at: terminal)
    try leave(terminal)
  }

  @Test func anotherShellFindsTheStepThatAKilledOneHadReached() throws {
    let terminal = try shell()
    try expect([("lesson knock", first, []), ("skip", "natsh knock 2/2 ", ["Skipped"])], at: terminal)
    terminal.send(SIGKILL)
    #expect(try terminal.end() == -SIGKILL)
    let later = try shell()
    #expect(try later.run("lessons").contains("knock"))
    try expect(
      [
        ("lesson knock", "natsh knock 2/2 ", ["Step 2 of 2"]),
        ("next", "natsh ", ["That was \"Knock\": 1 of 2 steps done, 0 of 1 question right first time, 1 skipped"]),
        ("lesson knock 1", first, ["Step 1 of 2"]),
      ], at: later)
    try leave(later)
  }

  @Test func tabCompletesLessons() throws {
    let terminal = try shell()
    terminal.type("lesson k\t|\u{0C}")
    try terminal.wait(for: "lesson knock |")
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "^C")
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func theWelcomePointsToTheFirstLesson() throws {
    let terminal = try PseudoTerminal(in: folder)
    let welcome = try terminal.waitForPrompt()
    #expect(welcome.contains("lesson knock") && welcome.contains("scene one-home"))
    try leave(terminal)
  }

  // MARK: Pages

  private let question = "What will Alice's router do"

  @Test func aLongStepIsShownAPageAtATime() throws {
    let terminal = try shell(rows: 9)
    terminal.type("lesson knock\r")
    // The last page ends with the next action; each page before it leaves a line for the question.
    for key in [" ", "\r"] {
      let page = try terminal.wait(for: " more: ")
      #expect(page.split(separator: "\n").count <= 8 && !page.contains("Type the number"))
      try terminal.wait(for: "q leaves it out")
      terminal.type(key)
    }
    try terminal.wait(for: "Type the number")
    try terminal.wait(for: first)
    try leave(terminal)
  }

  @Test func qLeavesOutTheOtherPages() throws {
    let terminal = try shell(rows: 9)
    terminal.type("lesson knock\r")
    try terminal.wait(for: "q leaves it out")
    terminal.type("q")
    try terminal.wait(for: first)
    #expect(!terminal.screen.contains(question))
    try expect([("host carol", first, ["carol is at"])], at: terminal)
    try leave(terminal)
  }

  @Test(arguments: ["host carol", "2", "quit", "a"]) func aCommandTypedAtAPageIsTakenWhole(line: String) throws {
    let terminal = try shell(rows: 9)
    terminal.type("lesson knock\r")
    try terminal.wait(for: "q leaves it out")
    terminal.type(String(line.prefix(2)))
    try terminal.wait(for: first)
    try terminal.wait(for: "> " + line.prefix(2))
    if line == "a" { terminal.type("\u{8}leave\r") } else { terminal.type(line.dropFirst(2) + "\r") }
    if line == "quit" {
      #expect(try terminal.end() == 0)
      return
    }
    try terminal.wait(for: ["host carol": "carol is at", "2": "Right: drop it", "a": "You have left"][line] ?? "")
    if line == "2" {
      try terminal.wait(for: "q leaves it out")
      terminal.type("q")
    }
    try terminal.wait(for: "> ")
    try leave(terminal)
  }

  @Test func theVerdictIsShownAfterThePages() throws {
    let terminal = try shell(rows: 9)
    for line in ["lesson knock", "q", "send bob:4001 49.36.10.25:62000; run"] {
      terminal.type(line == "q" ? "q" : line + "\r")
      try terminal.wait(for: line == "lesson knock" ? "q leaves it out" : first)
    }
    terminal.type("2\r")
    try terminal.wait(for: "q leaves it out")
    terminal.type("q")
    try terminal.wait(for: "Done.")
    try terminal.wait(for: first + "done ")
    try leave(terminal)
  }

  @Test func aReturningLearnerIsToldWhere() throws {
    let terminal = try shell()
    try expect([("lesson knock", first, []), ("skip", "natsh knock 2/2 ", [])], at: terminal)
    try leave(terminal)
    let later = try PseudoTerminal(in: folder)
    #expect(try later.waitForPrompt().contains("Welcome back. You were at step 2 of knock."))
    try expect([("lesson", "natsh knock 2/2 ", ["Step 2 of 2"]), ("next", "natsh ", ["That was"])], at: later)
    try leave(later)
    let last = try PseudoTerminal(in: folder)
    #expect(try last.waitForPrompt().contains("You have finished knock."))
    try leave(last)
  }

  // MARK: natsh lesson run

  @Test(arguments: ["knock", "lessons/01-knock.md"]) func lessonRunBegins(lesson: String) throws {
    let terminal = try PseudoTerminal(["lesson", "run", lesson], in: folder, rows: 200)
    try terminal.wait(for: "Step 1 of 2")
    try terminal.wait(for: first)
    try terminal.wait(for: "> ")
    try expect([("2", first, ["Right"])], at: terminal)
    try leave(terminal)
  }

  @Test func lessonRunReadsFromAPipe() throws {
    let lines = "2\nsend bob:4001 49.36.10.25:62000\nrun\nnext\nnext\n"
    let run = try ScriptProcess(["lesson", "run", "knock"], input: lines, in: folder)
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("Step 2 of 2") && run.output.contains("That was \"Knock\""))
    let missing = try ScriptProcess(["lesson", "run", "knok"], input: "", in: folder)
    #expect(missing.status == 1 && missing.errors.contains("did you mean 'knock'"))
  }
}
