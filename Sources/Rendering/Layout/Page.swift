// SPDX-License-Identifier: GPL-3.0-or-later

/// Lines of text laid out for one style, from the top down.
package struct Page {
  package let style: TextStyle
  private var lines: [String] = []

  package init(style: TextStyle) {
    self.style = style
  }

  /// The most devices, rows or packets that one list shows to people; it says how many it leaves out.
  package var mostListed: Int { 500 }

  package var isEmpty: Bool { lines.isEmpty }

  /// The page's lines, without a newline at the end.
  package var text: String { lines.joined(separator: "\n") }

  /// Adds a paragraph, wrapped.
  ///
  /// - Parameters:
  ///   - indent: The columns before it.
  ///   - hanging: The columns before all lines but the first, if they differ from `indent`.
  package mutating func add(_ text: StyledText, indent: Int = 0, hanging: Int? = nil) {
    add(text, after: .spaces(indent), later: .spaces(hanging ?? indent))
  }

  /// Adds a paragraph with `first` before its first line and `later` before every further one.
  package mutating func add(_ text: StyledText, after first: StyledText, later: StyledText) {
    let (text, first, later) = (shown(text), shown(first), shown(later))
    // Very narrow terminals get less indentation rather than a column of single letters.
    let room = max(style.width - first.width, min(style.width, 12))
    let laterRoom = max(style.width - later.width, min(style.width, 12))
    for (index, line) in text.wrapped(to: room, later: laterRoom).enumerated() {
      append((index == 0 ? first : later) + line)
    }
  }

  /// Adds a line as it is, however long: a drawing's line, or one that is known to fit.
  package mutating func addLine(_ line: StyledText) { append(shown(line)) }

  /// Adds a line already laid out by another page of the same style, after `first`.
  package mutating func addRendered(_ line: some StringProtocol, after first: StyledText) {
    append(shown(first), then: Substring(line))
  }

  package mutating func addHeading(_ text: String) { add(StyledText(text, .heading)) }

  /// Adds an empty line between two things: none at the top, and never two.
  package mutating func addGap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// Adds the lines of another page of the same style.
  package mutating func add(_ other: Page) { lines += other.lines }

  /// The text as this style can show it: in ASCII if necessary.
  package func shown(_ text: StyledText) -> StyledText {
    style.usesUnicode ? text : text.mapText(PrintableText.ascii)
  }

  private mutating func append(_ line: StyledText, then rendered: Substring = "") {
    var text = ""
    for span in (rendered.isEmpty ? Self.trimmed(line) : line).spans {
      let printed = span.text.replacing("\u{A0}", with: " ")
      if style.usesColor, let rendition = style.theme.graphicRendition(of: span.role),
        printed.contains(where: { $0 != " " })
      {
        text += "\u{1B}[\(rendition)m\(printed)\u{1B}[0m"
      } else {
        text += printed
      }
    }
    lines.append(text + rendered)
  }

  /// The line without the spaces at its end.
  private static func trimmed(_ line: StyledText) -> StyledText {
    guard line.spans.last?.text.last == " " else { return line }
    var spans = line.spans
    while let last = spans.popLast() {
      let kept = last.text.reversed().drop { $0 == " " }.reversed()
      if !kept.isEmpty {
        var result = StyledText()
        for span in spans { result.append(span.text, span.role) }
        result.append(String(kept), last.role)
        return result
      }
    }
    return StyledText()
  }
}
