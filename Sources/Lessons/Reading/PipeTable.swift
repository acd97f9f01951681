// SPDX-License-Identifier: GPL-3.0-or-later

/// Tables, which CommonMark does not have: a paragraph whose lines are cells between bars, with a ruler as the second
/// line.
enum PipeTable {
  /// The most columns, more than any page has room for; a wider table is shown as it was typed.
  private static let mostColumns = 64

  /// The table in a paragraph; nil if it is not one.
  static func read(_ paragraph: [Prose.Inline]) -> Prose? {
    var lines: [[Prose.Inline]] = [[]]
    for inline in paragraph {
      guard case .text(let text) = inline else {
        lines[lines.count - 1].append(inline)
        continue
      }
      for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty { lines[lines.count - 1].append(.text(String(part))) }
      }
    }
    guard lines.count >= 2, lines[1].count == 1, case .text(let ruler) = lines[1][0], let columns = alignments(ruler),
      columns.count <= mostColumns
    else { return nil }
    let header = cells(of: lines[0])
    guard header.count == columns.count else { return nil }
    var rows = [header]
    // A row may have fewer cells than there are columns.
    for line in lines.dropFirst(2) { rows.append(Array(cells(of: line).prefix(columns.count))) }
    return .table(columns: columns, rows: rows)
  }

  /// The columns that a line such as `| --- | :-: | --: |` defines; nil if it is not such a line.
  private static func alignments(_ ruler: String) -> [Prose.Alignment]? {
    guard ruler.contains("|"), ruler.contains("-"), ruler.allSatisfy({ "|-: –—".contains($0) }) else { return nil }
    return ruler.split(separator: "|").compactMap { part in
      let cell = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().map { $0 }
      guard let first = cell.first, let last = cell.last else { return nil }
      if last == ":" { return first == ":" ? .center : .right }
      return .left
    }
  }

  private static func cells(of line: [Prose.Inline]) -> [[Prose.Inline]] {
    var cells: [[Prose.Inline]] = [[]]
    for inline in line {
      guard case .text(let text) = inline else {
        cells[cells.count - 1].append(inline)
        continue
      }
      for (index, part) in text.split(separator: "|", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { cells.append([]) }
        if !part.isEmpty { cells[cells.count - 1].append(.text(String(part))) }
      }
    }
    // A bar at either end opens or closes the row and does not separate cells.
    func isBlank(_ cell: [Prose.Inline]) -> Bool {
      cell.allSatisfy { if case .text(let text) = $0 { text.allSatisfy { $0 == " " } } else { false } }
    }
    if cells.count > 1, isBlank(cells[0]) { cells.removeFirst() }
    if cells.count > 1, isBlank(cells[cells.count - 1]) { cells.removeLast() }
    return cells.map(trimmed)
  }

  private static func trimmed(_ cell: [Prose.Inline]) -> [Prose.Inline] {
    var cell = cell
    if case .text(let text)? = cell.first { cell[0] = .text(String(text.drop { $0 == " " })) }
    if case .text(let text)? = cell.last {
      cell[cell.count - 1] = .text(String(text.reversed().drop { $0 == " " }.reversed()))
    }
    return cell
  }
}
