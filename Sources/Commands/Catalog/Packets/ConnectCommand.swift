// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// `connect FROM TO`
public struct ConnectCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "connect", strangers: ["open-connection", "telnet", "dial"], group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.reachable))]],
    summary: said("opens a TCP connection: the three-way handshake"),
    details: [
      said(
        "SYN, SYN-ACK and ACK are three packets, and each of them takes its steps. If no answer comes, you are told; ",
        "nothing is sent again, unless `set HOST retransmission on` says so."),
      said(
        "If both hosts have IPv6 and IPv4, IPv6 is tried first, and IPv4 as well if nothing has come after 250 ms; the first ",
        "to answer is used (RFC 8305, \"happy eyeballs\"). An address as TO is tried alone."),
    ],
    examples: ["scene one-home", "connect alice:5000 bob:80", "run", "send alice:5000 bob:80 tcp \"GET /\"", "run"],
    seeAlso: ["close", "listen", "ladder"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(.connect, from, to)
  }
}
