// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// Characters that a learner's or an author's files may contain and that must never reach a terminal.
@Suite struct HostileInputTests {
  let folder = TestFolder()

  private static let lesson = """
    ---
    format: 1
    id: evil
    title: Evil
    ---

    # Evil

    ## A step

    Read \u{9B}2J this.

    ```yaml expect\u{1B}[2J
    - clock: 1s
    ```
    """

  /// How natsh is called with `evil.md`, `evil.natsh` and the commands of `evil.natsh` on standard input, and its
  /// status.
  static let calls: [(arguments: [String], status: Int32)] = [
    (["evil.natsh"], 1), (["--json", "evil.natsh"], 1), (["--keep-going"], 1), (["--keep-going", "--json"], 1),
    (["-c", "load evil.natsh"], 1), (["--json", "-c", "load evil.natsh"], 1), (["demo", "evil.natsh"], 1),
    (["lesson", "check", "evil.md"], 1), (["lesson", "check", "--json", "evil.md"], 1),
    (["lesson", "run", "evil.md"], 1), (["grade", "evil.md", "evil.natsh"], 1),
    (["grade", "--json", "evil.md", "evil.natsh"], 1), (["-c", "help \"\u{1B}[2J\""], 1),
    (["--json", "-c", "\u{9B}2J \u{202E}"], 1), (["--seed", "\u{1B}[2J"], 2), (["\u{1B}[2J"], 2),
    (["demo", "\u{1B}[2J"], 2), (["lesson", "check", "\u{1B}[2J"], 1), (["grade", "\u{1B}[2J", "evil.natsh"], 2),
  ]

  private static let commands = """
    # \u{1B}[2J \u{9B}2J
    scene one-home
    send alice bob "\u{1B}[2J"
    send alice \u{9B}2J
    host \u{202E}ecila
    \u{7F}
    map
    """

  @Test(arguments: calls) func nothingThatMovesTheTerminalGetsOut(arguments: [String], status: Int32) throws {
    folder.write(Array(Self.lesson.utf8), to: "evil.md")
    folder.write(Array(Self.commands.utf8), to: "evil.natsh")
    let process = try ScriptProcess(arguments, input: Self.commands, in: folder)
    #expect(process.status == status)
    #expect(!(process.output + process.errors).isEmpty)
    for text in [process.output, process.errors] {
      let moving = text.unicodeScalars.filter {
        $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || (0x202A...0x202E).contains($0.value)
      }
      #expect(moving.isEmpty, "\(text.debugDescription)")
    }
  }

  /// Lessons that would cost a careless reader all its memory or time.
  static let lessons: [(name: String, body: String)] = [
    ("aliases that stand for aliases", "```yaml expect\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n```"),
    ("aliases that keys are made of", "```yaml expect\n\(bomb)\n```"),
    (
      "deep keys", "```yaml expect\n\(String(repeating: "{", count: 900))a\(String(repeating: ": 1}", count: 900))\n```"
    ),
    ("deep lists", "```yaml expect\n- \(String(repeating: "[", count: 50_000))\n```"),
    ("deep conditions", "```yaml expect\n- \(String(repeating: "not: {", count: 5_000))clock: 1\n```"),
    ("deep quotations", String(repeating: "> ", count: 20_000) + "x"),
    ("endless emphasis", String(repeating: "*a **b ", count: 20_000)),
    ("open links", String(repeating: "[a](", count: 20_000)),
    ("a wide table", String(repeating: "|a", count: 5_000) + "|\n" + String(repeating: "|-", count: 5_000) + "|"),
    ("a wide and long table", wideTable),
    ("a step a line, each with a fault", String(repeating: "## \u{7}\n", count: 20_000)),
    ("text in pieces", String(repeating: "[", count: 500_000)),
    ("a crowd for ever", "```natsh setup\ncrowd 100000 for 10h\n```"),
    ("a NUL", "a\u{0}b"),
  ]

  /// Nine lines, each nine times the one before, at last as keys of a map: 500 bytes that nobody can compare.
  private static let bomb: String = {
    var lines = ["a: &-a [x, x, x, x, x, x, x, x, x]"]
    for (name, before) in zip("bcdefghi", "abcdefgh") {
      lines.append("\(name): &-\(name) [\(Array(repeating: "*-\(before)", count: 9).joined(separator: ", "))]")
    }
    return (lines + ["key:\t&j", "  *-i : x"]).joined(separator: "\n")
  }()

  private static let wideTable =
    String(repeating: "|a", count: 40_000) + "|\n" + String(repeating: "|-", count: 40_000) + "|\n"
    + String(repeating: "|b\n", count: 30_000)

  @Test(arguments: lessons.map(\.name)) func aHostileLessonIsReadToItsEnd(name: String) throws {
    let body = try #require(Self.lessons.first { $0.name == name }).body
    let head = Self.lesson.prefix { $0 != "R" }
    folder.write(Array((head + body + "\n").utf8), to: "evil.md")
    let process = try ScriptProcess(["lesson", "check", "evil.md"], in: folder)
    #expect(process.status == 0 || process.status == 1)
    #expect(process.output.contains("1 lesson") || process.output.contains("evil.md:"))
  }

  @Test func aLessonThatCannotBeReadHidesNoOther() throws {
    folder.makeFolder("lessons")
    let head = Self.lesson.prefix { $0 != "R" }
    for (index, hostile) in Self.lessons.enumerated() {
      folder.write(Array((head + hostile.body + "\n").utf8), to: "lessons/\(index + 10)-evil.md")
    }
    folder.write(Array(Self.lesson.replacing("evil", with: "good").utf8), to: "lessons/99-good.md")
    let process = try ScriptProcess(["--lessons", "lessons", "-c", "lessons; lesson good"], in: folder)
    #expect(process.status == 0, "\(process.errors)")
    #expect(process.output.contains("Read "))
  }
}
