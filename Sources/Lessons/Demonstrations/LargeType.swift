// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// Captions that can be read from the back row: letters drawn with half blocks, for all of Latin; text in another
/// script, or too long for that, is spaced out between two rules.
package enum LargeType {
  /// The most rows of letters that leave room for the thing they are about.
  private static let mostRows = 3

  /// The lines of a caption for a terminal of that style.
  package static func text(_ caption: [String], style: TextStyle) -> String {
    var page = Page(style: style)
    let first = caption.first ?? ""
    if let lines = large(first, style: style) {
      for line in lines { page.addLine(StyledText(line, .heading)) }
    } else {
      addSpaced(first, to: &page)
    }
    for line in caption.dropFirst() {
      if line.isEmpty { page.addGap() } else { page.add(StyledText(line)) }
    }
    return page.text
  }

  /// The words with a space between any two letters, if they fit on a line that way.
  private static func addSpaced(_ text: String, to page: inout Page) {
    let words = text.split(separator: " ").map { $0.map(String.init).joined(separator: " ") }
    let spaced = words.joined(separator: "   ")
    let shown = DisplayWidth.of(spaced) <= page.style.width ? spaced : text
    let rule = String(
      repeating: page.style.usesUnicode ? "═" : "=",
      count: min(max(DisplayWidth.of(shown), 8), page.style.width))
    page.addLine(StyledText(rule, .faint))
    page.add(StyledText(shown, .heading))
    page.addLine(StyledText(rule, .faint))
  }

  /// The caption in large letters, in as many rows as it takes; nil if it does not fit or is not Latin.
  private static func large(_ caption: String, style: TextStyle) -> [String]? {
    guard style.usesUnicode else { return nil }
    var rows: [[LargeLetter]] = [[]]
    for word in caption.split(separator: " ") {
      guard let letters = LargeLetter.letters(of: String(word)), let space = LargeLetter.letters(of: " ") else {
        return nil
      }
      let longer = rows[rows.count - 1].isEmpty ? letters : rows[rows.count - 1] + space + letters
      if width(of: longer) <= style.width {
        rows[rows.count - 1] = longer
      } else {
        guard width(of: letters) <= style.width else { return nil }
        rows.append(letters)
      }
    }
    guard rows.count <= mostRows else { return nil }
    return rows.flatMap { drawn($0) }
  }

  private static func width(of letters: [LargeLetter]) -> Int { letters.reduce(0) { $0 + $1.width + 1 } }

  /// Two rows of pixels make a line of half blocks. A row of letters without marks reserves no space for them.
  private static func drawn(_ letters: [LargeLetter]) -> [String] {
    let all = 0..<(LargeLetter.above + LargeLetter.body + LargeLetter.below)
    let used = letters.contains(where: \.hasMark) ? all : LargeLetter.above..<(LargeLetter.above + LargeLetter.body + 1)
    let rows = used.map { row in letters.map { $0.rows[row] + "0" }.joined() }
    return stride(from: 0, to: rows.count, by: 2).map { top in
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
