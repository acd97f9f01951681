// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `unforward ROUTER [udp|tcp] PORT`
public struct UnforwardCommand: Command {
  public let router: Located<NamedDevice>
  public let transport: Located<TransportProtocol>?
  public let port: Located<UInt16>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    transport = arguments.transport("protocol")
    port = try arguments.port("PORT")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "unforward", group: .packets, effect: .changes,
    forms: [
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]),
        .required("PORT", .forwardedPort(of: "ROUTER")),
      ]
    ],
    summary: "removes a static mapping",
    examples: ["scene one-home", "forward home-a 8080 to alice:80", "unforward home-a 8080"], seeAlso: ["forward"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    let transport = transport?.value ?? .udp
    do throws(StaticMappingError) {
      try session.network.unforward(transport, port: port.value, of: id)
    } catch {
      throw CommandError(
        .staticMapping(error, port: port.value, router: router.value.name), at: port.columns)
    }
    return CommandOutcome(
      ChangeReport(
        change: .unforwarded(ListeningPort(transport, port.value)),
        device: session.report(session.network.device(id))))
  }
}
