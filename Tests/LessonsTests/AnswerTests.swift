// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import TestSupport
import Testing

@testable import Lessons

/// The answers that learners type, and what natsh makes of them.
struct AnswerTests {
  private static func question(_ choices: [Lesson.Choice], answer: Int = 1) -> Lesson.Prediction {
    Lesson.Prediction(
      line: 1, question: "", choices: choices, answer: answer, answerLine: 1, because: "", hints: [], expectation: [],
      outcomes: [])
  }

  /// The choices, what is typed, and which one it is; nil for none.
  static let table: [([String], [(String, Int?)])] = [
    (
      ["20ms", "30ms", "40ms"],
      [
        ("20", 1), ("30", 2), ("40", 3), ("40 ms", 3), ("20 milliseconds", 1), ("30 Millisekunden", 2), ("1", 1),
        ("3.", 3), ("2)", 2), ("50", nil), ("4", nil), ("m", nil), ("0", nil),
      ]
    ),
    (
      ["2 Mbit/s in and 2 Mbit/s out", "1,000 Mbit/s in and 1,000 Mbit/s out", "2,000 Mbit/s in and 2,000 Mbit/s out"],
      [
        ("1000", 2), ("1,000", 2), ("1.000", 2), ("2000", 3), ("2 000", 3), ("2000 mbit/s", 3), ("1000mbit", 2),
        ("1000 Mbps", 2), ("2 mbit", 1), ("2", 2), ("2,000 Mbit/s in", 3), ("2,00", nil),
      ]
    ),
    (
      ["49.36.10.25:62000, as before", "49.36.10.25:62001, a new one", "192.168.100.110:5000"],
      [
        ("62000", 1), ("49.36.10.25:62001", 2), ("62001", 2), ("5000", 3), ("192.168.100.110", 3), ("49.36.10.25", nil),
        ("192168100110", nil), ("62002", nil),
      ]
    ),
    (
      ["delivered to Alice", "filtered by her router", "no-mapping at her router"],
      [
        ("delivered", 1), ("Filtered.", 2), ("no-mapping", 3), ("no mapping", 3), ("nomapping", 3), ("filter", nil),
        ("del", nil), ("no", nil),
      ]
    ),
    (
      ["dropped at Bob's router", "dropped at Alice's router", "port-restricted cone"],
      [("dropped", nil), ("dropped at bobs router", 1), ("port restricted cone", 3)]
    ),
    (["yes, it does", "no (it has timed out)", "10-20"], [("yes", 1), ("no", 2), ("10-20", 3), ("1020", nil)]),
    (
      ["[2001:db8::1]:5000", "2001:db8::2"], [("5000", 1), ("2001:db8::1", 1), ("2001:db8::2", 2), ("2001:db8:", nil)]
    ),
  ]

