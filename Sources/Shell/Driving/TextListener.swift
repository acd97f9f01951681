// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Rendering
import Wording

/// Prints results and errors for people.
final class TextListener: SessionListener {
  private let output: OutputChannel
  private let errors: OutputChannel
  /// Keys that were typed at a page and begin a command; the prompt takes them.
  private var typedAhead = ""

  init(output: OutputChannel, errors: OutputChannel) {
    self.output = output
    self.errors = errors
  }

  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    let terminal = Terminal(descriptor: output.descriptor)
    if case .clear? = result.content as? OuterRequest, terminal.isCapable { output.write("\u{1B}[H\u{1B}[2J") }
    // The style is asked for again each time: the window may have been resized.
    let renderer = TextRenderer(style: terminal.style)
    guard origin.isTyped, result.content is any ReadingText else {
      let text = renderer.text(for: result)
      if !text.isEmpty { writeUnlessInterrupted(text) }
      return
    }
    // A pager may leave out the rest of the reading, but not what the command has changed.
    var reading = result
    reading.remarks = []
    let text = renderer.text(for: reading)
    if !text.isEmpty { typedAhead += Pager(output: output).show(text) }
    showRemarks(result.remarks)
  }

  /// Gives out the keys that were typed at a page.
  func takeTypedAhead() -> String {
    defer { typedAhead = "" }
    return typedAhead
  }

  /// Prints what may be long, until Ctrl-C. A file or a pipe gets all of it.
  private func writeUnlessInterrupted(_ text: String) {
    let terminal = Terminal(descriptor: output.descriptor)
    guard terminal.isTerminal else { return output.writeLine(text) }
    if output.writeLine(text, unless: { terminal_interrupt_pending() != 0 }) { return }
    // After Ctrl-C the terminal drops what it had not shown yet, perhaps an end of line or a change of colour.
    output.write(terminal.isCapable ? "\u{1B}[0m\n" : "\n")
    output.write(said("(printing stopped; what was done is done)\n"))
  }

  func tell(of failed: FailedLine, from origin: Console.Origin, in session: Session) {
    let style = Terminal(descriptor: errors.descriptor).style
    switch origin {
    case .script: errors.write(failed.failure.text(style: style, withPlace: true))
    case .typed(let indent):
      errors.write(TypedErrorText(style: style).text(for: failed.failure, in: failed.line, indent: indent))
      showRemarks(failed.remarks)
    }
  }

  private func showRemarks(_ remarks: [any ResultContent]) {
    let style = Terminal(descriptor: output.descriptor).style
    for remark in remarks {
      if let remark = remark as? any TextRenderable { output.writeLine(remark.text(style: style)) }
    }
  }
}
