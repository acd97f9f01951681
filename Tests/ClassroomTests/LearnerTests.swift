// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import Lessons
import Shell
import TestSupport
import Testing

@testable import Classroom

/// A learner's session as a value: what a line does to it, what it may not, and that its record brings it back.
@Suite struct LearnerTests {
  private static func learner(_ lines: String...) -> (Learner, [WorkRecord]) {
    var learner = Learner(like: Session(catalog: .standard))
    var records: [WorkRecord] = []
    for line in lines { records += type(line, &learner).records }
    return (learner, records)
  }

  @discardableResult
  private static func type(
    _ line: String, script: String? = nil, _ learner: inout Learner, limits: WorkBudget.Limits = .init(),
    asked: ClassQuestion? = nil
  ) -> Outcome {
    learner.carryOut(Order(kind: .type(line, script: script)), WorkBudget(limits, turns: nil), asked: asked)
  }

  /// A session with the project's lessons, as a class begins with.
  private static func lessons(_ lines: String...) throws -> Session {
    var session = Session(catalog: Catalog(.standard, .lessons, .classroom))
    session[LessonShelf.self] = LessonShelf(
      folder: Repository.root.appending(path: "lessons").path(percentEncoded: false), files: .system)
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    return session
  }

  private static func give(_ given: Session, _ learner: inout Learner) -> [WorkRecord] {
    learner.carryOut(Order(kind: .take(given)), WorkBudget(turns: nil)).records
  }

  @Test func aLineDoesWhatItDoesAtThePrompt() {
    var (learner, _) = Self.learner("scene one-home")
    let outcome = Self.type("send alice:5000 bob:4000; run", &learner)
    #expect(outcome.objects.count == 2)
    #expect(outcome.json.hasPrefix(#"{"command":"run","events":[],"#))
    #expect(outcome.json.contains(#""results":["#) && outcome.json.contains(#""text":""#))
    #expect(outcome.text.contains("home-a") && learner.session.packetsInFlight == 0)
    #expect(learner.history == ["scene one-home", "send alice:5000 bob:4000; run"])
  }

