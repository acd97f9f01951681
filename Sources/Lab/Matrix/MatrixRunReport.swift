// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// Every pair of kinds of routers, and what became of the programs behind them.
public struct MatrixRunReport: ResultContent {
  var rows: [String]
  /// Row by row.
  var cells: [MatrixOutcome]

  /// Whether every cell ended as it should.
  public var isAsWanted: Bool { cells.allSatisfy(\.isAsWanted) }

  private enum CodingKeys: String, CodingKey { case matrix }
  private enum MatrixKeys: String, CodingKey { case rows, cells }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var matrix = container.nestedContainer(keyedBy: MatrixKeys.self, forKey: .matrix)
    try matrix.encode(rows, forKey: .rows)
    try matrix.encode(cells, forKey: .cells)
  }
}

extension MatrixRunReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var table = TextTable([.init("", .right), .init("")] + rows.indices.map { .init("\($0 + 1)") })
    for (index, row) in rows.enumerated() {
      let cells = cells[(index * rows.count)..<((index + 1) * rows.count)]
      table.addRow(["\(index + 1)", StyledText(row, .name)] + cells.map { mark($0, style) })
    }
    table.add(to: &page)
    page.addGap()
    var list = DefinitionList()
    for (mark, meaning, count) in meanings(style) where count > 0 {
      list.add(mark, "\(meaning): \(Count.of(count, "pair"))")
    }
    list.add(to: &page)
    for cell in cells.filter({ !$0.isAsWanted }).prefix(Self.mostShown) {
      page.addGap()
      page.add(said("\(cell.a, .name) and \(cell.b, .name): \(cell.verdict)"))
      for (name, output) in zip(["alice", "bob"], cell.outputs) {
        for line in output.split(separator: "\n").suffix(Self.mostLines) {
          page.add(StyledText("  \(name)  \(PrintableText.of(line))", .faint), hanging: 4)
        }
      }
    }
    return page.text
  }

  private static let mostShown = 3
  private static let mostLines = 5

  private func mark(_ cell: MatrixOutcome, _ style: TextStyle) -> StyledText {
    switch (cell.isThrough, cell.isAsWanted) {
    case (true, true): StyledText(style.usesUnicode ? "✓" : "+", .new)
    case (true, false): StyledText(style.usesUnicode ? "✓!" : "+!", .refreshed)
    case (false, true): StyledText(style.usesUnicode ? "·" : ".", .faint)
    case (false, false): StyledText(cell.isLate ? "T" : style.usesUnicode ? "✗" : "-", .refused)
    }
  }

  private func meanings(_ style: TextStyle) -> [(StyledText, String, Int)] {
    var found: [(StyledText, String, Int)] = []
    let kinds: [(String, (MatrixOutcome) -> Bool)] = [
      (said("both programs succeeded"), { $0.isThrough && $0.isAsWanted }),
      (said("both succeeded, where natsh's own peers do not"), { $0.isThrough && !$0.isAsWanted }),
      (said("failed, as natsh's own peers do"), { !$0.isThrough && $0.isAsWanted }),
      ("failed", { !$0.isThrough && !$0.isAsWanted && !$0.isLate }),
      (said("did not end in time"), { !$0.isThrough && !$0.isAsWanted && $0.isLate }),
    ]
    for (meaning, holds) in kinds {
      let these = cells.filter(holds)
      if let example = these.first { found.append((mark(example, style), meaning, these.count)) }
    }
    return found
  }
}

extension MatrixOutcome {
  /// How it ended, in a few words.
  var verdict: String {
    if isThrough { return said("both succeeded") }
    let words = zip(["alice", "bob"], statuses).map { name, status in
      status.map { said("\(name) ended with exit status \($0)") } ?? said("\(name) did not end in time")
    }
    return words.joined(separator: ", ")
  }
}

extension MatrixRunReport {
  /// The report as JUnit's XML, which CI systems show: each pair is a test case.
  public var junit: String {
    let failures = cells.count { !$0.isAsWanted }
    let time = cells.reduce(0) { $0 + $1.milliseconds }
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="\(cells.count)" failures="\(failures)" time="\(Self.seconds(time))">
        <testsuite name="natsh lab" tests="\(cells.count)" failures="\(failures)" time="\(Self.seconds(time))">

      """
    for cell in cells {
      text += "    <testcase classname=\"natsh.lab\" name=\"\(Markup.escaped("\(cell.a) \(cell.b)"))\""
      text += " time=\"\(Self.seconds(cell.milliseconds))\">\n"
      if !cell.isAsWanted {
        text += "      <failure message=\"\(Markup.escaped(cell.verdict))\"></failure>\n"
      }
      let output = zip(["alice", "bob"], cell.outputs).map { "\($0): \($1)" }.joined()
      text += "      <system-out>\(Markup.escapedLines(output))</system-out>\n    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
