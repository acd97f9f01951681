// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `trace [N]`
public struct TraceCommand: Command {
  /// How many hops; nil is the last 20.
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "trace", strangers: ["traceroute", "tcpdump", "hops", "log"], group: .looking, effect: .looks,
    forms: [[.optional("N", .count(1...1_000_000))]],
    summary: said("lists the last hops, or the last N"),
    details: [
      said("A hop is one device's handling of one packet: it sent, forwarded, translated, delivered or dropped it.")
    ],
    examples: ["scene one-home", "ping alice bob", "run", "trace", "trace 3"], seeAlso: ["ladder", "packet"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(session.lastHops(count?.value ?? 20, form: .list))
  }
}