  @Test func noMarksOfMarkdownAreShown() throws {
    var learner = Learner(like: try Self.lessons())
    let marks = try Regex(#"\*\w|\w\*|`"#)
    for step in 1...12 {
      let text = Self.type("lesson who-are-you \(step)", &learner).text + Self.type("solution", &learner).text
      #expect(text.firstMatch(of: marks) == nil, "\(text)")
    }
    var poll = Poll(number: 1, question: "Why?", choices: ["a", "b"], right: 1)
    poll.reveal(because: "It *used to* work: `send`.")
    #expect(poll.forAll.because == "It used to work: send.")
  }

  @Test func anEmptyLineIsAStepWhileSomethingIsOnItsWay() {
    var (learner, _) = Self.learner("scene one-home", "send alice bob")
    #expect(Self.type("", &learner).objects.count == 1 && learner.moment.command == "step")
    Self.type("run", &learner)
    #expect(Self.type("  ", &learner).json == #"{"command":"","ok":true,"text":""}"#)
  }

  @Test func aMistakeIsToldAndChangesNothing() {
    var (learner, _) = Self.learner("scene one-home")
    let before = learner.session.standingLines
    let outcome = Self.type("send alcie bob", &learner)
    #expect(outcome.json.contains(#""suggestion":"alice""#) && outcome.text.contains("'alcie'"))
    #expect(learner.session.standingLines == before && learner.moment.error != nil)
  }

  @Test(arguments: ["page", "page off", "class", "class open", "class close", "class save x", "capture x"])
  func theTeachersCommandsAreTheTeachers(line: String) throws {
    let catalog = Catalog(.standard, .classroom, .capture)
    var learner = Learner(like: Session(catalog: catalog))
    #expect(Self.type(line, &learner).json.contains(#""kind":"teacher-only""#))
  }

  @Test(arguments: ["replay x from alice", "import capture x"])
  func learnersReadNoFiles(line: String) {
    var learner = Learner(like: Session(catalog: Catalog(.standard, .capture)))
    _ = Self.type("host alice", &learner)
    #expect(Self.type(line, &learner).json.contains(#""kind":"no-files""#))
  }

  @Test func whatIsSavedIsDownloadedAndWhatIsLoadedUploaded() {
    var (learner, _) = Self.learner("host a", "host b")
    let saved = Self.type("save /etc/passwd", &learner)
    #expect(saved.downloads.map(\.name) == ["passwd"] && saved.downloads[0].text.contains("host a"))
    #expect(saved.text.hasPrefix("Saved to passwd:") && saved.json.contains(#""saved":"passwd""#))
    #expect(Self.type("load /etc/passwd", &learner).upload == "/etc/passwd")
    #expect(learner.session.standingLines == ["host a", "host b"])
    let loaded = Self.type("load x.natsh", script: "host c\n# more\nhost d", &learner)
    #expect(loaded.json.contains(#""ok":true"#) && loaded.records.count == 1)
    #expect(learner.session.standingLines.count == 4)
    Self.type("undo", &learner)
    #expect(learner.session.standingLines == ["host a", "host b"])
  }

  @Test(arguments: ["host e\nhost e", "host e\nsave x", "host e\nload x", "host e\nnonsense here"])
  func aFileWithAMistakeLoadsNothing(script: String) {
    var (learner, _) = Self.learner("host a")
    let outcome = Self.type("load x", script: script, &learner)
    #expect(outcome.json.contains(#""ok":false"#) && outcome.text.contains("x:2"))
    #expect(learner.session.standingLines == ["host a"])
  }

  @Test func tooManyDevicesAreRefusedAndTheNetworkStays() {
    var (learner, _) = Self.learner("host a", "host b")
    let limits = WorkBudget.Limits(devices: 3)
    #expect(Self.type("host c", &learner, limits: limits).json.contains(#""ok":true"#))
    let outcome = Self.type("host d", &learner, limits: limits)
    #expect(outcome.json.contains(#""kind":"too-many-devices""#) && outcome.records == [])
    #expect(learner.session.standingLines == ["host a", "host b", "host c"])
    let script = Self.type("load x", script: "host d\nhost e", &learner, limits: limits)
    #expect(script.json.contains("too-many-devices") && learner.session.standingLines.count == 3)
  }

  @Test func aCommandThatTakesTooLongIsRefusedAndTheNetworkStays() {
    var (learner, _) = Self.learner("scene two-homes")
    let sends = (1...600).map { "send alice:\(5_000 + $0) 88.90.100.110" }.joined(separator: "\n")
    Self.type("load x", script: sends, &learner)
    let before = learner.session
    // A long run asks after a thousand events whether it may go on, and by then it has taken more than nothing.
    let outcome = Self.type("run", &learner, limits: WorkBudget.Limits(milliseconds: -1))
    #expect(outcome.json.contains(#""kind":"too-long""#) && outcome.records == [])
    #expect(learner.session.clock == before.clock && learner.session.packetsInFlight == 600)
    #expect(learner.session.standingLines == before.standingLines)
    let large = WorkBudget.Limits(bytes: 1)
    let refused = Self.type("ping alice bob", &learner, limits: large)
    #expect(refused.json.contains(#""kind":"too-large""#) && refused.text.contains("nothing was done"))
  }

  @Test func whatWasDoneIsHadBackFromItsRecord() throws {
    var (learner, records) = Self.learner(
      "scene two-homes", "send alice:5000 home-b:4000", "run", "nonsense", "table", "undo 2", "wait 3s", "undo", "redo")
    records += Self.type("load x", script: "host eve\nhost mallory", &learner).records
    var other = Session(catalog: .standard, seed: 7)
    for statement in try Statement.statements(in: "scene one-home; send alice bob") { _ = try other.execute(statement) }
    records += learner.carryOut(Order(kind: .take(other)), WorkBudget(turns: nil)).records
    records += Self.type("run", &learner).records
    // Through the file's text, of which the last line is torn.
    let text = records.map { $0.text + "\n" }.joined() + #"{"line":"host ne"#
    var again = Learner(like: Session(catalog: .standard))
    _ = again.carryOut(Order(kind: .replay(WorkRecord.records(in: text))), WorkBudget(.replay, turns: nil))
    #expect(again.session.standingLines == learner.session.standingLines)
    #expect(again.state.snapshot(sequence: 1) == learner.state.snapshot(sequence: 1))
    Self.type("undo", &again)
    Self.type("undo", &learner)
    #expect(again.state.snapshot(sequence: 1) == learner.state.snapshot(sequence: 1))
  }

  @Test func whatIsDoneInAGivenNetworkIsHandedInAndBelongsToNoLesson() throws {
    var learner = Learner(like: try Self.lessons())
    var records: [WorkRecord] = []
    func type(_ lines: String...) { for line in lines { records += Self.type(line, &learner).records } }
    type("host first", "lesson who-are-you", "map")
    records += Self.give(try Self.lessons("host zoe", "lesson direct-call 3"), &learner)
    type("host eve", "host zed")
    records += Self.type("load x", script: "host yves\nhost yara", &learner).records
    type("lesson who-are-you 2", "leave", "map")
    let text = learner.handIn(name: "Ann").text
    #expect(text.hasPrefix("# natsh hand-in 1\n# name: Ann\n# lesson: who-are-you\n# version: "))
    #expect(
      text.split(separator: "\n").dropFirst(4) == [
        "# outside lessons", "host first", "# sitting 1", "lesson who-are-you 1", "map", "# outside lessons", "leave",
        "reset", "host zoe", "lesson direct-call 3", "leave", "host eve", "host zed", "host yves", "host yara",
        "# sitting 2", "lesson who-are-you 2", "leave", "# outside lessons", "map",
      ])
    // It is a script that runs, and the same after natsh has been started again.
    var again = try Self.lessons()
    for line in text.split(separator: "\n") {
      for statement in try Statement.statements(in: String(line)) { _ = try again.execute(statement) }
    }
    var restored = Learner(like: try Self.lessons())
    _ = restored.carryOut(Order(kind: .replay(records)), WorkBudget(.replay, turns: nil))
    #expect(restored.handIn(name: "Ann").text == text)
    #expect(restored.sight.place?.lesson == "who-are-you" && restored.sight.place?.step == 2)
  }

