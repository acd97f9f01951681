// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `run` · `run for DURATION`
public struct RunCommand: Command {
  /// How long; nil is until nothing is in flight.
  public let duration: Located<Interval>?

  public init(_ arguments: Arguments) throws(SyntaxError) { duration = arguments.optionalDuration("DURATION") }

  public static let declaration = CommandDeclaration(
    Self.self, "run", strangers: ["go", "start", "r"], group: .packets, effect: .changes,
    forms: [[], [.keyword("for"), .required("DURATION", .duration)]],
    summary: said("runs until nothing is in flight, or for a time"),
    details: [said("Ctrl-C stops a long run where it is; what has happened stays.")],
    examples: ["scene one-home", "ping alice bob", "run", "run for 30s"], seeAlso: ["step", "wait", "time"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let duration else { return try session.run(saysIdle: true) }
    return try session.run(for: duration)
  }
}
