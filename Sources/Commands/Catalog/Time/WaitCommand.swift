// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `wait DURATION`
public struct WaitCommand: Command {
  public let duration: Located<Interval>

  public init(_ arguments: Arguments) throws(SyntaxError) { duration = try arguments.duration("DURATION") }

  public static let declaration = CommandDeclaration(
    Self.self, "wait", strangers: ["sleep", "delay", "pause"], group: .packets, effect: .changes,
    forms: [[.required("DURATION", .duration)]],
    summary: said("moves the clock on, and does whatever is due by then"),
    details: [said("It is simulated time: you do not have to wait five minutes. Mappings that are not used expire.")],
    examples: ["scene one-home", "send alice:5000 bob:4000", "run", "wait 5m", "wait 1m30s", "table home-a"],
    seeAlso: ["run", "step", "time"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.run(for: duration)
  }
}
