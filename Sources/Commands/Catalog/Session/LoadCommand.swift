// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `load FILE`
public struct LoadCommand: Command {
  public let path: Located<String>

  public init(_ arguments: Arguments) throws(SyntaxError) { path = try arguments.text("FILE") }

  public static let declaration = CommandDeclaration(
    Self.self, "load", strangers: ["source", "read"], group: .session, effect: .outer,
    forms: [[.required("FILE", .file)]],
    summary: said("runs the commands in a file"),
    details: [
      said(
        "All of them or none: if one fails, you are told the line, and nothing has changed. One `undo` takes back all ",
        "that the file did.")
    ],
    examples: ["load two-homes.nat"], seeAlso: ["save", "scripts"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.load(path: path.value))
  }
}
