// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `route DEVICE PREFIX via GATEWAY`
public struct RouteCommand: Command {
  let device: Located<NamedDevice>
  let prefix: Located<IPPrefix>
  let gateway: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    device = try arguments.device("DEVICE")
    prefix = try arguments.prefix("PREFIX")
    gateway = try arguments.endpoint("GATEWAY")
    if gateway.value.port != nil {
      throw SyntaxError(
        .badAddress(gateway.value.description), column: gateway.columns.lowerBound, length: gateway.columns.count)
    }
  }

  public static let declaration = CommandDeclaration(
    Self.self, "route", aliases: ["routes"], group: .building, effect: .changes,
    forms: [
      [
        .required("DEVICE", .device(.devices)), .required("PREFIX", .prefix), .keyword("via"),
        .required("GATEWAY", .endpoint(.routers)),
      ]
    ],
    summary: said("sends a device's packets for some addresses by way of a neighbour"),
    details: [
      said(
        "Without routes a host sends whatever is not for its own network to the router that it is behind. `route` makes an ",
        "exception for a prefix; `0.0.0.0/0` is every address. The longest prefix counts."),
      said(
        "GATEWAY is a neighbour: an address on a link of the device, or the name of a router there, such as a second gateway ",
        "made with `router NAME beside ROUTER`."),
      said(
        "Two ways out mean that an answer can take another way than its question. A NAT or a firewall that saw only one ",
        "direction does not know the connection, and `why` says so. `scene two-gateways` has such a network."),
    ],
    examples: [
      "router gw-a 49.36.10.25 lan 192.168.1.0/24", "router gw-b 77.20.30.40 beside gw-a", "host web behind gw-a",
      "route web 0.0.0.0/0 via gw-b", "route web 88.90.100.0/24 via 192.168.1.1", "show web",
    ],
    seeAlso: ["unroute", "router", "show"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    let address = session.gatewayAddress(gateway.value, of: id, prefix.value.family)
    guard let address else {
      throw CommandError(.noCommonFamily(from: device.value.name, to: gateway.value.description), at: gateway.columns)
    }
    do throws(BuildError) {
      try session.network.addRoute(StaticRoute(prefix.value, via: address), to: id)
    } catch {
      throw CommandError(.build(error), at: gateway.columns)
    }
    return CommandOutcome(
      ChangeReport(
        change: .routed(prefix.value, via: address), device: session.report(session.network.device(id))))
  }
}

/// `unroute DEVICE PREFIX`
public struct UnrouteCommand: Command {
  let device: Located<NamedDevice>
  let prefix: Located<IPPrefix>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    device = try arguments.device("DEVICE")
    prefix = try arguments.prefix("PREFIX")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "unroute", group: .building, effect: .changes,
    forms: [[.required("DEVICE", .device(.devices)), .required("PREFIX", .prefix)]],
    summary: said("removes a route"),
    details: [said("The device's packets for those addresses go their usual way again.")],
    examples: [
      "router gw-a", "router gw-b beside gw-a", "host web behind gw-a", "route web 0.0.0.0/0 via gw-b",
      "unroute web 0.0.0.0/0",
    ],
    seeAlso: ["route"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    do throws(BuildError) {
      try session.network.removeRoute(prefix.value, of: id)
    } catch {
      throw CommandError(.build(error), at: prefix.columns)
    }
    return CommandOutcome(
      ChangeReport(change: .unrouted(prefix.value), device: session.report(session.network.device(id))))
  }
}

extension Session {
  /// The address by which a gateway is a neighbour of device `id`; nil if a named one has none of that family.
  fileprivate func gatewayAddress(
    _ gateway: EndpointReference, of id: DeviceID, _ family: AddressFamily
  ) -> IPAddress? {
    switch gateway.host {
    case .address(let address): return address
    case .name: return nil
    case .device(let named):
      guard let router = network.device(named: named.name), let part = network.router(router.id) else { return nil }
      // A router is a neighbour by its inside address for those inside, and by its outside one for those beside it.
      let shared = network.firstGateway(of: router.id) ?? router.id
      let isInside = network.device(id).parent == shared || id == shared || network.firstGateway(of: id) == shared
      let addresses = isInside && id != router.id ? part.insideAddresses : part.addresses
      return addresses.first { $0.family == family }
    }
  }
}
