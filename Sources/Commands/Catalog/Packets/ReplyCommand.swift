// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `reply [TEXT]`
public struct ReplyCommand: Command {
  public let text: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { text = arguments.optionalText("TEXT") }

  public static let declaration = CommandDeclaration(
    Self.self, "reply", strangers: ["answer", "respond"], group: .packets, effect: .changes,
    forms: [[.optional("TEXT", .text)]],
    summary: said("answers the last packet delivered"),
    details: [
      said(
        "The answer goes from the endpoint that got the packet to the endpoint that it came from, as the receiver saw ",
        "it: behind a NAT that is the router's outside endpoint.")
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "run", "reply \"hi alice\"", "run"],
    seeAlso: ["send", "step"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.moving { session throws(CommandError) in
      do throws(HostError) {
        try session.network.reply(payload: Payload(text?.value))
      } catch {
        throw CommandError(.host(error))
      }
    }
  }
}
