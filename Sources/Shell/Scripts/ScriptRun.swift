// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Runs commands that are not typed at a prompt: a file, standard input, or `-c`.
public struct ScriptRun {
  let console: Console
  /// Whether an error ends the script.
  let stopsAtError: Bool

  public init(console: Console, stopsAtError: Bool) {
    self.console = console
    self.stopsAtError = stopsAtError
  }

  /// Runs a file; a missing or unreadable one is a wrong call.
  public func run(file path: String) -> ExitStatus {
    let script: OpenScript
    do throws(OpenScript.Failure) {
      script = try OpenScript(path, from: ScriptSource(name: ""), mayBePipe: true)
    } catch {
      console.errors.writeMessage(said("natsh: error: \(FileFailure(loading: path, error).message)"))
      return .wrongCall
    }
    return run(descriptor: script.descriptor, source: script.source)
  }

  /// Runs the lines of standard input as they come.
  ///
  /// - Parameter waiting: called before each wait for more of it.
  public func runStandardInput(waiting: (() -> Void)? = nil) -> ExitStatus {
    run(descriptor: 0, source: .standardInput, waiting: waiting)
  }

  /// Runs the text given with `-c`.
  public func run(text: String) -> ExitStatus {
    var status = ExitStatus.success
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      guard perform(String(line), .script(.commandLine, line: index + 1), &status) else { break }
    }
    return status
  }

  private func run(descriptor: Int32, source: ScriptSource, waiting: (() -> Void)? = nil) -> ExitStatus {
    var reader = LineReader(descriptor: descriptor, waiting: waiting)
    var status = ExitStatus.success
    while true {
      do throws(LineReader.Failure) {
        guard let line = try reader.next() else { return status }
        guard perform(line, .script(source, line: reader.lineNumber), &status) else { return status }
      } catch {
        status = .commandFailed
        console.report(
          Failure(error, sourceName: source.name, line: reader.lineNumber), in: "", command: "",
          from: .script(source, line: reader.lineNumber))
        // An invalid line can be skipped; after a failure to read, nothing can.
        guard !stopsAtError, case .invalidText = error else { return status }
      }
    }
  }

  /// Runs a line; returns false when the script is over.
  private func perform(_ line: String, _ origin: Console.Origin, _ status: inout ExitStatus) -> Bool {
    let outcome = console.run(line, from: origin, stopsAtError: stopsAtError)
    if console.hasSpentBudget, case .script(let source, let number) = origin {
      status = .commandFailed
      let message = said("the script has used up its processor time; `natsh --budget SECONDS` gives it more")
      console.report(
        Failure(kind: "budget-spent", message: message, sourceName: source.name, line: number), in: line, command: "",
        from: origin)
      return false
    }
    switch outcome {
    case .done: return true
    case .quit: return false
    case .failed, .interrupted:
      status = .commandFailed
      return !stopsAtError
    }
  }
}
