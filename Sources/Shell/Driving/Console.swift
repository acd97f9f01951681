// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Lessons
import Rendering
import Wording

/// The one place where a session meets the outside: it executes lines, carries out what commands ask of the outer
/// layer, and hands each result to those who listen, among whom is the one that prints. The interactive shell and
/// scripts both drive it.
public final class Console {
  /// How results are printed.
  public enum Format: Sendable {
    case text
    /// One JSON object a line, one line a command.
    case json
  }

  /// How a line ended.
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
  private var listeners: [any SessionListener]
  private let runner: StatementRunner
  private let progressLine: ProgressLine?

  /// - Parameter progress: shows how far a long run is, and stops it at Ctrl-C; nil for none.
  public init(
    session: Session, format: Format, output: OutputChannel = OutputChannel(descriptor: 1),
    errors: OutputChannel = OutputChannel(descriptor: 2), progress: ProgressLine? = ProgressLine()
  ) {
    self.session = session
    self.format = format
    self.output = output
    self.errors = errors
    listeners =
      switch format {
      case .text: [TextListener(output: output, errors: errors)]
      case .json: [JSONListener(output: output, errors: errors)]
      }
    progressLine = progress
    runner = StatementRunner(progressLine: progress)
    self.session.monitor = progress
  }

  /// Whether the processor time that runs may take has been used up.
  var hasSpentBudget: Bool { progressLine?.hasSpentBudget ?? false }

  /// Gives out the keys that were typed at a page and begin a command; the prompt takes them.
  func takeTypedAhead() -> String { listeners.compactMap { ($0 as? TextListener)?.takeTypedAhead() }.joined() }

  /// Tells `listener` of everything from now on.
  public func add(_ listener: any SessionListener) { listeners.append(listener) }

  /// The first listener of that kind; nil if there is none.
  public func listener<Listener: SessionListener>(of kind: Listener.Type) -> Listener? {
    listeners.lazy.compactMap { $0 as? Listener }.first
  }

  /// Carries out a command on behalf of another one that is being fulfilled; nobody is told of it by itself.
  ///
  /// - Throws: what was wrong; then nothing has changed.
  package func carryOut(_ line: String) throws(RequestFault) -> CommandResult {
    do throws(Failure) {
      guard let statement = try StatementRunner.statements(in: line, source: .terminal, line: 1).first else {
        throw Failure(kind: "empty", message: said("there is no command"), sourceName: "", line: 1)
      }
      return try runner.execute(statement, in: &session, source: .terminal, line: 1)
    } catch {
      throw RequestFault(kind: error.report.kind, message: error.report.message, suggestion: error.report.suggestion)
    }
  }

  /// Lets whatever goes on beside the commands, such as packets of real programs, change the session between two of them.
  package func change<Result>(_ body: (inout Session) -> Result) -> Result { body(&session) }

  /// Stops telling `listener` of anything.
  public func remove(_ listener: any SessionListener) { listeners.removeAll { $0 === listener } }

  /// Lets a capture follow the session from now on.
  func begin(_ capture: CaptureFollower) {
    add(capture)
    session.tap = capture
  }

  /// Lets the capture that another console's session has begun go on as this one's.
  public func takeCapture(of other: Console) {
    guard let capture = other.listener(of: CaptureFollower.self) else { return }
    other.remove(capture)
    begin(capture)
  }

  /// Ends the capture, if there is one; its file is complete.
  public func endCapture() {
    guard let capture = listener(of: CaptureFollower.self) else { return }
    capture.close()
    remove(capture)
    session.tap = nil
  }

  /// Runs a line's statements in order, telling of each one's result before the next begins; stops at the first that
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
        var result = try runner.execute(statement, in: &session, source: source, line: number)
        try fulfil(&result, of: statement, source: source, line: number)
        progressLine?.end()
        if terminal_interrupt_pending() != 0 {
          // The report of a stopped run is still printed, until Ctrl-C is typed once more.
          wasInterrupted = true
          terminal_interrupt_clear()
        }
        for listener in listeners { listener.tell(of: result, from: origin, in: session) }
        if case .quit? = result.content as? OuterRequest { return .quit }
      } catch {
        let remarks = session.remarksOnFailure
        tell(FailedLine(failure: error, line: line, command: statement.text, remarks: remarks), from: origin)
        if stopsAtError { return .failed }
        failed = true
      }
    }
    return wasInterrupted || terminal_interrupt_pending() != 0 ? .interrupted : failed ? .failed : .done
  }

  /// Carries out a result's request to the program.
  private func fulfil(
    _ result: inout CommandResult, of statement: Statement, source: ScriptSource, line: Int
  ) throws(Failure) {
    guard let request = result.content as? any ConsoleRequest else { return }
    do throws(RequestFault) {
      result.content = try request.fulfil(in: self)
    } catch {
      throw Failure(
        report: ErrorReport(kind: error.kind, message: error.message, suggestion: error.suggestion),
        sourceName: source.name, line: line, column: statement.column, length: statement.text.count)
    }
  }

  /// Tells everybody that a line failed.
  func report(_ failure: Failure, in line: String, command: String, from origin: Origin) {
    tell(FailedLine(failure: failure, line: line, command: command), from: origin)
  }

  private func tell(_ failed: FailedLine, from origin: Origin) {
    for listener in listeners { listener.tell(of: failed, from: origin, in: session) }
  }
}
