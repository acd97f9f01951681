// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// A lesson's prose as HTML. Everything in it that an author wrote is text; these are the only tags.
enum ProseMarkup {
  static func html(_ blocks: [Prose]) -> String { blocks.map(html).joined(separator: "\n") }

  static func html(_ block: Prose) -> String {
    switch block {
    case .heading(let level, let text):
      // The page's own title is the first level and a step's the second.
      let tag = "h\(min(max(level, 3), 6))"
      return "<\(tag)>\(inline(text))</\(tag)>"
    case .paragraph(let text): return "<p>\(inline(text))</p>"
    case .list(let start, let items):
      let rows = items.map { "<li>\(item($0))</li>" }.joined(separator: "\n")
      guard let start else { return "<ul>\n\(rows)\n</ul>" }
      return "<ol\(start == 1 ? "" : " start=\"\(start)\"")>\n\(rows)\n</ol>"
    case .quotation(let inner): return "<blockquote>\n\(html(inner))\n</blockquote>"
    case .code(let lines): return code(lines)
    case .commands(let lines): return code(lines, kind: " class=\"commands\"")
    case .table(let columns, let rows): return table(columns, rows)
    case .rule: return "<hr>"
    }
  }

  /// An item with a single paragraph is written without a paragraph tag.
  private static func item(_ blocks: [Prose]) -> String {
    if blocks.count == 1, case .paragraph(let text) = blocks[0] { return inline(text) }
    return html(blocks)
  }

  static func code(_ lines: [String], kind: String = "") -> String {
    "<pre\(kind)><code>\(lines.map { Markup.escaped($0) }.joined(separator: "\n"))</code></pre>"
  }

  private static func table(_ columns: [Prose.Alignment], _ rows: [[[Prose.Inline]]]) -> String {
    func row(_ cells: [[Prose.Inline]], _ tag: String) -> String {
      let written = zip(cells, columns).map { cell, alignment in
        let style = alignment == .left ? "" : " style=\"text-align:\(alignment == .right ? "right" : "center")\""
        return "<\(tag)\(style)>\(inline(cell))</\(tag)>"
      }
      return "<tr>\(written.joined())</tr>"
    }
    let head = rows.first.map { "<thead>\(row($0, "th"))</thead>" } ?? ""
    let body = rows.dropFirst().map { row($0, "td") }.joined(separator: "\n")
    return "<table>\(head)<tbody>\n\(body)\n</tbody></table>"
  }

  static func inline(_ text: [Prose.Inline]) -> String {
    text.map { piece in
      switch piece {
      case .text(let text): Markup.escaped(text.replacing("\n", with: " "))
      case .emphasis(let inner): "<em>\(inline(inner))</em>"
      case .strong(let inner): "<strong>\(inline(inner))</strong>"
      case .code(let text): "<code>\(Markup.escaped(text))</code>"
      case .link(let inner, let destination): link(inner, to: destination)
      case .lineBreak: "<br>"
      }
    }.joined()
  }

  /// Links lead only to web pages: neither `javascript:` nor files.
  private static func link(_ inner: [Prose.Inline], to destination: String) -> String {
    let folded = destination.lowercased()
    guard folded.hasPrefix("https://") || folded.hasPrefix("http://") else { return inline(inner) }
    return "<a href=\"\(Markup.escaped(destination))\">\(inline(inner))</a>"
  }
}
