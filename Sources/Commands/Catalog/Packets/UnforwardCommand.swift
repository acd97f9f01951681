// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// `unforward ROUTER [udp|tcp] PORT`, `unforward ROUTER all`, `unforward ROUTER address OUTSIDE`
public struct UnforwardCommand: Command {
  public let router: Located<NamedDevice>
  public let what: ForwardCommand.What

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    what = try ForwardCommand.What(arguments)
  }

  public static let declaration = CommandDeclaration(
    Self.self, "unforward", group: .packets, effect: .changes,
    forms: [
      [.required("ROUTER", .device(.routers)), .keyword("all")],
      [.required("ROUTER", .device(.routers)), .keyword("address"), .required("OUTSIDE", .address)],
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]),
        .required("PORT", .forwardedPort(of: "ROUTER")),
      ],
    ],
    summary: said("removes a static mapping"),
    details: [
      said("`5000-5010` removes those of a range, `all` the host that gets the rest, `address` a one-to-one NAT.")
    ],
    examples: ["scene one-home", "forward home-a 8080 to alice:80", "unforward home-a 8080"], seeAlso: ["forward"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    let change: ChangeReport.Change
    switch what {
    case .ports(let transport, let ports):
      try session.allOrNothing { session throws(CommandError) in
        for port in ports.value {
          try ForwardCommand.attempt(ports, router, port) { () throws(StaticMappingError) in
            try session.network.unforward(transport, port: port, of: id)
          }
        }
      }
      change = .unforwarded(ListeningPort(transport, ports.value))
    case .all:
      try ForwardCommand.attempt(router, router, nil) { () throws(StaticMappingError) in
        try session.network.forwardAll(of: id, to: nil)
      }
      change = .unforwardedAll
    case .address(let outside):
      try ForwardCommand.attempt(outside, router, nil) { () throws(StaticMappingError) in
        try session.network.forwardAddress(outside.value, of: id, to: nil)
      }
      change = .unforwardedAddress(outside.value)
    }
    return CommandOutcome(ChangeReport(change: change, device: session.report(session.network.device(id))))
  }
}
