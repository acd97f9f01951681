// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Lessons
import Rendering

/// The one place where a session meets the outside: it executes lines, prints what comes of them and carries out what
/// commands ask of the outer layer. The interactive shell and scripts both drive it.
public final class Console {
  /// How results are printed.
  public enum Format: Sendable {
    case text
    /// One JSON object a line, one line a command.
    case json
  }

  /// What became of a line.
  public enum Outcome: Sendable {
    case done
    case failed
    /// Ctrl-C; what stood after it on the line was not run.
    case interrupted
    case quit
  }

  /// Where a line comes from, which decides how its errors look.
  public enum Origin: Sendable {
    case script(ScriptSource, line: Int)
    /// Typed at the terminal: `indent` is the width of the prompt before it, nil if the line does not stand on the
    /// terminal as it was run.
    case typed(indent: Int?)

    var isTyped: Bool { if case .typed = self { true } else { false } }
  }

  public private(set) var session: Session
  public let format: Format
  let output: OutputChannel
  let errors: OutputChannel
  private let runner: StatementRunner
  private let progressLine: ProgressLine?
  /// Keys that were typed at a page and begin a command; the prompt takes them.
  private var typedAhead = ""

  /// - Parameter progress: what shows how far a long run is, and stops it at Ctrl-C; nil for none.
  public init(
    session: Session, format: Format, output: OutputChannel = OutputChannel(descriptor: 1),
    errors: OutputChannel = OutputChannel(descriptor: 2), progress: ProgressLine? = ProgressLine()
  ) {
    self.session = session
    self.format = format
    self.output = output
    self.errors = errors
    progressLine = progress
    runner = StatementRunner(progressLine: progress)
    self.session.monitor = progress
  }

  /// Runs a line's statements in order, printing each one's result before the next begins; stops at the first that
  /// fails, unless told to go on.
  public func run(_ line: String, from origin: Origin, stopsAtError: Bool = true) -> Outcome {
    let source: ScriptSource
    let number: Int
    switch origin {
    case .script(let script, let lineNumber): (source, number) = (script, lineNumber)
    case .typed: (source, number) = (.terminal, 1)
    }
    let statements: [Statement]
    do throws(Failure) {
      statements = try StatementRunner.statements(in: line, source: source, line: number)
    } catch {
      report(error, in: line, command: line, from: origin)
      return .failed
    }
    var failed = false
    var wasInterrupted = false
    for (index, statement) in statements.enumerated() {
      if index > 0, wasInterrupted || terminal_interrupt_pending() != 0 { return .interrupted }
      session.moreFollows = index + 1 < statements.count
      defer { session.moreFollows = false }
      do throws(Failure) {
        progressLine?.begin()
        defer { progressLine?.end() }
        let result = try runner.execute(statement, in: &session, source: source, line: number)
        progressLine?.end()
        if terminal_interrupt_pending() != 0 {
          // What a stopped run has to tell is printed, until Ctrl-C is typed once more.
          wasInterrupted = true
          terminal_interrupt_clear()
        }
        show(result, isTyped: origin.isTyped)
        if case .quit? = result.content as? OuterRequest { return .quit }
      } catch {
        report(error, in: line, command: statement.text, from: origin)
        if origin.isTyped { showRemarksOnFailure() }
        if stopsAtError { return .failed }
        failed = true
      }
    }
    return wasInterrupted || terminal_interrupt_pending() != 0 ? .interrupted : failed ? .failed : .done
  }

  private func show(_ result: CommandResult, isTyped: Bool) {
    switch format {
    case .json: output.writeLine(JSONRenderer().line(for: result))
    case .text:
      if case .clear? = result.content as? OuterRequest, Terminal(descriptor: output.descriptor).isCapable {
        output.write("\u{1B}[H\u{1B}[2J")
      }
      // The style is asked for anew each time: the window may have been resized.
      let renderer = TextRenderer(style: Terminal(descriptor: output.descriptor).style)
      guard isTyped, result.content is any ReadingText else {
        let text = renderer.text(for: result)
        if !text.isEmpty { writeUnlessInterrupted(text) }
        return
      }
      // What the command has brought about is not for leaving out.
      var reading = result
      reading.remarks = []
      let text = renderer.text(for: reading)
      if !text.isEmpty { typedAhead += Pager(output: output).show(text) }
      for remark in result.remarks {
        if let remark = remark as? any TextRenderable { output.writeLine(remark.text(style: renderer.style)) }
      }
    }
  }

  /// Gives out the keys that were typed at a page.
  func takeTypedAhead() -> String {
    defer { typedAhead = "" }
    return typedAhead
  }

  /// Prints what may be long, until Ctrl-C. Into a file or a pipe it goes whole.
  private func writeUnlessInterrupted(_ text: String) {
    let terminal = Terminal(descriptor: output.descriptor)
    guard terminal.isTerminal else { return output.writeLine(text) }
    if output.writeLine(text, unless: { terminal_interrupt_pending() != 0 }) { return }
    // The terminal forgets what it had not shown yet when Ctrl-C is typed, the end of a line or a colour among it.
    output.write(terminal.isCapable ? "\u{1B}[0m\n" : "\n")
    output.write("(printing stopped; what was done is done)\n")
  }

  /// What the companion says to a line that failed.
  private func showRemarksOnFailure() {
    guard format == .text else { return }
    let style = Terminal(descriptor: output.descriptor).style
    for remark in session.remarksOnFailure {
      if let remark = remark as? any TextRenderable { output.writeLine(remark.text(style: style)) }
    }
  }

  /// Prints an error where its origin wants it. With JSON the object on standard output tells all; a script's log on
  /// standard error gets its line nevertheless.
  func report(_ failure: Failure, in line: String, command: String, from origin: Origin) {
    if format == .json {
      var report = failure.report
      if !failure.loadedFrom.isEmpty { report.message = "\(failure.place): \(report.message)" }
      output.writeLine(JSONRenderer().line(command: command, error: report))
    }
    switch origin {
    case .script: errors.write(failure.text(style: Terminal(descriptor: errors.descriptor).style, withPlace: true))
    case .typed(let indent):
      guard format == .text else { return }
      let style = Terminal(descriptor: errors.descriptor).style
      errors.write(TypedErrorText(style: style).text(for: failure, in: line, indent: indent))
    }
  }
}
