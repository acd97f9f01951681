// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import Rendering

/// Every result's text, letter for letter. `RECORD=1 swift test --filter Golden` rewrites the files; read the
/// difference before you keep it.
@Suite struct GoldenTests {
  struct Sheet: Sendable, CustomTestStringConvertible {
    var name: String
    var style: TextStyle
    var testDescription: String { name }
  }

  static let sheets = [
    Sheet(name: "plain-80", style: .plain),
    Sheet(name: "plain-40", style: TextStyle(width: 40)),
    Sheet(name: "plain-120", style: TextStyle(width: 120)),
    Sheet(name: "ascii-80", style: TextStyle(usesUnicode: false)),
    Sheet(name: "color-80", style: TextStyle(usesColor: true)),
  ]

  @Test(arguments: sheets) func everyResult(_ sheet: Sheet) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(sheet.name).txt")
    let text = Gallery.text(style: sheet.style)
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    for (line, (was, now)) in zip(1..., zip(expected.split(separator: "\n"), text.split(separator: "\n"))) {
      try #require(was == now, "\(sheet.name).txt, line \(line)")
    }
    #expect(expected == text)
  }

  @Test(arguments: [40, 48, 60, 72, 80, 100, 132, 200]) func noLineIsWiderThanTheTerminal(width: Int) {
    for unicode in [true, false] {
      for piece in Gallery.pieces {
        for line in piece.content.text(style: TextStyle(width: width, usesUnicode: unicode)).split(separator: "\n") {
          #expect(DisplayWidth.of(line) <= width, "\(piece.name): \(line)")
        }
      }
    }
  }

  @Test func colorAddsNothingButEscapeCodes() {
    for piece in Gallery.pieces {
      let plain = piece.content.text(style: .plain)
      let colored = piece.content.text(style: TextStyle(usesColor: true))
      #expect(!plain.contains("\u{1B}"), "\(piece.name)")
      #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain, "\(piece.name)")
    }
  }

  @Test func asciiIsAscii() {
    for piece in Gallery.pieces {
      let text = piece.content.text(style: TextStyle(usesUnicode: false))
      #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(piece.name)")
    }
  }
}
