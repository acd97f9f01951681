// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// Hand-ins and their grades; a hostile hand-in spoils only its own row.
struct GradeTests {
  private static let knock = "send bob:4001 49.36.10.25:62000\nrun\n"
  /// The fixture's lesson with one more step, which can be done in another sitting.
  private static let text = Fixture.text.replacing(
    "## What you have seen",
    with: """
      ## A minute passes

      ```yaml expect
      - clock: ">= 1m"
      ```

      ```natsh solution
      wait 1m
      ```

      ```hint
      `wait 1m`.
      ```

      ## What you have seen
      """)

  /// The script, its status, its score, and how the reason begins.
  static let table: [(String, Grade.Status, Int, String?)] = [
    ("lesson defect\n2\n\(knock)next\nwait 1m\nnext\nnext\n", .complete, 100, nil),
    ("\u{FEFF}lesson defect\n2\n\(knock)next\nwait 1m\n", .complete, 100, nil),
    ("lesson defect\r\n2\r\nsend bob:4001 49.36.10.25:62000\r\nrun\r\nnext\r\nwait 1m\r\n", .complete, 100, nil),
    // Only answered, or only done: half of the step each.
    ("lesson defect\n2\n", .partly, 33, "not done: steps 1 and 2"),
    ("lesson defect\n\(knock)", .partly, 0, "not done"),
    // Help before a step is done costs marks; help after it does not.
    ("lesson defect\n2\nhint\nhint\n\(knock)next\nwait 1m\n", .complete, 87, nil),
    ("lesson defect\n2\n\(knock)hint\nhint\nsolution\nnext\nwait 1m\nsolution\nhint\n", .complete, 100, nil),
    ("lesson defect\n2\nsolution\n\(knock)next\nwait 1m\n", .complete, 83, nil),
    ("lesson defect\nskip\nskip\n", .partly, 0, "skipped: steps 1 and 2"),
    // Done after it was skipped.
    ("lesson defect\nskip\nprevious\n2\n\(knock)next\nwait 1m\n", .partly, 33, "skipped: step 1"),
    // Two sittings.
    ("lesson defect\n2\n\(knock)leave\n# sitting 2\nlesson defect 2\nwait 1m\n", .complete, 100, nil),
    (
      "lesson defect 2\nwait 1m\n", .partly, 33,
      "not done: step 1; not answered: the question of step 1; it begins at step 2"
    ),
    // Plain commands.
    ("2\n\(knock)wait 1m\n", .complete, 100, nil),
    ("\(knock)wait 1m\n", .partly, 67, "not answered: the question of step 1; it is a file of plain commands"),
    // An empty hand-in.
    ("", .empty, 0, "the file is empty"), ("\n# nothing\n", .empty, 0, "there is no command in it"),
    ("lesson defect\n", .empty, 0, "the lesson was begun and left"),
    ("lesson defect\nleave\n", .empty, 0, "the lesson was"),
    ("lesson other\nhint\n", .otherLesson, 0, "it is for the lesson 'other'"),
    ("lesson other 2\nmap\nlesson third\n", .otherLesson, 0, "it is for the lesson 'other'"),
    // The answer of a question that was shown: the question is lost, what is to be done is not.
    ("lesson defect\nsolution\n\(knock)next\nwait 1m\n", .partly, 67, "not answered: the question of step 1"),
    // What was done outside lessons.
    ("# outside lessons\nhost eve\n", .empty, 0, "all of it was done outside lessons"),
    ("# sitting 1\nlesson defect\n# outside lessons\nleave\nhost eve\n2\nhost eve\n", .empty, 0, "the lesson was"),
    ("# outside lessons\nhost eve\n# sitting 1\nlesson defect\n2\n\(knock)next\nwait 1m\n", .complete, 100, nil),
    ("# outside lessons\nlesson other\n# sitting 1\nlesson defect\n2\nbogus\n", .failed, 33, "line 6: there is no"),
    // Scripts that cannot be run.
    ("lesson defect\n2\n\(knock)bogus\nnext\n", .failed, 67, "line 5: there is no command 'bogus'"),
    ("load x.natsh\n", .failed, 0, "line 1: 'load' has no place"),
    ("save /tmp/x\n", .failed, 0, "line 1: 'save' has no place"),
    (String(repeating: "send alice bob\n", count: 1_000_000), .failed, 0, "it has 1000001 lines"),
    (String(repeating: "map\n", count: 19_000), .failed, 0, "line 5001: more than 5000 commands"),
    (String(repeating: "map;", count: 19_000), .failed, 0, "line 1: more than 5000 commands"),
    ("host \"\n", .failed, 0, "line 1: this quote is never closed"),
  ]

