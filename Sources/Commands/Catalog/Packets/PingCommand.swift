// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// `ping FROM TO`
public struct PingCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "ping", group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.reachable))]],
    summary: said("sends an ICMP echo request; the answer comes by itself"),
    details: [said("A NAT maps a ping's identifier as it maps a port (RFC 5508 §3.1).")],
    examples: ["scene one-home", "ping alice bob", "run"], seeAlso: ["send", "trace"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(.ping, from, to)
  }
}
