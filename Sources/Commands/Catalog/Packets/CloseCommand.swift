// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// `close FROM TO`
public struct CloseCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "close", strangers: ["disconnect", "hangup"], group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all))]],
    summary: said("closes a TCP connection"),
    details: [
      said("The router sees the FINs go by, and gives the mapping the shorter lifetime of a closing connection.")
    ],
    examples: ["scene one-home", "connect alice:5000 bob:80", "run", "close alice:5000 bob:80", "run"],
    seeAlso: ["connect", "table"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(.close, from, to)
  }
}
