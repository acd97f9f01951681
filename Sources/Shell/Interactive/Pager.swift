// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Shows a text that is longer than the terminal a page at a time, so that nothing scrolls past unread.
struct Pager {
  let output: OutputChannel

  /// How long after `q` another letter belongs to the same word, in milliseconds.
  private static let sameWord: Int32 = 250

  /// Writes the text; waits for a key before each page but the first. `q` stops, and so does a key that begins a
  /// command.
  ///
  /// - Returns: the keys that begin a command.
  func show(_ text: String) -> String {
    let terminal = Terminal(descriptor: output.descriptor)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // One line for the question below, one for the line above; the window may change its size meanwhile.
    var room: Int { max(terminal.height - 2, 4) }
    guard Terminal.input.isTerminal, terminal.isCapable, lines.count > room + 1 else {
      output.writeLine(text)
      return ""
    }
    var shown = 0
    while shown < lines.count {
      let page = lines[shown...].prefix(room)
      output.writeLine(page.joined(separator: "\n"))
      shown += page.count
      guard shown < lines.count else { return "" }
      let (more, keys) = (
        said("more: \(lines.count - shown) lines"), said("Space or Enter shows more; q leaves it out")
      )
      output.write("\u{1B}[7m \(more) \u{1B}[0m \(keys)")
      let key = KeyReader.next()
      output.write("\r\u{1B}[K")
      switch key {
      case .end, .interrupt: return ""
      case .character(" "), .enter, .timeout, .other, .backspace, .up, .down, .left, .right, .pageUp, .pageDown, .home,
        .lastPage:
        continue
      case .character("q"): return afterQ()
      case .character(let letter): return String(letter)
      }
    }
    return ""
  }

  /// `q` alone only leaves; with other letters right behind it, it begins `quit`. An Enter behind it is not meant for
  /// the prompt.
  private func afterQ() -> String {
    if case .character(let letter) = KeyReader.next(milliseconds: Self.sameWord), letter != " " { return "q\(letter)" }
    return ""
  }
}