  @Test(arguments: table) func everyChoiceMayBeSaidInShort(choices: [String], answers: [(String, Int?)]) {
    let question = Self.question(choices.map { Lesson.Choice(text: $0) })
    for (answer, choice) in answers { #expect(AnswerText.choice(answer, of: question) == choice, "\(answer)") }
  }

  @Test(arguments: [
    ("filter", "filtered by her router"), ("fitlered", "filtered by her router"), ("no mappin", "no-mapping"),
    ("deliv", "delivered"), ("alice", nil), ("hello", nil), ("62002", nil), ("n", nil),
  ]) func aSlipIsToldByTheNearestChoice(typed: String, meant: String?) {
    let choices = ["delivered", "filtered by her router", "no-mapping", "62001"].map { Lesson.Choice(text: $0) }
    #expect(AnswerText.nearest(to: typed, of: Self.question(choices)) == meant)
    let alike = ["dropped at home", "dropped outside"].map { Lesson.Choice(text: $0) }
    #expect(AnswerText.nearest(to: "dropped", of: Self.question(alike)) == nil)
  }

  private static let choices = """
    choices:
      - delivered to Alice
      - filtered by her router
    """

  private func session() throws -> Session {
    let text = Fixture.text.replacing("choices:\n  - pass it on to Alice\n  - drop it", with: Self.choices)
    return Fixture.session([try Fixture.lesson(text)])
  }

  /// `filter`, `send` and `no` begin commands, or nearly.
  @Test func aMistypedAnswerIsAnsweredAsOneWhateverElseItLooksLike() throws {
    var session = try session()
    try Exchange.expect(
      [
        ("lesson defect", []),
        (
          "filter",
          [
            "a question is open, and 'filter' is not one of its answers; type '1' for \"delivered to Alice\", '2' for "
              + "\"filtered by her router\"", "!ROUTER is missing",
          ]
        ),
        ("send", ["error: FROM is missing", "The question is still open: a number from 1 to 2"]),
        ("send nobody bob", ["error: there is no", "The question is still open"]),
        ("hello", ["a question is open", "!still open"]), ("answer hello", ["is not one of its answers"]),
        ("2", ["Right"]), ("send", ["error: FROM is missing", "!question"]),
      ], in: &session)
  }

  @Test(arguments: [
    ("filter", "filtered by her router"), ("alice", nil), ("hello", nil), ("mpa", nil), ("answer deliverd", nil),
    ("deliverd", "delivered to Alice"),
  ]) func noCommandIsSuggestedWhereAnAnswerWasAskedFor(line: String, suggestion: String?) throws {
    var session = try session()
    _ = try Fixture.run(["lesson defect"], in: &session)
    let statement = try #require(try Statement.statements(in: line).first)
    do {
      _ = try session.execute(statement)
      Issue.record("'\(line)' was taken for an answer")
    } catch {
      guard case .command(let refusal) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(refusal.kind.word == "no-such-answer")
      if let suggestion { #expect(refusal.suggestion == suggestion) }
      #expect(refusal.suggestion.map { self.session(knows: $0) } != true)
    }
  }

  private func session(knows word: String) -> Bool { Fixture.catalog.declaration(named: word) != nil }

  @Test func whoAsksForAnAnswerTwiceIsToldWhatIsLeft() throws {
    var session = try session()
    try Exchange.expect(
      [
        ("lesson defect", []), ("2", ["Right"]), ("answer 2", ["no question is open; `task` shows what is left to do"]),
        ("send bob:4001 49.36.10.25:62000; run", ["Done"]), ("answer 2", ["no question is open; `next` goes on"]),
      ], in: &session)
  }

  // MARK: The author's check

  /// Choices with what is accepted for them, the right one, and the beginnings of the notes.
  static let noted: [([(String, [String])], Int, [String])] = [
    (
      [("asks Alice first", []), ("both of them", ["both"]), ("neither", [])], 2, ["only the right choice has a short"]
    ),
    ([("asks Alice first", ["alice"]), ("both of them", ["both"])], 2, []),
    ([("alice", []), ("both of them", ["both"])], 2, []),
    ([("2,000 Mbit/s", []), ("1,000 Mbit/s", ["1 gbit/s"])], 2, []),
    ([("asks Alice first", ["alice"]), ("both of them", [])], 2, []),
    ([("dropped by Bob", []), ("dropped by Alice", ["dropped"])], 1, ["'dropped' is accepted for choice 2 alone"]),
    (
      [("49.36.10.25:1", []), ("49.36.10.25:2, a new one", ["49.36.10.25"])], 2,
      ["'49.36.10.25' is accepted for choice 2 alone, and is short for choice 1 as well"]
    ),
  ]

  @Test(arguments: noted) func shortAnswersThatGiveTheRightOneAwayEarnANote(
    choices: [(String, [String])], answer: Int, notes: [String]
  ) throws {
    var lesson = try Fixture.lesson()
    lesson.steps[0].predictions = [
      Self.question(choices.map { Lesson.Choice(text: $0.0, accepted: $0.1) }, answer: answer)
    ]
    let told = lesson.notesOnShortAnswers
    #expect(told.count == notes.count)
    for (note, start) in zip(told, notes) { #expect(note.message.hasPrefix(start)) }
  }

  @Test func aNoteOnShortAnswersIsReportedAndIsNotAProblem() {
    let text = Fixture.text.replacing("  - drop it", with: "  - choice: drop it\n    accept: [dropped]")
    let report = LessonCheck.run(text: text, file: "01-defect.md", catalog: Fixture.catalog)
    #expect(report.problems.isEmpty && report.notes.count == 1)
    #expect(report.text.contains("note: only the right choice has a short form"))
  }

  @Test func noLessonOfOursGivesAnAnswerAway() throws {
    let files = Repository.files(below: "lessons", endingIn: [".md"])
    #expect(files.count == 40)
    for file in files {
      #expect(try Fixture.lesson(Repository.text(of: file), file: file).notesOnShortAnswers.map(\.description) == [])
    }
  }
}
