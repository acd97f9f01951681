// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

@Suite struct TokenTests {
  @Test(arguments: [
    ("", ""), ("   \t ", ""), ("# nothing", ""), (" ; ;; # x ; y", ""),
    ("step", "step@1-4"), ("  step 3 ", "step@3-6 3@8-8"),
    ("step;run", "step@1-4 | run@6-8"), ("step\nrun # go", "step@1-4 | run@6-8"),
    ("step\r\nrun\r", "step@1-4 | run@6-8"),
    (#"reply "a;b # c""#, #"reply@1-5 "a;b # c"@7-15"#),
    (#"reply "say \"hi\" \\ \n" ; run"#, "reply@1-5 \"say \"hi\" \\ \n\"@7-24 | run@28-30"),
    ("reply a#b", "reply@1-5 a#b@7-9"), ("reply #b", "reply@1-5"), (#"reply """#, #"reply@1-5 ""@7-8"#),
    ("reply \u{1F1E9}\u{1F1EA}x y", "reply@1-5 \u{1F1E9}\u{1F1EA}x@7-8 y@10-10"), ("reply\u{A0}x", "reply@1-5 x@7-7"),
    (#"reply a\n"#, #"reply@1-5 a\n@7-9"#),
  ])
  func cutsLinesIntoWords(line: String, expected: String) throws {
    let statements = try Statement.statements(in: line).map { statement in
      statement.tokens.map { token in
        let text = token.isQuoted ? "\"\(token.text)\"" : token.text
        return "\(text)@\(token.columns.lowerBound)-\(token.columns.upperBound - 1)"
      }.joined(separator: " ")
    }
    #expect(statements.joined(separator: " | ") == expected)
  }

  @Test func aStatementIsTextAndColumn() throws {
    let statements = try Statement.statements(in: "  step  2 ;  reply \"x  y\"  # done")
    #expect(statements.map(\.text) == ["step  2", "reply \"x  y\""])
    #expect(statements.map(\.column) == [3, 14])
  }

  @Test(arguments: [
    (#"reply "hello"#, "unclosed-quote@7+1"), ("reply \"a\nb\"", "unclosed-quote@7+1"),
    (#"reply "a\"#, "unclosed-quote@7+1"),
    (#"reply "a\tb""#, "bad-escape@9+2"), (#"reply "a"b"#, "word-after-quote@10+1"),
    (#"reply a"b""#, "quote-inside-word@8+1"),
    ("reply “hi”", "typographic-quote@7+1 \""),
    ("st\u{1B}ep", "control-character@3+1"), ("step\0", "control-character@5+1"),
    ("reply a\u{7F}", "control-character@8+1"),
    ("reply \"\u{9B}\"", "control-character@8+1"), ("reply \u{202E}x", "control-character@7+1"),
    ("step # \u{7}", "control-character@8+1"), ("step \r 2", "control-character@6+1"),
    ("ali\u{200B}ce", "control-character@4+1"),
    ("reply \"a\u{2028}b\"", "control-character@9+1"),
  ])
  func saysWhereALineCannotBeRead(line: String, expected: String) {
    #expect(fault(line) == expected)
  }

  @Test func aLineHasALongestLength() throws {
    let longest = "#" + String(repeating: "x", count: Statement.longestLine - 1)
    #expect(fault(longest) == "none")
    #expect(fault(longest + "x") == "line-too-long@1+1")
    #expect(fault("step\n\(longest)x") == "line-too-long@6+1")
    #expect(fault(longest + "\n" + longest) == "none")
  }

  @Test func aTextFitsIntoOnePacket() {
    let longest = String(repeating: "x", count: 65_507)
    #expect(fault("reply \(longest)") == "none")
    #expect(fault("reply \"\(longest)\"") == "none")
    #expect(fault("reply \(longest)x") == "text-too-long@7+65508")
    #expect(fault("reply \(String(repeating: "ä", count: 32_754))") == "text-too-long@7+32754")
  }
}
