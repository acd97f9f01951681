// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `router NAME [ADDRESS] [lan PREFIX] [behind ROUTER] [preset PRESET]`, `router NAME [ADDRESS] beside ROUTER`
public struct RouterCommand: Command {
  public let name: Located<String>
  /// Outside addresses, one of each family at most.
  public let addresses: [Located<IPAddress>]
  /// Inside prefixes, one of each family at most.
  public let lans: [Located<IPPrefix>]
  public let behind: Located<NamedDevice>?
  /// The router whose inside network it shares.
  public let beside: Located<NamedDevice>?
  public let preset: Located<NATPreset>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    name = try arguments.name("NAME")
    addresses = arguments.addresses("ADDRESS")
    lans = arguments.prefixes("lan")
    behind = arguments.optionalDevice("behind")
    beside = arguments.optionalDevice("beside")
    for (word, columns) in [("lan", lans.first?.columns), ("behind", behind?.columns)] where beside != nil {
      guard let columns else { continue }
      throw SyntaxError(.conflict("beside", word), column: columns.lowerBound, length: columns.count)
    }
    preset = arguments.optionalPreset("preset")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "router", leadIns: ["create", "add"], strangers: ["gateway", "modem", "firewall"],
    group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .newName), .optional("ADDRESS", .address, atMost: 2),
        .clause("lan", "PREFIX", .prefix, atMost: 2),
        .clause("behind", "ROUTER", .device(.routers)), .clause("beside", "ROUTER", .device(.routers)),
        .clause("preset", "PRESET", .preset),
      ]
    ],
    summary: said("makes a NAT router"),
    details: [
      said(
        "ADDRESS is the router's outside address, and `lan` the private network inside. What you leave out is chosen: the ",
        "next free documentation address of 203.0.113.0/24, the next free 192.168.N.0/24, a link to the internet."),
      said(
        "`behind` puts the router inside another one, as a provider's NAT is in front of a home's (CGNAT); its outside ",
        "address is then one of the outer router's `lan`."),
      said(
        "`beside` makes a second gateway: it is on the internet, and shares the inside network of another router, so that ",
        "the hosts there have two ways out. `route` says what goes by which."),
      said(
        "ADDRESS and `lan` may each be given twice, once IPv4 and once IPv6. IPv4 is translated. IPv6 is routed as it is, ",
        "behind the same firewall."),
      said("`preset` names a kind of router: see `help presets`. `create` or `add` before it is allowed and ignored."),
    ],
    examples: [
      "router home-a 49.36.10.25 lan 192.168.1.0/24", "router carrier preset cgnat lan 100.64.0.0/24",
      "router home-b behind carrier",
    ],
    seeAlso: ["host", "route", "set", "presets", "private-addresses"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let outer = try session.identify(behind)
    let first = try session.identify(beside)
    let id: DeviceID
    do throws(BuildError) {
      if let first {
        id = try session.network.addSecondGateway(
          named: name.value, addresses: addresses.map(\.value), beside: first, preset: preset?.value ?? .home)
      } else {
        id = try session.network.addRouter(
          named: name.value, addresses: addresses.map(\.value), prefixes: lans.map(\.value), behind: outer,
          preset: preset?.value ?? .home)
      }
    } catch {
      throw CommandError(error, addresses: addresses, lans: lans, name: name)
    }
    return CommandOutcome(session.created(id), notices: session.unreachableNotice(id))
  }
}
