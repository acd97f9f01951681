// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Shows a text that is longer than the terminal a page at a time, so that nothing scrolls past unread.
struct Pager {
  let output: OutputChannel

  /// Writes the text; waits for a key before each page but the first. `q` shows no more of it.
  func show(_ text: String) {
    let terminal = Terminal(descriptor: output.descriptor)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // A line for the question below, one for what stands above; the window may be made another size meanwhile.
    var room: Int { max(terminal.height - 2, 4) }
    guard Terminal.input.isTerminal, terminal.isCapable, lines.count > room + 1 else {
      output.writeLine(text)
      return
    }
    var shown = 0
    while shown < lines.count {
      let page = lines[shown...].prefix(room)
      output.writeLine(page.joined(separator: "\n"))
      shown += page.count
      guard shown < lines.count else { return }
      output.write("\u{1B}[7m more: \(lines.count - shown) lines \u{1B}[0m Space or Enter; q leaves out the rest")
      let key = KeyReader.next()
      output.write("\r\u{1B}[K")
      switch key {
      case .character("q"), .character("Q"), .end, .interrupt: return
      default: continue
      }
    }
  }
}
