// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `forward ROUTER [udp|tcp] PORT to ENDPOINT`
public struct ForwardCommand: Command {
  public let router: Located<NamedDevice>
  public let transport: Located<TransportProtocol>?
  public let port: Located<UInt16>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    transport = arguments.transport("protocol")
    port = try arguments.port("PORT")
    to = try arguments.endpoint("ENDPOINT")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "forward", strangers: ["portforward", "port-forward", "dnat", "upnp"], group: .packets, effect: .changes,
    forms: [
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]), .required("PORT", .port),
        .keyword("to"), .required("ENDPOINT", .endpoint(.devices)),
      ]
    ],
    summary: "opens a router's outside port to a host inside, for good",
    details: [
      "A static mapping: it is there before anyone inside has sent anything, it admits everyone, and it never expires. "
        + "This is what a games console asks you to do to your router.",
      "It holds for UDP unless you say `tcp`. ENDPOINT without a port means the same port inside.",
    ],
    examples: ["scene one-home", "forward home-a udp 8080 to alice:80", "send bob 49.36.10.25:8080 knock", "run"],
    seeAlso: ["unforward", "table", "listen"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    let address = try session.address(of: to, family: .ipv4)
    guard let prefix = session.network.router(id)?.prefixes.first(where: { $0.contains(address) }) else {
      throw CommandError(.notBehind(to.value.description, router: router.value.name), at: to.columns)
    }
    guard prefix.isHostAddress(address) else {
      throw CommandError(.build(.addressNotUsable(address, .broadcast)), at: to.columns)
    }
    guard session.network.router(id)?.insideAddresses.contains(address) == false else {
      throw CommandError(.build(.addressTaken(address, owner: router.value.name)), at: to.columns)
    }
    let inside = Endpoint(address, to.value.port ?? port.value)
    let transport = transport?.value ?? .udp
    do throws(StaticMappingError) {
      try session.network.forward(transport, port: port.value, of: id, to: inside)
    } catch {
      throw CommandError(
        .staticMapping(error, port: port.value, router: router.value.name), at: port.columns)
    }
    return CommandOutcome(
      ChangeReport(
        change: .forwarding(ListeningPort(transport, port.value), to: inside),
        device: session.report(session.network.device(id))))
  }
}