  private func grading(limits: Grading.Limits = .init(), clock: @escaping @Sendable () -> Int = { 0 }) throws -> Grading
  {
    let lesson = try Fixture.lesson(Self.text)
    return Grading(
      lesson, library: LessonLibrary(folder: "lessons", lessons: [lesson]), catalog: Fixture.catalog, limits: limits,
      clock: clock)
  }

  @Test(arguments: table) func aHandInIsGraded(script: String, status: Grade.Status, score: Int, reason: String?)
    throws
  {
    let grade = try #require(try grading().grade(text: script, file: "ann.natsh"))
    #expect(grade.status == status && grade.score == score, "\(grade)")
    if let reason {
      #expect(grade.reason?.hasPrefix(reason) == true, "\(grade.reason ?? "")")
    } else {
      #expect(grade.reason == nil)
    }
    #expect(grade.name == "ann")
  }

  @Test func whatWasDoneInAnotherLessonIsNotDoneInThisOne() throws {
    let lesson = try Fixture.lesson(Self.text)
    let other = try Fixture.lesson(LessonSkeleton.text(id: "other"), file: "02-other.md")
    let grading = Grading(
      lesson, library: LessonLibrary(folder: "lessons", lessons: [lesson, other]), catalog: Fixture.catalog,
      clock: { 0 })
    let rows: [(String, Grade.Status)] = [
      ("lesson other\nmap\n2\nlesson defect\n", .empty), ("lesson defect\nlesson other\n\(Self.knock)", .empty),
      ("lesson defect\nleave\nmap\n", .empty), ("lesson other\nmap\nlesson defect\nmap\n", .partly),
    ]
    for (script, status) in rows {
      let grade = try #require(grading.grade(text: script, file: "ann.natsh"))
      #expect(grade.status == status, "\(script)\(grade)")
      #expect(status == .partly || grade.reason == "the lesson was begun and left: none of it was done")
    }
  }

  @Test func anAnswerThatWasShownIsTold() throws {
    let grade = try #require(try grading().grade(text: "lesson defect\nhint\nsolution\n", file: "ann.natsh"))
    #expect(grade.steps[0].solution && !grade.steps[1].solution)
    #expect(GradeTable.csv([grade]).hasSuffix(",not done; 1 hint; solution,not done,not answered"))
    let done = try #require(try grading().grade(text: "lesson defect\nsolution\n\(Self.knock)", file: "ann.natsh"))
    #expect(GradeTable.text([done], style: .plain).contains("✓s"))
  }

