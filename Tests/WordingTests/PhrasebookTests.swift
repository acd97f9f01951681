// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Wording

/// Files of translations, read strictly, and how a translation is filled.
@Suite struct PhrasebookTests {
  private func read(_ text: String) throws(PhrasebookError) -> Phrasebook {
    try Phrasebook(language: "de", po: Array(text.utf8))
  }

  @Test func aFileIsRead() throws {
    let phrasebook = try read(
      """
      # A comment
      msgid ""
      msgstr ""
      "Language: de\\n"

      #: Sources/Rendering/A.swift
      msgid "{0} has no row for {1}"
      msgstr "F\u{FC}r {1} hat {0} keine Zeile"

      msgctxt "a door"
      msgid "open"
      msgstr "offen"

      msgid "open"
      msgstr "\u{F6}ffnen"

      msgid "a long "
      "sentence"
      msgstr ""
      "ein langer "
      "Satz"

      msgid "not yet translated"
      msgstr ""
      #~ msgid "gone"
      #~ msgstr "weg"
      """)
    #expect(phrasebook.count == 4)
    let row = phrasebook.translation(of: ["", " has no row for ", ""])
    #expect(row?.filled(["home-a", "1.2.3.4:5"]) == "F\u{FC}r 1.2.3.4:5 hat home-a keine Zeile")
    #expect(phrasebook.translation(of: ["open"])?.text == "\u{F6}ffnen")
    #expect(phrasebook.translation(of: ["open"], context: "a door")?.text == "offen")
    #expect(phrasebook.translation(of: ["a long sentence"])?.text == "ein langer Satz")
    #expect(phrasebook.translation(of: ["not yet translated"]) == nil && phrasebook.translation(of: ["gone"]) == nil)
  }

  @Test func bracesAreDoubled() throws {
    #expect(Phrasebook.key(["set {", "} to ", ""]) == "set {{{0}}} to {1}")
    let phrasebook = try read("msgid \"set {{{0}}} to {1}\"\nmsgstr \"{{{0}}} wird {1}\"\n")
    #expect(phrasebook.translation(of: ["set {", "} to ", ""])?.filled(["a", "b"]) == "{a} wird b")
  }

  @Test(arguments: [
    ("nonsense", 1, PhrasebookError.Kind.unknownLine), ("msgid \"a\"\nmsgstr \"b", 2, .openQuote),
    ("msgid \"a\"\nmsgstr \"b\" c", 2, .openQuote), ("msgid \"a\"\nmsgstr \"\\x\"", 2, .unknownEscape),
    ("msgstr \"b\"", 1, .nothingToTranslate), ("\n\"b\"", 2, .unknownLine),
    ("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"", 5, .twice),
    ("msgid \"a\"\nmsgstr \"{0}\"", 2, .unknownValue(0, count: 0)),
    ("msgid \"{0} a\"\nmsgstr \"{1} a\"", 2, .unknownValue(1, count: 1)),
    ("msgid \"a\"\nmsgstr \"{ a\"", 2, .loneBrace),
  ])
  func aMistakeIsNamedWithItsLine(text: String, line: Int, kind: PhrasebookError.Kind) {
    let error = #expect(throws: PhrasebookError.self) { try read(text) }
    #expect(error == PhrasebookError(kind: kind, line: line))
    #expect(error?.message.isEmpty == false)
  }

  @Test func bytesThatAreNotTextAreNamed() {
    let error = #expect(throws: PhrasebookError.self) {
      try Phrasebook(language: "de", po: Array("msgid \"a\"\nmsgstr \"".utf8) + [0xFF, UInt8(ascii: "\"")])
    }
    #expect(error == PhrasebookError(kind: .notText, line: 2))
  }

  @Test func withoutATranslationASentenceIsAsItIsWritten() {
    let (router, port) = ("home-a", 5_000)
    #expect(said("\(router) has no row for port \(port)") == "home-a has no row for port 5000")
    #expect(said("one ", "two \(port) ", "three") == "one two 5000 three")
    #expect(said("{ }") == "{ }")
    #expect(counted("1", isOne: true, "row", nil) == "1 row" && counted("2", isOne: false, "try", "tries") == "2 tries")
  }
}
