// SPDX-License-Identifier: GPL-3.0-or-later

/// A block of text for the learner, as Markdown defines it.
package indirect enum Prose: Hashable, Sendable {
  case heading(level: Int, [Inline])
  case paragraph([Inline])
  /// A list's items; `start` is the first one's number, nil for bullets.
  case list(start: Int?, items: [[Prose]])
  case quotation([Prose])
  /// A block that is shown unchanged.
  case code([String])
  /// Commands for the learner to type.
  case commands([String])
  /// The first row is the header.
  case table(columns: [Alignment], rows: [[[Inline]]])
  case rule

  /// How a table's column is set.
  package enum Alignment: Hashable, Sendable {
    case left
    case right
    case center
  }

  /// A piece of a paragraph.
  package enum Inline: Hashable, Sendable {
    case text(String)
    case emphasis([Inline])
    case strong([Inline])
    case code(String)
    case link([Inline], destination: String)
    case lineBreak
  }
}

extension [Prose.Inline] {
  /// The words without their emphasis.
  package var plainText: String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text): text.replacing("\n", with: " ")
      case .emphasis(let inner), .strong(let inner), .link(let inner, _): inner.plainText
      case .lineBreak: " "
      }
    }.joined()
  }
}

extension Prose {
  /// The words of a text in Markdown, without its marks.
  package static func words(of text: String) -> String {
    read(text).map(\.plainText).joined(separator: " ")
  }

  /// Its words alone.
  var plainText: String {
    switch self {
    case .heading(_, let text), .paragraph(let text): text.plainText
    case .list(_, let items): items.map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: "; ")
    case .quotation(let blocks): blocks.map(\.plainText).joined(separator: " ")
    case .code(let lines), .commands(let lines): lines.joined(separator: "; ")
    case .table(_, let rows): rows.map { $0.map(\.plainText).joined(separator: " | ") }.joined(separator: "; ")
    case .rule: ""
    }
  }
}
