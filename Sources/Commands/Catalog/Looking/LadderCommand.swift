// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `ladder`
public struct LadderCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "ladder", strangers: ["sequence", "arrows"], group: .looking, effect: .looks,
    summary: said("draws the last hops as a sequence diagram"),
    examples: ["scene one-home", "ping alice bob", "run", "ladder"], seeAlso: ["trace", "map"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(session.lastHops(24, form: .ladder))
  }
}
