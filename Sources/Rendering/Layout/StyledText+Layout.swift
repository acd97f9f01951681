// SPDX-License-Identifier: GPL-3.0-or-later

extension StyledText {
  package enum Alignment: Sendable {
    case left
    case right
  }

  /// The text with spaces up to `columns`; unchanged if it is wider.
  package func padded(to columns: Int, _ alignment: Alignment = .left) -> StyledText {
    let missing = columns - width
    guard missing > 0 else { return self }
    return alignment == .left ? self + .spaces(missing) : .spaces(missing) + self
  }

  /// The text cut to `columns`, with an ellipsis where it was cut.
  package func truncated(to columns: Int, ellipsis: String = "…") -> StyledText {
    guard width > columns else { return self }
    let room = columns - DisplayWidth.of(ellipsis)
    guard room >= 0 else { return prefix(columns) }
    var result = prefix(room)
    result.append(ellipsis, spans.last?.role ?? .plain)
    return result
  }

  /// As many whole characters as fit into `columns`.
  private func prefix(_ columns: Int) -> StyledText {
    var result = StyledText()
    var used = 0
    for span in spans {
      var kept = ""
      for character in span.text {
        let width = DisplayWidth.of(character)
        if used + width > columns {
          result.append(kept, span.role)
          return result
        }
        used += width
        kept.append(character)
      }
      result.append(kept, span.role)
    }
    return result
  }

  /// The text in lines of at most `columns`, broken at spaces; a word too long for a line is broken anywhere.
  ///
  /// - Parameter laterColumns: The columns of all lines but the first, if they differ.
  package func wrapped(to columns: Int, later laterColumns: Int? = nil) -> [StyledText] {
    if width <= columns { return [self] }
    var wrapping = Wrapping(first: columns, later: laterColumns ?? columns)
    for piece in pieces { wrapping.add(piece) }
    return wrapping.finished()
  }

  /// Words and the runs of spaces between them, with their roles.
  private var pieces: [(text: StyledText, isSpace: Bool)] {
    var pieces: [(text: StyledText, isSpace: Bool)] = []
    for span in spans {
      var rest = Substring(span.text)
      while let first = rest.first {
        let isSpace = first == " "
        let run = rest.prefix { ($0 == " ") == isSpace }
        rest = rest.dropFirst(run.count)
        if let last = pieces.indices.last, pieces[last].isSpace == isSpace {
          pieces[last].text.append(run, span.role)
        } else {
          pieces.append((StyledText(run, span.role), isSpace))
        }
      }
    }
    return pieces
  }

  /// A paragraph in the making.
  private struct Wrapping {
    var limit: Int
    let later: Int
    var lines: [StyledText] = []
    var line = StyledText()
    var used = 0
    var gap = StyledText()

    init(first: Int, later: Int) {
      limit = max(first, 1)
      self.later = max(later, 1)
    }

    mutating func add(_ piece: (text: StyledText, isSpace: Bool)) {
      if piece.isSpace {
        gap = piece.text
        return
      }
      let width = piece.text.width
      if used + gap.width + width <= limit {
        line += gap + piece.text
        used += gap.width + width
      } else {
        if used > 0 { breakLine() }
        if width <= limit {
          line = piece.text
          used = width
        } else {
          addInParts(piece.text)
        }
      }
      gap = StyledText()
    }

    private mutating func addInParts(_ word: StyledText) {
      for span in word.spans {
        for character in span.text {
          let width = DisplayWidth.of(character)
          if used + width > limit, used > 0 { breakLine() }
          line.append(String(character), span.role)
          used += width
        }
      }
    }

    private mutating func breakLine() {
      lines.append(line)
      line = StyledText()
      used = 0
      limit = later
    }

    func finished() -> [StyledText] { line.isEmpty ? lines : lines + [line] }
  }
}
