// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `step [N]`
public struct StepCommand: Command {
  public let count: Located<Int>?
  /// The time that a run was for which was stopped after so many events; nil for any other.
  private let bound: Instant?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    count = arguments.optionalCount("N")
    bound = nil
  }

  /// What a run up to `bound` did that was stopped after that many events: some of them may not happen by themselves,
  /// only because time passes.
  init(stoppedAfter events: Int, before bound: Instant?) {
    count = Located(events, columns: 1..<2)
    self.bound = bound
  }

  public static let declaration = CommandDeclaration(
    Self.self, "step", strangers: ["next", "continue", "tick", "s"], group: .packets, effect: .changes,
    forms: [[.optional("N", .count(1...1_000_000_000_000))]],
    summary: said("lets the next thing happen, or the next N"),
    details: [
      said(
        "One step is one device handling one packet. The clock jumps to the moment when it does. A mapping that expires ",
        "meanwhile is not a step: it is mentioned in passing."),
      said(
        "With nothing in flight nothing happens. At the prompt an empty line means `step` while a packet is in flight."),
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "step", "step 2"], seeAlso: ["run", "wait", "time"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.run(atMost: count?.value ?? 1, within: bound, saysIdle: true)
  }
}
