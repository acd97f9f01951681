// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

extension QRCode {
  /// Modules that stay light around the code.
  private static let margin = 2

  /// The code in half blocks, two rows of modules a line. Light modules are what is drawn: terminals are dark, and a phone
  /// reads the code on a light one as well.
  var lines: [String] {
    stride(from: -Self.margin, to: size + Self.margin, by: 2).map { row in
      String(
        (-Self.margin..<size + Self.margin).map { column in
          let upper = !isDark(row, column)
          let lower = row + 1 < size + Self.margin && !isDark(row + 1, column)
          switch (upper, lower) {
          case (true, true): return "█"
          case (true, false): return "▀"
          case (false, true): return "▄"
          case (false, false): return " "
          }
        } as [Character])
    }
  }

  /// Adds it to a page that has room for it.
  func add(to page: inout Page) {
    guard page.style.usesUnicode, page.style.width >= size + 2 * Self.margin else { return }
    for line in lines { page.addLine(StyledText(line)) }
  }
}
