// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `step [N] [within DURATION]`
public struct StepCommand: Command {
  public let count: Located<Int>?
  /// The time within which it looks for something to happen; nil for as long as anything is in flight.
  public let bound: Located<Interval>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    count = arguments.optionalCount("N")
    bound = arguments.optionalDuration("DURATION")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "step", strangers: ["next", "continue", "tick", "s"], group: .packets, effect: .changes,
    forms: [
      [.optional("N", .count(1...1_000_000_000_000))],
      [.required("N", .count(1...1_000_000_000_000)), .keyword("within"), .required("DURATION", .duration)],
    ],
    summary: said("lets the next thing happen, or the next N"),
    details: [
      said(
        "One step is one device handling one packet. The clock jumps to the moment when it does. A mapping that expires ",
        "meanwhile is not a step: it is mentioned in passing."),
      said(
        "With nothing in flight nothing happens. At the prompt an empty line means `step` while a packet is in flight."),
      said(
        "With a time, it also lets happen what happens only because time passes, such as a keepalive, if it is due by then. ",
        "That is how `save` writes a `wait` that was stopped."),
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "step", "step 2", "step 2 within 30s"],
    seeAlso: ["run", "wait", "time"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let limit = try bound.map { bound throws(CommandError) in try session.moment(after: bound) }
    return try session.run(atMost: count?.value ?? 1, within: limit, saysIdle: true)
  }
}
