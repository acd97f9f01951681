// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The formats that show a network to people: SVG, HTML, Markdown, Mermaid.
struct PictureFiles {
  let picture: Picture
  private static var title: String { said("A network in natsh") }

  // MARK: SVG

  var svg: String {
    var canvas = SVGCanvas()
    canvas.text(Self.title, x: 8, y: 24, "title")
    MapPicture(picture).draw(on: &canvas, y: 44)
    if let ladder = picture.ladder {
      canvas.text(said("Ladder"), x: 8, y: canvas.height + 44, "title")
      LadderPicture(ladder: ladder).draw(on: &canvas, y: canvas.height + 34)
    }
    if !picture.tables.isEmpty {
      canvas.text(said("Tables"), x: 8, y: canvas.height + 44, "title")
      TablePicture(tables: picture.tables).draw(on: &canvas, y: canvas.height + 30)
    }
    return "<!-- \(NetworkExport.mark) \(Version.current). -->\n" + canvas.text(title: Self.title)
  }

  // MARK: HTML

  var html: String {
    var map = SVGCanvas()
    MapPicture(picture).draw(on: &map, y: 8)
    var parts = [
      "<h1>\(Self.title)</h1>", "<h2>\(said("Map"))</h2>", Self.figure(map, said("Map"), alternative: picture.mapText),
    ]
    if let ladder = picture.ladder {
      var drawing = SVGCanvas()
      LadderPicture(ladder: ladder).draw(on: &drawing, y: 20)
      parts += ["<h2>\(said("Ladder"))</h2>", Self.figure(drawing, said("Ladder"), alternative: picture.ladderText)]
    }
    if !picture.tables.isEmpty { parts.append("<h2>\(said("Tables"))</h2>") }
    for table in picture.tables { parts.append(Self.table(table)) }
    return HTMLDocument.text(
      title: Self.title, language: Phrasebook.chosen?.language ?? "en", body: parts.joined(separator: "\n"))
  }

  private static func figure(_ canvas: SVGCanvas, _ title: String, alternative: String) -> String {
    """
    <figure>\(canvas.text(title: title))</figure>
    <details><summary>\(said("\(title) as text"))</summary><pre>\(Markup.escapedLines(alternative))</pre></details>
    """
  }

  private static func table(_ table: TableReport) -> String {
    let name = "<h3>\(Markup.escaped(table.router))</h3>"
    guard !table.mappings.isEmpty else { return name + "\n<p>\(said("no rows"))</p>" }
    let head = Picture.tableColumns.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let rows = table.mappings.suffix(Picture.mostRows).map { row in
      "<tr>" + Picture.cells(of: row).map { "<td>\(Markup.escaped($0))</td>" }.joined() + "</tr>"
    }
    return name + "\n<table><thead><tr>\(head)</tr></thead><tbody>\n" + rows.joined(separator: "\n")
      + "\n</tbody></table>"
  }

  // MARK: Markdown

  var markdown: String {
    var lines = [
      "<!-- \(NetworkExport.mark) \(Version.current). -->", "", "# \(Self.title)", "", "## \(said("Map"))", "",
    ]
    lines += Self.block(picture.mapText)
    if picture.ladder != nil { lines += ["", "## \(said("Ladder"))", ""] + Self.block(picture.ladderText) }
    if !picture.tables.isEmpty { lines += ["", "## \(said("Tables"))"] }
    for table in picture.tables {
      lines += ["", "### \(Self.plain(table.router))", ""]
      let rows = table.mappings.suffix(Picture.mostRows)
      guard !rows.isEmpty else {
        lines.append(said("no rows"))
        continue
      }
      lines.append("| " + Picture.tableColumns.joined(separator: " | ") + " |")
      lines.append("|" + String(repeating: " --- |", count: Picture.tableColumns.count))
      for row in rows {
        lines.append("| " + Picture.cells(of: row).map(Self.plain).joined(separator: " | ") + " |")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A block whose fence is longer than any within it.
  private static func block(_ text: String) -> [String] {
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return [fence + "text"] + text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) + [fence]
  }

  private static func plain(_ text: String) -> String {
    var result = ""
    for character in PrintableText.of(text) {
      if "\\`*_{}[]<>#|&".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  // MARK: Mermaid

  /// A flowchart of the map with the rows in their routers, followed by the numbered movements on it.
  var mermaid: String {
    var lines = ["%% \(NetworkExport.mark) \(Version.current).", "flowchart TD", "  internet([internet])"]
    var names = ["internet": "internet"]
    for (index, node) in picture.nodes.prefix(Picture.mostRows).enumerated() {
      let id = "n\(index + 1)"
      names[node.name] = id
      var words = [node.name] + Picture.lines(of: node)
      if let table = picture.tables.first(where: { $0.router == node.name }) {
        words += table.mappings.suffix(12).map { "\($0.transport.name) \($0.internal) ⇄ \($0.external)" }
      }
      let text = words.map(Self.label).joined(separator: "<br/>")
      lines.append("  " + id + (node.kind == .router ? "[[\"\(text)\"]]" : "[\"\(text)\"]"))
    }
    for node in picture.nodes {
      guard let id = names[node.name], let parent = names[node.behind ?? "internet"] else { continue }
      lines.append("  \(parent) --- \(id)")
    }
    for (number, event) in (picture.ladder?.events ?? []).enumerated() {
      guard let from = event.from.flatMap({ names[$0] }), let to = names[event.hop.node] else { continue }
      let refusal = event.hop.reason.map { " ✗ \($0.rawValue)" } ?? ""
      let time = SimulatedTime.text(event.hop.timeMicroseconds)
      let words = "\(number + 1): \(time) \(Picture.label(event)) \(Picture.route(event))\(refusal)"
      lines.append("  \(from) \(refusal.isEmpty ? "-.->" : "--x")|\"\(Self.label(words))\"| \(to)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Words in a diagram, in which quotation marks and its special characters are written as numbers.
  private static func label(_ text: String) -> String {
    var result = ""
    for scalar in PrintableText.of(text).unicodeScalars {
      if "\"<>&#;|[]{}()`\\".unicodeScalars.contains(scalar) {
        result += "#\(scalar.value);"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
