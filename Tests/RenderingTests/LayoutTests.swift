// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Rendering

@Suite struct LayoutTests {
  @Test(arguments: [
    ("", 0), ("hello", 5), ("→", 1), ("日本", 4), ("ｱ", 1), ("한글", 4), ("e\u{301}", 1), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("😀", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("👍🏽", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("שלום", 4), ("مرحبا", 5),
    ("\u{200B}", 0), ("─│●✓✗", 5), ("１", 2),
  ])
  func displayWidth(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test(arguments: [
    ("\u{1B}[31mred", #"\x1b[31mred"#), ("a\nb\tc\r", #"a\nb\tc\r"#), ("\u{7}\u{0}", #"\x07\x00"#),
    ("\u{9B}31m", #"\u{9b}31m"#), ("\u{202E}evil", #"\u{202e}evil"#), ("\r\n", #"\r\n"#), ("日本 é", "日本 é"),
  ])
  func controlCharactersAreShown(text: String, shown: String) {
    #expect(StyledText(text).plain == shown)
  }

  @Test func payloadsAreQuotedAsTyped() {
    #expect(PrintableText.quoted("say \"hi\" \\ now\n") == #""say \"hi\" \\ now\n""#)
  }

  @Test func asciiSpellsOutWhatItLacks() {
    #expect(PrintableText.ascii("a → b … §5 é") == #"a -> b ... section 5 \u{e9}"#)
  }

  @Test func wrapping() {
    let text: StyledText = "one two  three 日本語 four"
    #expect(text.wrapped(to: 9).map(\.plain) == ["one two", "three", "日本語", "four"])
    #expect(text.wrapped(to: 80).map(\.plain) == ["one two  three 日本語 four"])
    #expect(StyledText("abcdefgh ij").wrapped(to: 3).map(\.plain) == ["abc", "def", "gh", "ij"])
    #expect(StyledText("日本語").wrapped(to: 3).map(\.plain) == ["日", "本", "語"])
    #expect(StyledText("RFC\u{A0}4787 says").wrapped(to: 9).map(\.plain) == ["RFC\u{A0}4787", "says"])
  }

  @Test func wrappingKeepsRoles() {
    let lines = StyledText("ab cd", .refused).wrapped(to: 2)
    #expect(lines == [StyledText("ab", .refused), StyledText("cd", .refused)])
  }

  @Test(arguments: [("hello", 5, "hello"), ("hello!", 5, "hell…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 0, "")])
  func truncation(text: String, columns: Int, shown: String) {
    #expect(StyledText(text).truncated(to: columns).plain == shown)
  }

  @Test func paddingCountsColumns() {
    #expect(StyledText("日本").padded(to: 6).plain == "日本  ")
    #expect(StyledText("e\u{301}").padded(to: 3, .right).plain == "  e\u{301}")
    #expect(StyledText("wide").padded(to: 2).plain == "wide")
  }

  @Test(arguments: [
    (Int64(0), "0ms"), (250, "250us"), (1_000, "1ms"), (21_500, "21.5ms"), (1_021_000, "1.021s"),
    (60_000_000, "1m"), (300_021_000, "5m0.021s"), (7_440_000_000, "2h4m"), (3_600_000_000, "1h"),
    (3_601_000_000, "1h0m1s"), (299_980_000, "4m59.98s"), (999_999, "999.999ms"),
  ])
  func time(microseconds: Int64, text: String) {
    #expect(SimulatedTime.text(microseconds) == text)
  }

  @Test func counts() {
    #expect(Count.grouped(1_234_567) == "1,234,567")
    #expect(Count.of(1, "row") == "1 row")
    #expect(Count.rate(2_000_000) == "2mbit")
    #expect(Count.rate(1_500_000) == "1.5mbit")
    #expect(Count.rate(64_000) == "64kbit")
  }
}
