// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Rendering
import Wording

/// Executes statements and carries out what they ask of the outer layer. It holds no session: the caller lends one.
package struct StatementRunner {
  let progressLine: ProgressLine?

  /// Executes one statement; a `load` runs its file before this returns, all of it or none.
  func execute(
    _ statement: Statement, in session: inout Session, source: ScriptSource, line: Int
  ) throws(Failure) -> CommandResult {
    var result: CommandResult
    do throws(SessionError) {
      result = try session.execute(statement)
    } catch {
      throw Failure(error, in: statement, sourceName: source.name, line: line)
    }
    switch result.content as? OuterRequest {
    case .save(let path, let text), .write(let path, let text):
      if WholeFile.holdsSomething(OpenScript.expandingHome(path)) { result.notices.append(.replaced(path: path)) }
      do throws(WholeFile.Failure) {
        try WholeFile.write(text, to: OpenScript.expandingHome(path))
      } catch {
        throw Failure(FileFailure(saving: path, error), in: statement, sourceName: source.name, line: line)
      }
    case .load(let path):
      let script: OpenScript
      do throws(OpenScript.Failure) {
        script = try OpenScript(path, from: source)
      } catch {
        throw Failure(FileFailure(loading: path, error), in: statement, sourceName: source.name, line: line)
      }
      do throws(Failure) {
        try load(script, into: &session, isNested: source.isLoaded)
        if !session.moreFollows { result.remarks += session.takeHeldRemarks() }
      } catch {
        var failure = error
        failure.loadedFrom.append("\(source.name):\(line):\(statement.column)")
        throw failure
      }
    case .export(let export):
      if !export.isFolder, WholeFile.holdsSomething(OpenScript.expandingHome(export.path)) {
        result.notices.append(.replaced(path: export.path))
      }
      do throws(FileFailure) {
        try write(export)
      } catch {
        throw Failure(error, in: statement, sourceName: source.name, line: line)
      }
    case .clear, .quit, nil: break
    }
    return result
  }

  private func write(_ export: NetworkExport) throws(FileFailure) {
    let path = OpenScript.expandingHome(export.path)
    if export.isFolder {
      do throws(OwnFolder.Failure) {
        try OwnFolder.write(export.files, to: path) { done in
          progressLine?.goesOn(.storing, done, of: export.files.count) ?? true
        }
      } catch {
        throw FileFailure(exporting: export.path, error)
      }
    } else {
      for file in export.files {
        do throws(WholeFile.Failure) {
          try WholeFile.write(file.text, to: path, isExecutable: file.isExecutable)
        } catch {
          throw FileFailure(exporting: export.path, error)
        }
      }
    }
  }

  /// Runs a file's commands as one; what a file loads belongs to the one that loads it.
  private func load(
    _ script: borrowing OpenScript, into session: inout Session, isNested: Bool
  ) throws(Failure) {
    var source = script.source
    source.isLoaded = true
    let descriptor = script.descriptor
    // To whoever follows along, all of its commands are one line.
    let moreFollows = session.moreFollows
    session.moreFollows = true
    defer { session.moreFollows = moreFollows }
    if isNested {
      try run(descriptor: descriptor, source: source, in: &session)
      return
    }
    try session.group { session throws(Failure) in
      try run(descriptor: descriptor, source: source, in: &session)
    }
  }

  /// Runs a loaded file's commands to its end, or to a `quit` in it, which ends the file and not the shell.
  private func run(descriptor: Int32, source: ScriptSource, in session: inout Session) throws(Failure) {
    var reader = LineReader(descriptor: descriptor, limit: ScriptSource.largest)
    while true {
      let text: String
      do throws(LineReader.Failure) {
        guard let next = try reader.next() else { return }
        text = next
      } catch {
        throw Failure(error, sourceName: source.name, line: reader.lineNumber)
      }
      progressLine?.loading(source.name, line: reader.lineNumber)
      for statement in try Self.statements(in: text, source: source, line: reader.lineNumber) {
        if terminal_interrupt_pending() != 0 {
          throw Failure(
            report: ErrorReport(
              kind: "interrupted", message: said("stopped; nothing was loaded")),
            sourceName: source.name, line: reader.lineNumber, column: statement.column, length: statement.text.count)
        }
        let result = try execute(statement, in: &session, source: source, line: reader.lineNumber)
        if result.content is any ConsoleRequest {
          throw Failure(
            report: ErrorReport(
              kind: "not-in-a-file",
              message: said("'\(statement.text)' is for the prompt: a file that is loaded cannot do it")),
            sourceName: source.name, line: reader.lineNumber, column: statement.column, length: statement.text.count)
        }
        if case .quit? = result.content as? OuterRequest { return }
      }
    }
  }

  /// A line's statements, or the failure that says why it has none.
  package static func statements(in text: String, source: ScriptSource, line: Int) throws(Failure) -> [Statement] {
    do throws(SyntaxError) {
      return try Statement.statements(in: text)
    } catch {
      throw Failure(
        report: ErrorWording.report(for: .syntax(error)), sourceName: source.name, line: line, column: error.column,
        length: error.length)
    }
  }
}
