// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// An error as someone at a terminal sees it: the faulty part is underlined in the line just typed.
struct TypedErrorText {
  var style: TextStyle

  private var ellipsis: String { style.usesUnicode ? "…" : "..." }

  /// - Parameter indent: the prompt's width, if the line is right above; nil if it must be shown again.
  func text(for failure: Failure, in line: String, indent: Int?) -> String {
    // In a loaded file, only the place can be shown.
    guard failure.loadedFrom.isEmpty, let column = failure.column else {
      return failure.text(style: style, withPlace: !failure.loadedFrom.isEmpty, wrapped: true)
    }
    return pointer(to: column, length: failure.length, in: line, indent: indent)
      + failure.text(style: style, withPlace: false, wrapped: true)
  }

  private func pointer(to column: Int, length: Int, in line: String, indent: Int?) -> String {
    let characters = Array(line)
    let start = min(max(0, column - 1), characters.count)
    let end = min(characters.count, start + max(1, length))
    let isPlain = !line.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    if let indent, isPlain, indent + DisplayWidth.of(line) < style.width {
      return String(repeating: " ", count: indent + DisplayWidth.of(String(characters[..<start])))
        + underline(DisplayWidth.of(String(characters[start..<end]))) + "\n"
    }
    // The line wrapped, or is one of several: show the part at fault again.
    let margin = 2
    let room = max(10, style.width - 2 * margin - 2)
    let from = max(0, min(start - room / 3, characters.count - room))
    var shown = characters[from...].prefix(room).map { Self.isControl($0) ? "?" : $0 }
    var cells = shown.reduce(0) { $0 + DisplayWidth.of($1) }
    while cells > room, let last = shown.popLast() { cells -= DisplayWidth.of(last) }
    let before = String(repeating: " ", count: margin) + (from > 0 ? ellipsis : "")
    let after = from + shown.count < characters.count ? ellipsis : ""
    let gap = DisplayWidth.of(before) + DisplayWidth.of(String(shown.prefix(start - from)))
    let marked = DisplayWidth.of(String(shown.dropFirst(start - from).prefix(end - start)))
    return before + String(shown) + after + "\n" + String(repeating: " ", count: gap) + underline(marked) + "\n"
  }

  private func underline(_ cells: Int) -> String {
    let marks = "^" + String(repeating: "~", count: max(0, cells - 1))
    return style.usesColor ? "\u{1B}[1;32m\(marks)\u{1B}[m" : marks
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value < 32 || (0x7F...0x9F).contains($0.value) }
  }
}
