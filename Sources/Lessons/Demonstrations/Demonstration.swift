// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// A script that a presenter plays: comment lines are captions, the rest are commands.
package struct Demonstration: Sendable {
  /// One thing to show.
  package enum Beat: Sendable {
    /// Lines of comment that stand together.
    case caption([String])
    case command(Statement, line: Int)
  }

  /// Why a script cannot be played.
  package struct Failure: Error, Sendable {
    package var line: Int
    package var message: String
  }

  /// Bytes in the longest script.
  package static let largest = 1 << 20

  package private(set) var beats: [Beat] = []

  package init(_ text: String) throws(Failure) {
    var text = text
    if text.unicodeScalars.first == "\u{FEFF}" { text = String(text.unicodeScalars.dropFirst()) }
    var caption: [String] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.first == "#" {
        let comment = words.drop { $0 == "#" }.drop { $0 == " " }
        if !(index == 0 && comment.hasPrefix("!")) { caption.append(String(comment)) }
        continue
      }
      if !caption.isEmpty {
        beats.append(.caption(Self.trimmed(caption)))
        caption = []
      }
      do throws(SyntaxError) {
        for statement in try Statement.statements(in: String(line)) {
          beats.append(.command(statement, line: index + 1))
        }
      } catch {
        throw Failure(line: index + 1, message: LessonWording.message(for: .syntax(error)))
      }
    }
    if !caption.isEmpty { beats.append(.caption(Self.trimmed(caption))) }
    beats.removeAll { if case .caption(let lines) = $0 { lines.isEmpty } else { false } }
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    Array(lines.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed())
  }
}