  @Test func aScriptWithTooManyPacketsOrTooMuchTimeIsStopped() throws {
    var limits = Grading.Limits()
    limits.events = 1_000
    let flood =
      "scene direct\n" + String(repeating: "send alice bob\n", count: 600) + "run\n2\n"
    #expect(
      try grading(limits: limits).grade(text: flood, file: "f")?.reason?.hasPrefix(
        "line 602: it moves more packets than a lesson takes") == true)
    let late = try grading(clock: Clock().tick).grade(text: "map\nmap\n", file: "f")
    #expect(late?.reason?.contains(": it takes too long") == true)
  }

  /// A clock that moves on by ten seconds whenever it is read.
  private final class Clock: Sendable {
    private let memory = ProgressMemory()
    func tick() -> Int {
      let step = (memory.progress["clock"]?.steps.count ?? 0) + 1
      memory.apply(ProgressEvent(lesson: "clock", step: step, kind: .done))
      return step * 10_000
    }
  }

  // MARK: Files

  private static let complete = "lesson defect\n2\n\(knock)next\nwait 1m\n"
  private static let wrongAnswer =
    "lesson defect\nhint\nsend bob:4001 alice:5000\nrun\nanswer 1\nanswer 2\n\(knock)"

  private static let files: [String: [UInt8]] = [
    "class/ann.natsh": Array(complete.utf8),
    "class/bob.natsh": Array(
      HandIn(
        name: "Bob, \"the builder\"", lesson: "defect", version: "0",
        sittings: [complete.split(separator: "\n").map(String.init)]
      ).text.utf8),
    "class/carol.natsh": Array(wrongAnswer.utf8), "class/latin1.natsh": [0x6C, 0xE9],
    "class/other.natsh": Array("lesson elsewhere\n".utf8),
  ]

  private static let access = LessonFiles(
    bytes: { path, _ throws(LessonFiles.Failure) in
      guard let bytes = files[path] else { throw LessonFiles.Failure(message: "there is no such file or folder") }
      return bytes
    },
    markdownNames: { _ throws(LessonFiles.Failure) in [] },
    isFolder: { $0.hasPrefix("class") && !$0.hasSuffix(".natsh") },
    leadsOut: { _ in false }, realPath: { $0 },
    scriptNames: { folder throws(LessonFiles.Failure) in
      files.keys.filter { $0.hasPrefix(folder + "/") }.map { LessonFiles.name(of: $0) }.sorted()
    })

  private func grades(_ paths: [String]) throws -> [Grade] {
    try grading().grade(paths: paths, files: Self.access).grades
  }

  @Test func aFolderStandsForItsScriptsAndIdenticalHandInsAreNamed() throws {
    let grades = try grades(["class/", "missing.natsh", "class-empty"])
    #expect(
      grades.map(\.file) == [
        "class/ann.natsh", "class/bob.natsh", "class/carol.natsh", "class/latin1.natsh", "class/other.natsh",
        "missing.natsh",
        "class-empty",
      ])
    #expect(
      grades.map(\.status) == [.complete, .complete, .partly, .unreadable, .otherLesson, .unreadable, .unreadable])
    #expect(grades[0].reason == "the same as class/bob.natsh, word for word")
    #expect(
      grades[1].reason
        == "it was done with another version of the lesson; the same as class/ann.natsh, word for word")
    #expect(grades[1].name == "Bob, \"the builder\"" && grades[2].name == "carol")
    #expect(grades[3].reason == "it is not UTF-8 text" && grades[5].reason == "there is no such file or folder")
    #expect(grades[6].reason == "there is no script (*.natsh) in this folder")
  }

  /// Stops the replay of one file.
  private struct Stopper: RunMonitor {
    let file: String
    func progress(_ progress: RunProgress) -> Bool { progress.stage?.work != .grading(file: file) }
  }

  @Test func gradesWhatCameBeforeItWasStoppedAndSaysHowManyThereWere() throws {
    let lesson = try Fixture.lesson(Self.text)
    let grading = Grading(
      lesson, library: LessonLibrary(folder: "lessons", lessons: [lesson]), catalog: Fixture.catalog, clock: { 0 },
      monitor: Stopper(file: "class/carol.natsh"))
    let (grades, total) = grading.grade(paths: ["missing.natsh", "class"], files: Self.access)
    #expect(grades.map(\.file) == ["missing.natsh", "class/ann.natsh", "class/bob.natsh"] && total == 6)
    #expect(grades[1].status == .complete && grades[1].reason == "the same as class/bob.natsh, word for word")
  }

  @Test func aRowHasEveryStepAndQuestion() throws {
    let row = GradeTable.json(try grades(["class/carol.natsh"]))
    #expect(
      row
        == #"{"file":"class/carol.natsh","lesson":"defect","name":"carol","#
        + #""questions":[{"choices":[1,2],"first":"wrong","right":true,"step":1}],"#
        + #""reason":"not done: step 2","score":43,"status":"partly","#
        + #""steps":[{"done":true,"hints":1,"skipped":false,"solution":false,"step":1,"tries":2},"#
        + #"{"done":false,"hints":0,"skipped":false,"solution":false,"step":2,"tries":0}]}"#)
  }

  @Test func aSpreadsheetHasAColumnForEachStepAndQuestionAndQuotesWhatNeedsIt() throws {
    var grades = try grades(["class/bob.natsh", "class/carol.natsh"])
    grades[0].file = "=bob, \"b\".natsh"
    let reason = "it was done with another version of the lesson"
    #expect(
      GradeTable.csv(grades).split(separator: "\n") == [
        "file,name,lesson,status,reason,score,step 1,step 2,question 1",
        #""'=bob, ""b"".natsh","Bob, ""the builder""",defect,complete,\#(reason),100,done,done,right at first"#,
        "class/carol.natsh,carol,defect,partly,not done: step 2,43,done; 1 hint; 2 tries,not done,right later: 1 2",
      ])
  }

  @Test func aSummarySaysWhatToTeachAgain() throws {
    let lesson = try Fixture.lesson(Self.text)
    let summary = GradeSummary(try grades(["class", "missing.natsh"]), of: lesson)
    let mistake = lesson.steps[0].mistakes[0].line
    #expect(
      summary.json
        == #"{"hand_ins":3,"lesson":"defect","questions":[{"right":2,"step":1,"votes":[1,2]}],"#
        + #""steps":[{"done":3,"hints":1,"solution":0,"step":1,"wrong":[{"count":1,"line":\#(mistake)}]},"#
        + #"{"done":2,"hints":0,"solution":0,"step":2,"wrong":[]}],"teach_again":[2,1]}"#)
    let text = summary.text(of: lesson, style: .plain)
    #expect(text.contains("Teach again, costliest first:\n  2  A minute passes"))
    #expect(text.contains("1 × the mistake on line \(mistake): That was Alice's *inside* address"))
  }

  @Test func aHandInIsReadAsItWasWritten() {
    let written = HandIn(
      name: "Zoë\nlesson x\u{1B}[2J", lesson: "defect", version: "0123",
      sittings: [["lesson defect 1", "2"], ["lesson defect 2"]])
    let read = HandIn(written.text)
    #expect(read.name == "Zoëlesson x[2J" && read.lesson == "defect" && read.version == "0123")
    #expect(read.commands == ["lesson defect 1", "2", "lesson defect 2"])
  }

  @Test func whatWasDoneOutsideLessonsIsHandedInAndNotGraded() {
    let written = HandIn(
      name: "Ann", lesson: "defect", version: nil,
      parts: [
        HandIn.Part(lesson: nil, lines: ["host a"]), HandIn.Part(lesson: "defect", lines: ["lesson defect 1", "2"]),
        HandIn.Part(lesson: nil, lines: ["leave", "host b"]), HandIn.Part(lesson: "defect", lines: ["lesson defect 2"]),
      ])
    #expect(
      written.text == """
        # natsh hand-in 1
        # name: Ann
        # lesson: defect
        # outside lessons
        host a
        # sitting 1
        lesson defect 1
        2
        # outside lessons
        leave
        host b
        # sitting 2
        lesson defect 2

        """)
    let read = HandIn(written.text)
    #expect(read.commands == ["lesson defect 1", "2", "lesson defect 2"] && read.hasCommands)
    #expect(read.gradedLines.count == read.lines.count)
  }
}
