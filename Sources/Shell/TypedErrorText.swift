// SPDX-License-Identifier: GPL-3.0-or-later

/// An error as someone at a terminal sees it: what is at fault underlined in the line just typed.
struct TypedErrorText {
  /// Columns of the terminal.
  var width: Int
  var color: Bool

  /// - Parameter indent: the prompt's width, where the line stands right above; nil where it must be shown again.
  func text(for failure: Failure, in line: String, indent: Int?) -> String {
    let message = "\(styled("error:", "1;31")) \(failure.report.message)\n" + failure.hints
    if !failure.loadedFrom.isEmpty {
      return "\(failure.place): \(message)"
    }
    guard let column = failure.column else { return message }
    return pointer(to: column, length: failure.length, in: line, indent: indent) + message
  }

  private func pointer(to column: Int, length: Int, in line: String, indent: Int?) -> String {
    let characters = Array(line)
    let start = min(max(0, column - 1), characters.count)
    let end = min(characters.count, start + max(1, length))
    let isPlain = !line.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    if let indent, isPlain, indent + CellWidth.of(line) < width {
      return String(repeating: " ", count: indent + CellWidth.of(characters[..<start]))
        + underline(CellWidth.of(characters[start..<end])) + "\n"
    }
    // The line wrapped, or is one of several: show the part at fault again.
    let margin = 2
    let room = max(10, width - 2 * margin - 2)
    let from = max(0, min(start - room / 3, characters.count - room))
    var shown = characters[from...].prefix(room).map { CellWidth.isControl($0) ? "?" : $0 }
    while CellWidth.of(shown) > room { shown.removeLast() }
    let before = String(repeating: " ", count: margin) + (from > 0 ? "…" : "")
    let after = from + shown.count < characters.count ? "…" : ""
    let gap = CellWidth.of(before) + CellWidth.of(shown.prefix(start - from))
    let marked = CellWidth.of(shown.dropFirst(start - from).prefix(end - start))
    return before + String(shown) + after + "\n" + String(repeating: " ", count: gap) + underline(marked) + "\n"
  }

  private func underline(_ cells: Int) -> String {
    styled("^" + String(repeating: "~", count: max(0, cells - 1)), "1;32")
  }

  private func styled(_ text: String, _ codes: String) -> String {
    color ? "\u{1B}[\(codes)m\(text)\u{1B}[m" : text
  }
}

/// Columns that text takes on a terminal.
enum CellWidth {
  static func of(_ text: some Sequence<Character>) -> Int { text.reduce(0) { $0 + of($1) } }

  static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first, scalar.value >= 0x1100 else { return 1 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value < 32 || (0x7F...0x9F).contains($0.value) }
  }
}
