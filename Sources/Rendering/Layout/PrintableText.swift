// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Text made fit to be shown: characters that a terminal would obey rather than show are spelled out.
package enum PrintableText {
  /// The text with control characters as `\n`, `\t` or `\x1b`, and characters that reverse the direction of writing or
  /// break the line as `\u{202e}`.
  package static func of(_ text: some StringProtocol) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isShown(scalar) { result.append(scalar) } else { result.append(contentsOf: escape(scalar).unicodeScalars) }
    }
    return String(result)
  }

  /// Whether a terminal shows all of the text and obeys none of it.
  package static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isShown) }

  /// A packet's text as the learner would type it, in quotes.
  static func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "\"" || character == "\\" { escaped += "\\" }
      escaped.append(character)
    }
    return "\"" + of(escaped) + "\""
  }

  /// A line of JSON in which characters that a terminal would obey are written as `\u009b`: JSON itself requires that
  /// of the lowest 32 characters only (RFC 8259 §7).
  static func json(_ line: String) -> String {
    if line.utf8.allSatisfy({ $0 < 0x7F }) || line.unicodeScalars.allSatisfy(isShown) { return line }
    var result = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      guard !isShown(scalar) else {
        result.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
      result.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
    }
    return String(result)
  }

  /// The text in ASCII: the project's own signs are replaced by similar ones, everything else is spelled out.
  static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += substitutes[scalar] ?? escape(scalar)
      }
    }
    return result
  }

  private static let substitutes: [Unicode.Scalar: String] = [
    "→": "->", "←": "<-", "⇄": "<->", "…": "...", "✓": "*", "✗": "x", "●": "*", "§": said("section "), "·": "-",
    "│": "|", "─": "-", "├": "+", "└": "`", "┌": "+", "┐": "+", "┘": "+", "┬": "+", "┴": "+", "┼": "+", "┤": "+",
    "▶": ">", "◀": "<", "\u{A0}": " ", "×": "x",
  ]

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      let digits = String(scalar.value, radix: 16)
      if scalar.value < 0x80 { return "\\x" + (digits.count < 2 ? "0" : "") + digits }
      return "\\u{" + digits + "}"
    }
  }
}
