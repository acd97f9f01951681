// SPDX-License-Identifier: GPL-3.0-or-later

/// Terms and their meanings, aligned and wrapped beside the terms, or below them if there is little room.
package struct DefinitionList {
  private var entries: [(term: StyledText, meaning: StyledText)] = []
  /// A term wider than this has its meaning below it.
  package var widestTerm = 24

  package init() {}

  package mutating func add(_ term: StyledText, _ meaning: StyledText) { entries.append((term, meaning)) }

  package func add(to page: inout Page, indent: Int = 2) {
    let widths = entries.map { page.shown($0.term).width }
    let column = widths.filter { $0 <= widestTerm }.max() ?? 0
    let isNarrow = page.style.width < indent + column + 2 + 24
    for (entry, width) in zip(entries, widths) {
      if isNarrow || width > column {
        page.add(entry.term, indent: indent, hanging: indent + 2)
        page.add(entry.meaning, indent: isNarrow ? indent + 2 : indent + column + 2)
      } else {
        page.add(
          entry.meaning, after: .spaces(indent) + page.shown(entry.term).padded(to: column + 2),
          later: .spaces(indent + column + 2))
      }
    }
  }
}
