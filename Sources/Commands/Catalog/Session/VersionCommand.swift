// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `version`
public struct VersionCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "version", group: .session, effect: .looks, summary: said("says which natsh this is"),
    examples: ["version"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(VersionReport(version: Version.current))
  }
}
