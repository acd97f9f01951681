// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// The network as boxes below the internet, each under its router.
struct MapPicture {
  private static let boxWidth = 210
  private static let gap = 18
  private static let drop = 46
  private static let line = 19
  /// The most devices drawn; if there are more, each router shows a few of those behind it.
  private static let mostDrawn = 120
  private static let fewDrawn = 6

  private let picture: Picture

  init(_ picture: Picture) {
    self.picture = picture
  }

  /// The devices behind a router that are drawn, and how many are not.
  private func drawn(behind router: String?) -> (nodes: [MapReport.Node], leftOut: Int) {
    let all = picture.nodes(behind: router)
    let nodes = picture.nodes.count > Self.mostDrawn ? Array(all.prefix(Self.fewDrawn)) : all
    return (nodes, all.count - nodes.count)
  }

  /// Draws from `y` down.
  func draw(on canvas: inout SVGCanvas, y: Int) {
    let width = self.width(behind: nil)
    canvas.box(x: 8, y: y, width: max(width, Self.boxWidth), height: 34, "internet")
    canvas.text("internet", x: 8 + max(width, Self.boxWidth) / 2, y: y + 22, "name", .middle)
    drawNodes(behind: nil, x: 8, y: y + 34, on: &canvas)
  }

  private func width(behind router: String?) -> Int {
    let (nodes, leftOut) = drawn(behind: router)
    let widths = nodes.map { max(Self.boxWidth, width(behind: $0.name)) } + (leftOut > 0 ? [Self.boxWidth] : [])
    return widths.reduce(0, +) + Self.gap * max(widths.count - 1, 0)
  }

  private func drawNodes(behind router: String?, x: Int, y: Int, on canvas: inout SVGCanvas) {
    var x = x
    let (nodes, leftOut) = drawn(behind: router)
    for node in nodes {
      let room = max(Self.boxWidth, width(behind: node.name))
      let middle = x + room / 2
      let lines = Picture.lines(of: node)
      let height = 30 + Self.line * lines.count
      canvas.line(middle, y, middle, y + Self.drop, "link")
      drawFlights(of: node, x: middle + 8, y: y + 28, on: &canvas)
      let top = y + Self.drop
      canvas.box(
        x: middle - Self.boxWidth / 2, y: top, width: Self.boxWidth, height: height,
        node.kind == .router ? "router" : "host")
      canvas.text(node.name, x: middle, y: top + 20, "name", .middle)
      for (index, text) in lines.enumerated() {
        canvas.text(Self.cut(text), x: middle, y: top + 20 + Self.line * (index + 1), "address", .middle)
      }
      drawNodes(behind: node.name, x: x, y: top + height, on: &canvas)
      x += room + Self.gap
    }
    if leftOut > 0 {
      canvas.text("… \(Count.of(leftOut, "more device")), not drawn", x: x, y: y + Self.drop + 20, "faint")
    }
  }

  private func drawFlights(of node: MapReport.Node, x: Int, y: Int, on canvas: inout SVGCanvas) {
    let here = picture.flights.filter {
      $0.to == node.name && ($0.from == node.behind || node.behind == nil) || $0.from == node.name
    }
    for (index, flight) in here.prefix(2).enumerated() {
      canvas.text("\(flight.from == node.name ? "↑" : "↓") #\(flight.packet)", x: x, y: y + index * 16 - 6, "flight")
    }
  }

  private static func cut(_ text: String) -> String { text.count > 27 ? text.prefix(26) + "…" : text }
}

/// The ladder: one lifeline per device, one arrow per hop, refusals in words.
struct LadderPicture {
  private static let left = 90
  private static let row = 46

  let ladder: Ladder

  func draw(on canvas: inout SVGCanvas, y: Int) {
    let widest = ladder.events.map {
      max(SVGCanvas.width(of: Picture.route($0)), SVGCanvas.width(of: Picture.label($0)))
    }
    let pitch = max(widest.max() ?? 0, ladder.columns.map(SVGCanvas.width).max() ?? 0, 160) + 24
    func x(_ column: Int) -> Int { Self.left + pitch / 2 + column * pitch }
    let bottom = y + 34 + Self.row * ladder.events.count
    for (index, name) in ladder.columns.enumerated() {
      canvas.line(x(index), y + 10, x(index), bottom, "life")
      canvas.text(name, x: x(index), y: y, "name", .middle)
    }
    for (index, event) in ladder.events.enumerated() {
      guard let to = ladder.columns.firstIndex(of: event.hop.node) else { continue }
      let row = y + 50 + Self.row * index
      canvas.text(SimulatedTime.text(event.hop.timeMicroseconds), x: 8, y: row + 4, "faint")
      let isRefused = event.hop.reason != nil
      if let from = event.from.flatMap({ ladder.columns.firstIndex(of: $0) }), from != to {
        let wire = isRefused ? "wire-refused" : "wire"
        canvas.arrow(x(from), x(to), y: row, wire)
        let middle = (x(from) + x(to)) / 2
        canvas.text(Picture.route(event), x: middle, y: row - 8, "address", .middle)
        canvas.text(Picture.label(event), x: middle, y: row + 16, "faint", .middle)
      } else if event.hop.verdict == .sent {
        canvas.text("● \(Picture.label(event)) in flight", x: x(to) + 8, y: row + 4, "flight")
      }
      if let reason = event.hop.reason { canvas.text("✗ \(reason.rawValue)", x: x(to) + 8, y: row + 4, "refused") }
    }
  }
}

/// The tables, one line per row.
struct TablePicture {
  private static let columns = [8, 60, 240, 420, 640]

  let tables: [TableReport]

  func draw(on canvas: inout SVGCanvas, y: Int) {
    var y = y
    for table in tables {
      canvas.text(table.router, x: 8, y: y, "name")
      y += 22
      let rows = table.mappings.suffix(Picture.mostRows)
      guard !rows.isEmpty else {
        canvas.text("no rows", x: 8, y: y, "faint")
        y += 34
        continue
      }
      for (x, title) in zip(Self.columns, Picture.tableColumns) { canvas.text(title, x: x, y: y, "head-cell") }
      for row in rows {
        y += 20
        for (x, cell) in zip(Self.columns, Picture.cells(of: row)) { canvas.text(cell, x: x, y: y, "cell") }
      }
      y += 34
    }
  }
}
