// SPDX-License-Identifier: GPL-3.0-or-later

/// Cells in aligned columns under a header.
package struct TextTable {
  package struct Column: Sendable {
    var title: String
    var alignment: StyledText.Alignment

    package init(_ title: String, _ alignment: StyledText.Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  package var columns: [Column]
  /// A cell is a list of lines.
  package private(set) var rows: [[[StyledText]]] = []
  /// The columns between two cells.
  package var gap = 2

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; missing cells at its end are empty.
  package mutating func addRow(_ cells: [StyledText]) { rows.append(cells.map { [$0] }) }
  package mutating func addRow(lines cells: [[StyledText]]) { rows.append(cells) }

  /// Whether the table fits into `page`, `indent` columns from its left.
  package func fits(_ page: Page, indent: Int = 0) -> Bool {
    widths(page).reduce(0, +) + gap * max(columns.count - 1, 0) + indent <= page.style.width
  }

  /// Adds the table to `page`: as columns if they fit, else each row as a block of lines, `title  value`.
  package func add(to page: inout Page, indent: Int = 0) {
    guard fits(page, indent: indent) else { return addBlocks(to: &page, indent: indent) }
    let widths = widths(page)
    if columns.contains(where: { !$0.title.isEmpty }) {
      page.addLine(.spaces(indent) + line(columns.map { StyledText($0.title, .faint) }, widths))
    }
    for row in rows {
      for index in 0..<(row.map(\.count).max() ?? 0) {
        let cells = row.map { index < $0.count ? page.shown($0[index]) : StyledText() }
        page.addLine(.spaces(indent) + line(cells, widths))
      }
    }
  }

  private func line(_ cells: [StyledText], _ widths: [Int]) -> StyledText {
    zip(zip(cells, columns), widths).map { pair, width in pair.0.padded(to: width, pair.1.alignment) }
      .joined(separator: .spaces(gap))
  }

  private func widths(_ page: Page) -> [Int] {
    columns.indices.map { column in
      rows.reduce(DisplayWidth.of(columns[column].title)) { widest, row in
        max(widest, column < row.count ? row[column].map { page.shown($0).width }.max() ?? 0 : 0)
      }
    }
  }

  private func addBlocks(to page: inout Page, indent: Int) {
    let label = columns.dropFirst().map { DisplayWidth.of($0.title) }.max() ?? 0
    for (number, row) in rows.enumerated() {
      if number > 0 { page.addGap() }
      page.add(row.first?.joined(separator: " ") ?? StyledText(), indent: indent, hanging: indent + 2)
      for (column, cell) in zip(columns, row).dropFirst() where cell.contains(where: { !$0.isEmpty }) {
        let title = column.title.isEmpty ? StyledText() : StyledText(column.title, .faint).padded(to: label + 2)
        for (index, line) in cell.enumerated() where !line.isEmpty {
          let lead = index == 0 ? title : .spaces(title.width)
          page.add(line, after: .spaces(indent + 2) + lead, later: .spaces(indent + 4))
        }
      }
    }
  }
}
