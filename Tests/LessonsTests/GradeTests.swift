// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

/// Learners' scripts and what they come to; a hostile one costs its own row.
struct GradeTests {
  private static let knock = "send bob:4001 49.36.10.25:62000\nrun\n"

  /// The script, the steps done, hints, skips, score, and how its problem begins.
  static let table: [(String, Int, Int, Int, Int, String?)] = [
    ("lesson defect\n2\n\(knock)next\nnext\n", 1, 0, 0, 100, nil),
    ("lesson defect\nanswer 1\nanswer 2\nhint\nhint\n\(knock)", 1, 2, 0, 60, nil),
    ("lesson defect\n2\nsolution\n\(knock)", 1, 0, 0, 50, nil),
    ("lesson defect\nskip\nnext\n", 0, 0, 1, 0, nil),
    ("2\n\(knock)", 1, 0, 0, 100, nil),
    ("lesson defect\n", 0, 0, 0, 0, nil),
    ("", 0, 0, 0, 0, nil),
    ("lesson defect\n2\n\(knock)bogus\nnext\n", 1, 0, 0, 100, "line 5: there is no command 'bogus'"),
    ("lesson other\n", 0, 0, 0, 0, "line 1: there is no lesson 'other'"),
    ("load x.natsh\n", 0, 0, 0, 0, "line 1: 'load' has no place"),
    ("save /tmp/x\n", 0, 0, 0, 0, "line 1: 'save' has no place"),
    (String(repeating: "send alice bob\n", count: 1_000_000), 0, 0, 0, 0, "it has 1000001 lines"),
    (String(repeating: "map\n", count: 19_000), 0, 0, 0, 0, "line 5001: more than 5000 commands"),
    (String(repeating: "map;", count: 19_000), 0, 0, 0, 0, "line 1: more than 5000 commands"),
    ("host \"\n", 0, 0, 0, 0, "line 1: this quote is never closed"),
  ]

  private func grade(_ text: String, limits: Grading.Limits = .init(), clock: @escaping @Sendable () -> Int = { 0 })
    throws -> Grade
  {
    let lesson = try Fixture.lesson()
    let library = LessonLibrary(folder: "lessons", lessons: [lesson])
    return Grading(lesson, library: library, catalog: Fixture.catalog, limits: limits, clock: clock)
      .grade(text: text, file: "ann.natsh")
  }

  @Test(arguments: table) func `a script is graded`(
    script: String, done: Int, hints: Int, skips: Int, score: Int, problem: String?
  ) throws {
    let grade = try grade(script)
    #expect([grade.done, grade.hints, grade.skips, grade.score] == [done, hints, skips, score])
    if let problem { #expect(grade.problem?.hasPrefix(problem) == true) } else { #expect(grade.problem == nil) }
  }

  @Test func `what moves too many packets or takes too long is stopped`() throws {
    var limits = Grading.Limits()
    limits.events = 1_000
    let flood =
      "scene direct\n" + String(repeating: "send alice bob\n", count: 600) + "run\n2\n"
    #expect(try grade(flood, limits: limits).problem == "line 602: it moves more packets than a lesson takes")
    let late = try grade("map\nmap\n", clock: Clock().tick)
    #expect(late.problem == "line 2: it takes too long")
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

  @Test func `a table for a spreadsheet has a header and quotes what must be quoted`() throws {
    var grade = try grade("2\n\(Self.knock)")
    grade.file = "=ann, \"b\".natsh"
    #expect(
      GradeTable.csv([grade]).split(separator: "\n") == [
        "file,steps,done,hints,skips,solutions,score,problem", #""'=ann, ""b"".natsh",1,1,0,0,0,100,"#,
      ])
    #expect(GradeTable.json([grade]).contains(#""score":100"#))
  }
}
