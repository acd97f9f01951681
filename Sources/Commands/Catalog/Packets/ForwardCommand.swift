// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `forward ROUTER [udp|tcp] PORT to ENDPOINT`, `forward ROUTER all to HOST`, `forward ROUTER address OUTSIDE to HOST`
public struct ForwardCommand: Command {
  public let router: Located<NamedDevice>
  public let to: Located<EndpointReference>
  public let what: What

  /// What is forwarded.
  public enum What: Sendable {
    case ports(TransportProtocol, Located<ClosedRange<UInt16>>)
    case all
    case address(Located<IPAddress>)
  }

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    what = try What(arguments)
    if case .ports = what {
      to = try arguments.endpoint("ENDPOINT")
    } else {
      to = try arguments.endpoint("HOST")
      if to.value.port != nil {
        throw SyntaxError(
          .unexpectedWord(to.value.description, usage: arguments.usage), column: to.columns.lowerBound,
          length: to.columns.count)
      }
    }
  }

  public static let declaration = CommandDeclaration(
    Self.self, "forward", strangers: ["portforward", "port-forward", "dnat", "upnp", "dmz"], group: .packets,
    effect: .changes,
    forms: [
      [
        .required("ROUTER", .device(.routers)), .keyword("all"), .keyword("to"),
        .required("HOST", .endpoint(.devices)),
      ],
      [
        .required("ROUTER", .device(.routers)), .keyword("address"), .required("OUTSIDE", .address), .keyword("to"),
        .required("HOST", .endpoint(.devices)),
      ],
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]), .required("PORT", .ports),
        .keyword("to"), .required("ENDPOINT", .endpoint(.devices)),
      ],
    ],
    summary: said("opens a router's outside port to a host inside, for good"),
    details: [
      said(
        "A static mapping: it is there before anyone inside has sent anything, it admits everyone, and it never expires. ",
        "This is what a games console asks you to do to your router."),
      said(
        "It holds for UDP unless you say `tcp`. ENDPOINT without a port means the same port inside. PORT may be a range, ",
        "`5000-5010`: a mapping each, the first to ENDPOINT's port, the next to the next one."),
      said(
        "With `all`, whatever comes from outside over UDP or TCP and is nobody else's goes to HOST, which routers' makers ",
        "call a DMZ. With `address`, OUTSIDE is HOST's alone, both ways and port for port: one-to-one NAT. It must be ",
        "one of the router's `addresses`."),
    ],
    examples: [
      "scene one-home", "forward home-a udp 8080 to alice:80", "send bob 49.36.10.25:8080 knock", "run",
      "forward home-a udp 5000-5010 to alice", "unforward home-a 8080", "unforward home-a 5000-5010",
      "forward home-a all to alice", "unforward home-a all", "set home-a addresses 49.36.10.26",
      "forward home-a address 49.36.10.26 to alice",
    ],
    seeAlso: ["unforward", "table", "listen", "addresses"])

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
    let change: ChangeReport.Change
    switch what {
    case .ports(let transport, let ports):
      let first = to.value.port ?? ports.value.lowerBound
      let inside = Endpoint(address, first)
      guard Int(first) + ports.value.count - 1 <= Int(UInt16.max) else {
        throw CommandError(.insidePortsEnd(first: first, count: ports.value.count), at: to.columns)
      }
      try session.allOrNothing { session throws(CommandError) in
        for (offset, port) in ports.value.enumerated() {
          let target = Endpoint(address, first + UInt16(offset))
          try Self.attempt(ports, router, port) { () throws(StaticMappingError) in
            _ = try session.network.forward(transport, port: port, of: id, to: target)
          }
        }
      }
      change = .forwarding(ListeningPort(transport, ports.value), to: inside)
    case .all:
      try Self.attempt(to, router, nil) { () throws(StaticMappingError) in
        try session.network.forwardAll(of: id, to: address)
      }
      change = .forwardingAll(to: address)
    case .address(let outside):
      try Self.attempt(outside, router, nil) { () throws(StaticMappingError) in
        try session.network.forwardAddress(outside.value, of: id, to: address)
      }
      change = .forwardingAddress(outside.value, to: address)
    }
    return CommandOutcome(ChangeReport(change: change, device: session.report(session.network.device(id))))
  }

  /// Carries out `body`; its error is about what stands at `place`.
  static func attempt(
    _ place: Located<some Sendable>, _ router: Located<NamedDevice>, _ port: UInt16?,
    _ body: () throws(StaticMappingError) -> Void
  ) throws(CommandError) {
    do throws(StaticMappingError) {
      try body()
    } catch {
      throw CommandError(.staticMapping(error, port: port, router: router.value.name), at: place.columns)
    }
  }
}

extension ForwardCommand.What {
  init(_ arguments: Arguments) throws(SyntaxError) {
    if arguments.has("all") {
      self = .all
    } else if let outside = arguments.addresses("OUTSIDE").first {
      self = .address(outside)
    } else if let ports = arguments.optionalPorts("PORT") {
      self = .ports(arguments.transport("protocol")?.value ?? .udp, ports)
    } else {
      // Parsing has seen to it that one of them is there.
      throw SyntaxError(
        .missingArgument(label: "PORT", after: nil, usage: arguments.usage), column: arguments.statement.endColumn)
    }
  }
}
