// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// Captions that can be read from the last row: letters three lines high, drawn with half blocks; on a narrow terminal
/// or without Unicode, a framed line.
package enum LargeType {
  /// Letters as five rows of pixels, a space between two rows.
  private static let letters: [Character: String] = [
    "A": "010 101 111 101 101", "B": "110 101 110 101 110", "C": "011 100 100 100 011", "D": "110 101 101 101 110",
    "E": "111 100 110 100 111", "F": "111 100 110 100 100", "G": "011 100 101 101 011", "H": "101 101 111 101 101",
    "I": "111 010 010 010 111", "J": "001 001 001 101 010", "K": "101 110 100 110 101", "L": "100 100 100 100 111",
    "M": "10001 11011 10101 10001 10001", "N": "1001 1101 1011 1001 1001", "O": "010 101 101 101 010",
    "P": "110 101 110 100 100", "Q": "0110 1001 1001 1011 0111", "R": "110 101 110 110 101", "S": "011 100 010 001 110",
    "T": "111 010 010 010 010", "U": "101 101 101 101 111", "V": "101 101 101 101 010",
    "W": "10001 10001 10101 11011 10001", "X": "101 101 010 101 101", "Y": "101 101 010 010 010",
    "Z": "111 001 010 100 111", "0": "111 101 101 101 111", "1": "010 110 010 010 111", "2": "110 001 010 100 111",
    "3": "110 001 010 001 110", "4": "101 101 111 001 001", "5": "111 100 110 001 110", "6": "011 100 111 101 111",
    "7": "111 001 010 010 010", "8": "111 101 111 101 111", "9": "111 101 111 001 110", " ": "00 00 00 00 00",
    ".": "0 0 0 0 1", ",": "00 00 00 01 10", "?": "110 001 010 000 010", "!": "1 1 1 0 1", ":": "0 1 0 1 0",
    "'": "1 1 0 0 0", "-": "000 000 111 000 000", "/": "001 001 010 100 100", "(": "01 10 10 10 01",
    ")": "10 01 01 01 10", ";": "00 01 00 01 10", "\"": "101 101 000 000 000", "=": "000 111 000 111 000",
    "+": "000 010 111 010 000", "*": "000 101 010 101 000", "%": "101 001 010 100 101", "_": "000 000 000 000 111",
  ]

  /// The lines of a caption for a terminal of that style.
  package static func text(_ caption: [String], style: TextStyle) -> String {
    var page = Page(style: style)
    let first = caption.first ?? ""
    let lines = large(first, style: style)
    if let lines {
      for line in lines { page.addLine(StyledText(line, .heading)) }
    } else {
      let rule = String(
        repeating: style.usesUnicode ? "═" : "=", count: min(max(DisplayWidth.of(first), 8), style.width))
      page.addLine(StyledText(rule, .faint))
      page.add(StyledText(first, .heading))
      page.addLine(StyledText(rule, .faint))
    }
    for line in caption.dropFirst() {
      if line.isEmpty { page.addGap() } else { page.add(StyledText(line)) }
    }
    return page.text
  }

  /// The caption in large letters, in as many rows as it takes; nil where it does not fit in two.
  private static func large(_ caption: String, style: TextStyle) -> [String]? {
    guard style.usesUnicode, caption.uppercased().allSatisfy({ letters[$0] != nil }) else { return nil }
    var rows: [String] = [""]
    for word in caption.uppercased().split(separator: " ") {
      let longer = rows[rows.count - 1].isEmpty ? String(word) : rows[rows.count - 1] + " " + word
      if width(of: longer) <= style.width {
        rows[rows.count - 1] = longer
      } else {
        guard width(of: String(word)) <= style.width else { return nil }
        rows.append(String(word))
      }
    }
    guard rows.count <= 3 else { return nil }
    return rows.flatMap { drawn($0) }
  }

  private static func pixels(_ character: Character) -> [Substring] {
    (letters[character] ?? "").split(separator: " ")
  }

  private static func width(of text: String) -> Int {
    text.reduce(0) { $0 + (pixels($1).first?.count ?? 0) + 1 }
  }

  /// Two rows of pixels make a line of half blocks.
  private static func drawn(_ text: String) -> [String] {
    var rows = Array(repeating: "", count: 6)
    for character in text {
      for (index, row) in pixels(character).enumerated() { rows[index] += row + "0" }
      rows[5] += String(repeating: "0", count: (pixels(character).first?.count ?? 0) + 1)
    }
    return stride(from: 0, to: 6, by: 2).map { top in
      String(
        zip(rows[top], rows[top + 1]).map { upper, lower -> Character in
          switch (upper, lower) {
          case ("1", "1"): "█"
          case ("1", _): "▀"
          case (_, "1"): "▄"
          default: " "
          }
        })
    }
  }
}
