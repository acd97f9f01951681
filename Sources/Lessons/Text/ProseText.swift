// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// Markdown's blocks on a terminal.
struct ProseText {
  let style: TextStyle

  /// Lines longer than this are hard to read, however wide the terminal is.
  static let widest = 88

  /// The style for reading: no wider than is comfortable.
  static func reading(_ style: TextStyle) -> TextStyle { style.with(width: min(style.width, widest)) }

  func add(_ blocks: [Prose], to page: inout Page, indent: Int = 0) {
    for (index, block) in blocks.enumerated() {
      if index > 0 || !page.isEmpty { page.addGap() }
      add(block, to: &page, indent: indent)
    }
  }

  private func add(_ block: Prose, to page: inout Page, indent: Int) {
    switch block {
    case .heading(_, let text): page.add(StyledText(text.plainText, .heading), indent: indent)
    case .paragraph(let text): addParagraph(text, to: &page, after: .spaces(indent), later: .spaces(indent))
    case .list(let start, let items): addList(start, items, to: &page, indent: indent)
    case .quotation(let blocks):
      var inner = Page(style: style.with(width: style.width - indent - 2))
      add(blocks, to: &inner)
      let bar = StyledText(style.usesUnicode ? "│ " : "| ", .faint)
      for line in inner.text.split(separator: "\n", omittingEmptySubsequences: false) {
        page.addRendered(line, after: .spaces(indent) + bar)
      }
    case .code(let lines): for line in lines { page.addLine(.spaces(indent + 4) + Self.visible(line)) }
    case .commands(let lines):
      for line in lines {
        page.addLine(.spaces(indent + 4) + StyledText("natsh> ", .faint) + Self.visible(line, .command))
      }
    case .table(let columns, let rows): addTable(columns, rows, to: &page, indent: indent)
    case .rule:
      let width = max(style.width - indent, 1)
      page.addLine(.spaces(indent) + StyledText(String(repeating: style.usesUnicode ? "─" : "-", count: width), .faint))
    }
  }

  private func addParagraph(
    _ text: [Prose.Inline], to page: inout Page, after first: StyledText, later: StyledText
  ) {
    for (index, part) in text.split(separator: .lineBreak).enumerated() {
      page.add(styled(Array(part)), after: index == 0 ? first : later, later: later)
    }
  }

  private func addList(_ start: Int?, _ items: [[Prose]], to page: inout Page, indent: Int) {
    let last = String((start ?? 0) + items.count - 1)
    let width = start == nil ? 2 : last.count + 2
    for (index, item) in items.enumerated() {
      let mark = start.map { "\($0 + index). " } ?? (style.usesUnicode ? "• " : "* ")
      let lead = StyledText.spaces(indent) + StyledText(mark).padded(to: width)
      var rest = item[...]
      if case .paragraph(let text)? = rest.first {
        addParagraph(text, to: &page, after: lead, later: .spaces(indent + width))
        rest = rest.dropFirst()
      } else {
        page.addLine(lead)
      }
      for block in rest {
        if case .list = block {} else { page.addGap() }
        add(block, to: &page, indent: indent + width)
      }
    }
  }

  private func addTable(
    _ columns: [Prose.Alignment], _ rows: [[[Prose.Inline]]], to page: inout Page, indent: Int
  ) {
    guard let header = rows.first else { return }
    var table = TextTable(
      zip(columns, header).map { TextTable.Column($1.plainText, $0 == .right ? .right : .left) })
    for row in rows.dropFirst() { table.addRow(row.map { styled($0) }) }
    table.add(to: &page, indent: indent + 2)
  }

  /// A code line with its tabs as spaces; other control characters are spelled out.
  static func visible(_ line: String, _ role: TextRole = .plain) -> StyledText {
    StyledText(line.replacing("\t", with: "    "), role)
  }

  /// A paragraph's words with their emphasis, which is never shown by colour alone.
  func styled(_ text: [Prose.Inline], _ role: TextRole = .plain) -> StyledText {
    var result = StyledText()
    let isBare = style.usesColor || !style.usesMarks
    for inline in text {
      switch inline {
      case .text(let words):
        result.append(words.replacing("\n", with: " ").replacing("\t", with: " "), role)
      case .lineBreak: result.append(" ", role)
      case .code(let words):
        let words = words.replacing("\n", with: " ")
        result.append(isBare ? words : "`\(words)`", .command)
      case .emphasis(let inner):
        result += isBare ? styled(inner, .emphasis) : StyledText("*") + styled(inner, role) + StyledText("*")
      case .strong(let inner):
        result += isBare ? styled(inner, .heading) : StyledText("*") + styled(inner, role) + StyledText("*")
      case .link(let inner, let destination):
        result += styled(inner, role)
        if inner.plainText != destination { result += StyledText(" <\(destination)>", .faint) }
      }
    }
    return result
  }
}
