// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// Prints one object per command. An error is also logged as a line on standard error in a script.
final class JSONListener: SessionListener {
  private let output: OutputChannel
  private let errors: OutputChannel

  init(output: OutputChannel, errors: OutputChannel) {
    self.output = output
    self.errors = errors
  }

  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    output.writeLine(JSONRenderer().line(for: result))
  }

  func tell(of failed: FailedLine, from origin: Console.Origin, in session: Session) {
    let failure = failed.failure
    var report = failure.report
    if !failure.loadedFrom.isEmpty { report.message = "\(failure.place): \(report.message)" }
    output.writeLine(JSONRenderer().line(command: failed.command, error: report))
    if case .script = origin {
      errors.write(failure.text(style: Terminal(descriptor: errors.descriptor).style, withPlace: true))
    }
  }
}
