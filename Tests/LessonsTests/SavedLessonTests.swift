// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// The saved script of a lesson: enough to reach the same state when it is run again.
struct SavedLessonTests {
  /// A step that asks for `expect` and no question, then one to read.
  private static func lesson(_ expect: String) throws -> Lesson {
    try Fixture.lesson(
      """
      ---
      format: 1
      id: looks
      title: Looks
      ---

      # Looks

      ## Look

      ```natsh setup
      scene one-home
      ```

      ```yaml expect
      \(expect)
      ```

      ```natsh solution
      map
      ```

      ```hint
      Look.
      ```

      ## The end

      Read this.
      """, file: "01-looks.md")
  }

  private static let cleared = "- hop: {node: bob, verdict: delivered}"

  /// The step's expectation, the lines typed, and those of them that are saved.
  static let table: [(expect: String, typed: [String], saved: [String])] = [
    ("- looked: map", ["map", "next"], ["map", "next"]),
    ("- looked: map", ["table", "show", "trace", "map", "table", "next"], ["map", "next"]),
    ("- any:\n    - looked: show\n    - not:\n      - clock: \"< 1h\"", ["show bob", "next"], ["show bob", "next"]),
    ("- looked: run", ["run", "next"], ["run", "next"]),
    ("- measured: {command: crowd, users: 4}", ["crowd 4 for 10ms", "next"], ["crowd 4 for 10ms", "next"]),
    (cleared, ["send alice bob", "run", "undo", "next"], ["send alice bob", "run", "undo 1", "next"]),
    (
      cleared, ["host carol", "undo", "send alice bob", "run", "undo 2", "redo", "next"],
      ["send alice bob", "run", "undo 2", "send alice bob", "next"]
    ),
    (cleared, ["host carol", "map", "undo", "send alice bob", "run", "next"], ["send alice bob", "run", "next"]),
    (
      "- measured: {command: call}", ["call alice bob for 10ms", "undo", "next"],
      ["call alice bob for 10ms", "undo 1", "next"]
    ),
    (
      "- looked: table\n\(cleared)", ["table", "hint", "send alice bob", "undo", "send alice bob", "run", "next"],
      ["table", "hint", "send alice bob", "undo 1", "send alice bob", "run", "next"]
    ),
    ("- looked: map", ["play", "map", "play end", "map", "next"], ["map", "next"]),
  ]

  @Test(arguments: table) func exactlyWhatCountedIsSaved(expect: String, typed: [String], saved: [String]) throws {
    let lesson = try Self.lesson(expect)
    var session = Fixture.session([lesson])
    let printed = try Fixture.run(["lesson looks"] + typed, in: &session)
    #expect(printed.last?.contains("Step 2 of 2") == true, "\(printed)")
    #expect(session.standingLines == ["lesson looks"] + saved)
    var again = Fixture.session([lesson])
    let once = try Fixture.run(session.standingLines, in: &again)
    #expect(once.last?.contains("Step 2 of 2") == true, "\(once)")
    #expect(again.standingLines == session.standingLines)
  }

  @Test func aLessonLeavesTheSeedFromBeforeIt() throws {
    var session = Session(catalog: Fixture.catalog, seed: 7)
    session[LessonShelf.self] = LessonShelf(
      library: {
        LessonLibrary(folder: "lessons", lessons: (try? Self.lesson("- looked: map")).map { [$0] } ?? [])
      })
    _ = try Fixture.run(["scene one-home", "lesson looks"], in: &session)
    let statement = try #require(try Statement.statements(in: "save x").first)
    guard case .save(_, let script)? = try session.execute(statement).content as? OuterRequest else {
      Issue.record("nothing was to be saved")
      return
    }
    #expect(script.split(separator: "\n").dropFirst() == ["seed 7", "scene one-home", "lesson looks"])
  }
}
