// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `matrix`: every pair, and its result.
struct MatrixReport: PairFindings {
  struct Cell: Encodable, Sendable {
    var a: String
    var b: String
    var result: String
    var packets: Int
    var why: String

    init(_ cell: MatrixCell) {
      a = cell.first.name
      b = cell.second.name
      result = cell.result.rawValue
      packets = cell.packets
      why = cell.why
    }

    var finding: PairFinding { PairFinding(a: a, b: b, result: result) }
  }

  var rows: [String]
  /// Row by row.
  var cells: [Cell]

  private enum CodingKeys: String, CodingKey { case matrix }
  private enum MatrixKeys: String, CodingKey { case rows, cells }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var matrix = container.nestedContainer(keyedBy: MatrixKeys.self, forKey: .matrix)
    try matrix.encode(rows, forKey: .rows)
    try matrix.encode(cells, forKey: .cells)
  }

  var pairs: [PairFinding] { cells.map(\.finding) }

  /// The cell of two kinds.
  func cell(_ a: String, _ b: String) -> Cell? { cells.first { $0.a == a && $0.b == b } }
}

extension MatrixReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("Two peers, a rendezvous server, and every pair of routers: does a hole open?"))
    if rows.contains(where: { $0.contains("/") }) {
      page.add(
        StyledText(
          said(
            "First how a router maps, then how it filters: endpoint-independent (ei), address-dependent (ad), ",
            "address-and-port-dependent (apd)."), .faint))
    }
    page.addGap()
    // The columns are the rows' numbers: nine names side by side do not fit on a screen.
    var table = TextTable([.init("", .right), .init("")] + rows.indices.map { .init("\($0 + 1)") })
    for (index, row) in rows.enumerated() {
      table.addRow(
        ["\(index + 1)", StyledText(row, .name)]
          + rows.map { cell(row, $0).map { mark($0.result, style) } ?? "" })
    }
    table.add(to: &page)
    page.addGap()
    var list = DefinitionList()
    for (result, meaning) in Self.meanings {
      let count = cells.filter { $0.result == result }.count
      if count > 0 { list.add(mark(result, style), "\(meaning): \(Count.of(count, "cell"))") }
    }
    list.add(to: &page)
    let example = cells.first { $0.result == "none" } ?? cells.first { $0.result == "one-way" } ?? cells.last
    if let example {
      page.add("\(typed: "matrix \(example.a) \(example.b)")\(said(" shows one of them, and why."), .faint)")
    }
    return page.text
  }

  private static let meanings = [
    ("direct", said("both hear each other, and nothing was in between")), ("punched", said("both hear each other")),
    ("one-way", said("one hears the other, but is not heard")), ("none", said("nobody hears anybody")),
  ]

  private func mark(_ result: String, _ style: TextStyle) -> StyledText {
    switch result {
    case "direct": StyledText(style.usesUnicode ? "⇄" : "=", .new)
    case "punched": StyledText(style.usesUnicode ? "✓" : "+", .new)
    case "one-way": StyledText(style.usesUnicode ? "→" : ">", .refreshed)
    default: StyledText(style.usesUnicode ? "✗" : "-", .refused)
    }
  }
}

/// `matrix A-TYPE B-TYPE`: one cell with its packets.
struct MatrixCellReport: PairFindings, TextRenderable {
  var cell: MatrixReport.Cell
  var ladder: TraceReport

  init(_ cell: MatrixCell, in session: Session) {
    self.cell = MatrixReport.Cell(cell)
    var other = Session(catalog: session.catalog)
    other.network = cell.network
    // The registrations and the first attempts; the later ones are like them.
    ladder = other.hops(from: 1, to: min(cell.network.trace.hopCount, Self.mostHops), form: .ladder)
  }

  private static let mostHops = 56

  var pairs: [PairFinding] { [cell.finding] }

  private enum CodingKeys: String, CodingKey { case cell }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cell, forKey: .cell)
    try ladder.encode(to: encoder)
  }

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("\(cell.a, .heading) and \(cell.b, .heading): \(cell.result.replacing("-", with: " "))"))
    page.add(StyledText(cell.why))
    page.addGap()
    return page.text + "\n" + ladder.text(style: style)
  }
}
