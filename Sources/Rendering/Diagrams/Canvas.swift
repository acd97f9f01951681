// SPDX-License-Identifier: GPL-3.0-or-later

/// A grid of character cells to draw on; it grows as needed.
struct Canvas {
  private struct Cell {
    /// Nil if the character to the left is two columns wide.
    var character: Character?
    var role: TextRole
  }

  private var rows: [[Cell]] = []
  private let page: Page

  /// A canvas for drawings on `page`, using only signs that the page's style can show.
  init(for page: Page) {
    self.page = page
  }

  /// Writes a text from `column` on; anything left of the grid is not drawn.
  mutating func draw(_ text: StyledText, row: Int, column: Int) {
    var column = column
    for span in page.shown(text).spans {
      for character in span.text {
        let width = DisplayWidth.of(character)
        guard width > 0 else { continue }
        set(character, span.role, row: row, column: column)
        if width == 2 { set(nil, span.role, row: row, column: column + 1) }
        column += width
      }
    }
  }

  private mutating func set(_ character: Character?, _ role: TextRole, row: Int, column: Int) {
    guard row >= 0, column >= 0 else { return }
    while rows.count <= row { rows.append([]) }
    while rows[row].count <= column { rows[row].append(Cell(character: " ", role: .plain)) }
    rows[row][column] = Cell(character: character, role: role)
  }

  func add(to page: inout Page) {
    for row in rows {
      var line = StyledText()
      for cell in row {
        if let character = cell.character { line.append(String(character), cell.role) }
      }
      page.addLine(line)
    }
  }
}
