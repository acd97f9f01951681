// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `listen NAME PORT [udp|tcp]`
public struct ListenCommand: Command {
  public let host: Located<NamedDevice>
  public let port: Located<UInt16>
  public let transport: Located<TransportProtocol>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("NAME")
    port = try arguments.port("PORT")
    transport = arguments.transport("protocol")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "listen", strangers: ["open", "bind", "serve"], group: .packets, effect: .changes,
    forms: [[.required("NAME", .device(.hosts)), .required("PORT", .port), .choice("protocol", ["udp", "tcp"])]],
    summary: said("opens a port on a host"),
    details: [
      said(
        "It matters after `set NAME ports bound`; before that every port of a host accepts packets. A port ",
        "that was sent from counts as open, too.")
    ],
    examples: ["host bob", "set bob ports bound", "listen bob 80 tcp"], seeAlso: ["set", "forward", "connect"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(host)
    let transports = transport.map { [$0.value] } ?? [.udp, .tcp]
    for transport in transports { session.network.listen(id, transport, port: port.value) }
    // A host may listen on sixty thousand ports; each reply mentions only the ones just opened.
    let opened = transports.map { ListeningPort($0, port.value) }
    return CommandOutcome(
      ChangeReport(
        change: .listening(transports, port: port.value),
        device: session.report(session.network.device(id), listening: opened)))
  }
}
