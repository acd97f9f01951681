// SPDX-License-Identifier: GPL-3.0-or-later

/// Checks of printed text, which must be harmless whatever was typed or read.
package enum ShownText {
  /// The first character in a text for people that would move the terminal or turn what it shows, with what stands
  /// around it.
  package static func fault(in text: String) -> String? {
    guard let scalar = text.unicodeScalars.first(where: { $0 != "\n" && movesTerminal($0) }) else { return nil }
    return "U+\(String(scalar.value, radix: 16)) is printed in \(text.debugDescription.prefix(2_000))"
  }

  /// The fault of one line of JSON, as far as terminals and readers of lines are concerned; nil if there is none.
  package static func fault(inJSON line: String) -> String? {
    if let scalar = line.unicodeScalars.first(where: movesTerminal) {
      return "U+\(String(scalar.value, radix: 16)) stands in the JSON \(line.debugDescription.prefix(2_000))"
    }
    return line.hasPrefix("{") && line.hasSuffix("}") ? nil : "not a JSON object: \(line.prefix(2_000))"
  }

  private static func movesTerminal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
    default: false
    }
  }
}
