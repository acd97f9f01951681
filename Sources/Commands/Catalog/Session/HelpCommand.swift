// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `help [COMMAND|TOPIC|PROPERTY]`
public struct HelpCommand: Command {
  public let subject: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { subject = arguments.optionalText("SUBJECT") }

  public static let declaration = CommandDeclaration(
    Self.self, "help", aliases: ["?"], strangers: ["man", "h", "commands"], group: .session, effect: .looks,
    forms: [[], [.rest("SUBJECT", .helpSubject)]],
    summary: said("explains a command, a topic or a property, or lists them all"),
    details: [said("The words that say why a packet was dropped and the names of presets are subjects too.")],
    examples: ["help", "help send", "help filtering", "help no-mapping", "help private address"], seeAlso: ["start"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    do throws(SyntaxError) {
      return CommandOutcome(try session.catalog.help(subject?.value))
    } catch {
      // Parsing has looked the subject up already.
      return CommandOutcome()
    }
  }
}