  @Test func theTeachersAnswersAreNotALearners() throws {
    var learner = Learner(like: try Self.lessons())
    _ = Self.give(try Self.lessons("lesson who-are-you 3", "answer 3"), &learner)
    Self.type("host eve", &learner)
    let handIn = HandIn(learner.handIn(name: "Ann").text)
    #expect(handIn.lines.contains("answer 3") && handIn.lines.last { !$0.isEmpty } == "host eve")
    #expect(handIn.lines.contains("# outside lessons") && !handIn.lines.contains("# sitting 1"))
  }

  @Test func whatTheClassIsAskedIsAnsweredWithAVoteAtThePrompt() throws {
    var learner = Learner(like: try Self.lessons())
    Self.type("lesson who-are-you 3", &learner)
    let before = learner.handIn(name: "Ann").text
    let asked = ClassQuestion(lesson: "who-are-you", step: 3)
    for line in ["3", "answer 3", "filtered"] {
      let outcome = Self.type(line, &learner, asked: asked)
      #expect(outcome.votes == [3] && outcome.records == [] && outcome.text.contains("Your vote in the class"))
      #expect(!outcome.json.contains("right") && outcome.json.contains(#""vote":3"#))
    }
    for line in ["solution", "skip"] {
      let outcome = Self.type(line, &learner, asked: asked)
      #expect(outcome.json.contains("class-is-asked") && outcome.records == [], "\(outcome.json)")
    }
    let script = Self.type("load x", script: "host eve\nanswer 3", &learner, asked: asked)
    #expect(script.text.contains("x:2") && script.votes == [] && script.records == [])
    #expect(learner.handIn(name: "Ann").text == before && learner.sight.summary?.rightAtFirst == 0)
    // Once it is revealed, and at another question meanwhile, an answer is one's own.
    #expect(Self.type("3", &learner, asked: ClassQuestion(lesson: "who-are-you", step: 7)).text.contains("Right"))
    #expect(learner.sight.summary?.rightAtFirst == 1)
  }

  @Test func aHandinOfWhoHasDoneNoLessonIsWhatStands() {
    let (learner, _) = Self.learner("host a")
    let text = learner.handIn(name: "Ann\n# lesson: x").text
    #expect(text == "# natsh hand-in 1\n# name: Ann# lesson: x\n# lesson: \n# sitting 1\nhost a\n")
  }
}
