// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `save FILE`
public struct SaveCommand: Command {
  public let path: Located<String>

  public init(_ arguments: Arguments) throws(SyntaxError) { path = try arguments.text("FILE") }

  public static let declaration = CommandDeclaration(
    Self.self, "save", strangers: ["write"], group: .session, effect: .outer, forms: [[.required("FILE", .file)]],
    summary: said("writes the commands that rebuild the session to a file"),
    details: [
      said(
        "The file is a script: the commands that succeeded and were not undone, one per line. It is written whole or not ",
        "at all. Quote a name with spaces in it.")
    ],
    examples: ["scene two-homes", "save two-homes.nat"], seeAlso: ["load", "history", "scripts"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    var lines = [
      said("# natsh \(Version.current): a saved session. Run it with `natsh FILE`, or `load FILE` in the shell.")
    ]
    if session.past.baseSeed != 1 { lines.append("seed \(session.past.baseSeed)") }
    lines += session.past.lines
    return CommandOutcome(
      OuterRequest.save(path: path.value, script: lines.map { $0 + "\n" }.joined()))
  }
}
