// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Rendering
import Testing

@testable import Commands
@testable import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The shell's own messages, without a terminal.
@Suite struct WordingTests {
  @Test(arguments: [
    (0, 0, "natsh> "), (0, 1, "natsh ●1> "), (250, 0, "natsh 250us> "), (21_000, 1, "natsh 21ms ●1> "),
    (20_250, 0, "natsh 20.25ms> "), (1_500_000, 12, "natsh 1.5s ●12> "), (300_001_000, 0, "natsh 5m> "),
    (7_440_000_000, 0, "natsh 2h4m> "),
  ])
  func prompts(microseconds: Int64, packets: Int, expected: String) {
    let prompt = Prompt(
      clock: Instant(microseconds: microseconds), packetsInFlight: packets, style: TextStyle(usesColor: false))
    #expect(prompt.text == expected)
    #expect(prompt.width == expected.count)
  }

  @Test func aColoredPromptHidesItsCodesFromReadline() {
    let prompt = Prompt(
      clock: Instant(microseconds: 21_000), packetsInFlight: 1, style: TextStyle(usesColor: true, usesUnicode: false))
    var shown = ""
    var isHidden = false
    for character in prompt.text {
      switch character {
      case "\u{01}": isHidden = true
      case "\u{02}": isHidden = false
      default: if !isHidden { shown.append(character) }
      }
    }
    #expect(shown == "natsh 21ms *1> ")
  }

  @Test(arguments: [nil, "direct-call", "a-lesson-12", "a-lesson-with-a-name-that-is-much-too-long"])
  func theWelcomeIsThreeLinesOfAScreen(firstLesson: String?) {
    let lines = InteractiveShell.welcome(firstLesson: firstLesson).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.joined().contains("send alice bob"))
    #expect(lines.joined().contains("lesson") == (firstLesson != nil))
  }

  @Test func anErrorAtATerminalIsBrokenBetweenWords() {
    let words = Array(repeating: "seven", count: 30).joined(separator: " ")
    let failure = Failure(
      report: ErrorReport(kind: "test", message: words), sourceName: "lesson.natsh", line: 3, column: 1, length: 3)
    let style = TextStyle(usesColor: false, width: 40)
    let typed = TypedErrorText(style: style).text(for: failure, in: "map", indent: 7).split(separator: "\n")
    #expect(typed.count > 4 && typed.allSatisfy { $0.count <= 40 })
    #expect(typed.dropFirst().joined().split(separator: " ").allSatisfy { ["error:", "seven"].contains($0) })
    #expect(failure.text(style: style, withPlace: true) == "lesson.natsh:3:1: error: \(words)\n")
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_204_332, "1,204,332")])
  func groupsDigits(number: Int, expected: String) {
    #expect(Count.grouped(number) == expected)
  }

  @Test func printingStopsAtTheEndOfALine() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let text = (1...2_000).map { "line \($0)" }.joined(separator: "\n")
    var asked = 0
    let isWhole = OutputChannel(descriptor: ends[1]).writeLine(text) {
      asked += 1
      return asked > 2
    }
    close(ends[1])
    let printed = String(decoding: try readAll(from: ends[0]), as: UTF8.self)
    close(ends[0])
    #expect(!isWhole && printed.utf8.count > 8_000 && printed.utf8.count < 8_400)
    #expect(text.hasPrefix(printed) && printed.last == "\n")
  }

  @Test func progressShowsTimePacketsAndRate() {
    var progress = RunProgress(clock: Instant(microseconds: 90_000_000), events: 9_000, packets: 3_000, inFlight: 1)
    #expect(
      ProgressLine.text(for: progress, nanoseconds: 1_500_000_000)
        == "90 s simulated, 3,000 packets, 2,000 packets/s (Ctrl-C stops)")
    progress.clock = Instant(microseconds: 760_000)
    #expect(
      ProgressLine.text(for: progress, nanoseconds: 1_500_000_000)
        == "0.7 s simulated, 3,000 packets, 2,000 packets/s (Ctrl-C stops)")
    progress.stage = RunProgress.Stage(.doingAgain, done: 1_234, of: 6_000)
    #expect(
      ProgressLine.text(for: progress, nanoseconds: 1)
        == "repeating what came before: 1,234 of 6,000 commands (Ctrl-C stops)")
  }

  @Test(arguments: [
    ([0xFF] as [UInt8], 1, 0xFF as UInt8), (Array("a\u{E9}b".utf8) + [0x80], 4, 0x80), ([0x61, 0xC3], 2, 0xC3),
    (Array("ab".utf8) + [0xE2, 0x82, 0x41], 3, 0xE2),
    (Array(repeating: 0x61, count: 5_000) + [0xC0, 0x61], 5_001, 0xC0),
  ])
  func findsWhereTextStops(bytes: [UInt8], column: Int, byte: UInt8) {
    let place = InvalidText.place(in: bytes)
    #expect(place.column == column)
    #expect(place.byte == byte)
  }

  @Test(arguments: [
    (["alice"], "alice"), (["home-a", "home-b"], "home-"), (["Bob", "bobby"], "Bob"), (["a", "b"], ""), ([], ""),
  ])
  func commonStarts(words: [String], expected: String) {
    #expect(InteractiveShell.commonStart(of: words) == expected)
  }
}
