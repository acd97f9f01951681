// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

/// An author's slips: each is reported at its own line, with the word that was meant.
struct AuthorChecksTests {
  private static let lines = Fixture.text.split(separator: "\n", omittingEmptySubsequences: false)

  /// The number of the line that begins like this, from 1.
  private static func line(_ start: String, _ nth: Int = 1) -> Int {
    lines.enumerated().filter { $0.element.hasPrefix(start) }[nth - 1].offset + 1
  }

  private func problems(_ text: String, file: String = "01-defect.md") -> [String] {
    LessonCheck.run(text: text, file: file, catalog: Fixture.catalog).problems.map { String($0.description) }
  }

  /// Misspelled fences, and the block that the author meant.
  static let misspelled: [(String, String, String)] = [
    ("yaml expect", "yml expect", "yaml expect"), ("yaml expect", "YAML expect", "yaml expect"),
    ("yaml expect", "yaml-expect", "yaml expect"), ("yaml expect", "expect", "yaml expect"),
    ("yaml expect", "Yaml Expect", "yaml expect"), ("yaml expect", "yaml:expect", "yaml expect"),
    ("yaml expect", "{yaml expect}", "yaml expect"), ("yaml expect", "expect yaml", "yaml expect"),
    ("yaml expect", "natsh expect", "yaml expect"), ("yaml expect", "expects", "yaml expect"),
    ("yaml expect", "yalm expect", "yaml expect"), ("natsh also", "natsh-also", "natsh also"),
    ("natsh setup", "setup", "natsh setup"), ("natsh solution", "yaml solution", "natsh solution"),
    ("natsh solution", "Solution", "natsh solution"), ("hint", "hints", "hint"), ("hint", "Hint", "hint"),
    ("hint", "tip", "hint"), ("hint", "hint 1", "hint"), ("yaml wrong", "wrong", "yaml wrong"),
    ("yaml predict", "predict", "yaml predict"), ("yaml predict", "yaml-Predict", "yaml predict"),
  ]

  @Test(arguments: misspelled) func aMisspelledBlockIsReportedWithTheWordThatWasMeant(
    block: String, written: String, meant: String
  ) {
    let text = Self.replacing("```\(block)\n", with: "```\(written)\n")
    let told = "01-defect.md:\(Self.line("```\(block)")): there is no block '\(written)' (did you mean '\(meant)'?)"
    #expect(problems(text).contains(told))
  }

  @Test(arguments: [
    "", "text", "sh", "console", "json", "python", "html", "swift", "print", "go", "mermaid", "host", "c",
  ])
  func anyOtherBlockIsShownAsItStands(info: String) {
    #expect(problems(Fixture.text + "```\(info)\na block\n```\n").isEmpty)
  }

  /// The text with the first occurrence replaced.
  private static func replacing(_ part: String, with other: String) -> String {
    guard let range = Fixture.text.firstRange(of: part) else { return Fixture.text }
    return Fixture.text.replacingCharacters(in: range, with: other)
  }

  /// A part of the lesson, what takes its place, and how the problems begin, without the file's name.
  static let table: [(String, String, [String])] = [
    (
      "answer: 2", "answer: 1",
      ["\(line("answer")): the answer is 1, 'pass it on to Alice', but the proof shows choice 2, 'drop it'"]
    ),
    (
      "      - delivered: {to: alice, from: \"bob:4001\"}", "      - hop: {node: home-a, source: bob}",
      ["\(line("      - delivered")): the proof shows choice 1, 'pass it on to Alice', as well as the answer"]
    ),
    (
      "      - hop: {node: home-a, verdict: dropped, reason: filtered}", "      - hop: {node: home-a, reason: expired}",
      [
        "\(line("      - hop")): the proof does not show the answer: no packet has been dropped at home-a (reason: expired) yet; "
          + "instead, packet 2 from 88.90.100.110:4001 was dropped at home-a (reason: filtered)"
      ]
    ),
    (
      "    1:\n      - delivered: {to: alice, from: \"bob:4001\"}\n", "",
      ["\(line("    1:")): `expect` does not say what choice 1"]
    ),
    (
      "    1:\n", "    3:\n",
      ["\(line("    1:")): `expect` does not say what choice 1", "\(line("    1:")): there is no choice 3"]
    ),
    ("Say what this", "<b>Say</b> what this", ["\(line("Say what")): HTML is shown to learners unchanged: '<b>'"]),
    (
      "`send FROM TO` puts", "send <FROM> puts",
      ["\(line("`send FROM")): HTML is shown to learners unchanged: '<FROM>'"]
    ),
    ("*inside* address", "<i>inside</i> address", ["\(line("say: >")): HTML is shown to learners unchanged: '<i>'"]),
    ("Say what this", "<!-- a note -->Say what this", []),
    ("Say what this", "<https://www.rfc-editor.org> Say what this", []),
    ("## What you", "##What you", ["\(line("## What")): this is not a heading: a space is missing after '##'"]),
    (
      "Say what this", "- A list\n\n  ```yaml expect\n  ```\n\nSay what this",
      ["\(line("Say what") + 2): this `yaml expect` is inside"]
    ),
    (
      "Say what this", "    ```hint\n    a\n    ```\n\nSay what this",
      ["\(line("Say what")): this `hint` is inside"]
    ),
    (
      "```natsh solution", "### Again\n\n```yaml expect\n- looked: map\n```\n\n```natsh solution",
      [
        "\(line("```natsh solution") + 2): the step has two `yaml expect`, the first on line \(line("```yaml expect")); "
          + "combine them, or begin a new step with \"## \" (line \(line("```natsh solution")) has \"###\")"
      ]
    ),
    (
      "  The row is there", "title: a: b\n  The row is there",
      ["\(line("  The row")): there is a second ': ' in this line; put quotation marks around the text"]
    ),
    (
      "  - drop it", "\t- drop it",
      ["\(line("  - drop it")): there is a tab at the beginning of this line; indent with spaces"]
    ),
    (
      "  - drop it", "  - @drop it",
      ["\(line("  - drop it")): a text cannot begin with '@'; put quotation marks around it"]
    ),
    ("source: \"bob:4001\"}", "source: \"bob:4001}", ["\(line("- hop:")): the quotation mark here is never closed"]),
  ]

  @Test(arguments: table) func aSlipIsReportedInWordsThatHelp(part: String, other: String, wanted: [String]) {
    let told = problems(Self.replacing(part, with: other)).map { String($0.dropFirst("01-defect.md:".count)) }
    #expect(told.count == wanted.count, "\(told)")
    for (line, start) in zip(told, wanted) { #expect(line.hasPrefix(start)) }
  }

  @Test(arguments: ["defect.md", "1-defect.md", "01_defect.md", "01-other.md", "lessons/defect.md"])
  func aFileThatIsNotCalledNNIdIsReported(file: String) {
    let told = problems(Fixture.text, file: file)
    #expect(told.count == 1 && told[0].hasPrefix("\(file):3: the file is named '"))
    // The lesson can be taught all the same.
    #expect(LessonReader.read(Fixture.text, file: file).problems.isEmpty)
  }

  @Test func aProofThatCouldShowAnythingEarnsANoteAndIsNotAProblem() {
    let plain = Fixture.text.replacing(
      "    1:\n      - delivered: {to: alice, from: \"bob:4001\"}\n    2:\n  ", with: "")
    let report = LessonCheck.run(text: plain, file: "01-defect.md", catalog: Fixture.catalog)
    #expect(report.problems.isEmpty && report.notes.map(\.line) == [Self.line("```yaml predict")])
    #expect(report.text.contains("note: the proof does not say what each choice would have shown"))
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
