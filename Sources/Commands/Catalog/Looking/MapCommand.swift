// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// `map`
public struct MapCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "map", strangers: ["draw", "topology", "network", "diagram"], group: .looking, effect: .looks,
    summary: said("draws the network, with the packets in flight on it"),
    examples: ["scene two-homes", "map"], seeAlso: ["show", "ladder"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let network = session.network
    let devices = network.allDevices
    let nodes = devices.prefix(Session.mostListed).map { device in
      let router = network.router(device.id)
      return MapReport.Node(
        name: device.name, kind: device.kind, addresses: network.addresses(of: device.id),
        lan: router?.prefixes ?? [],
        behind: device.parent == .internet ? nil : network.device(device.parent).name,
        link: MapReport.Link(
          delayMicroseconds: device.link.delay.microseconds, rateBitsPerSecond: device.link.rate,
          loss: LossRate(partsPerMillion: device.link.lossPerMillion) ?? .none),
        translates: router?.nat.behavior.translates ?? true, mappingCount: router?.nat.count ?? 0,
        beside: network.firstGateway(of: device.id).map { network.device($0).name },
        routes: session.routes(of: device.id))
    }
    let flights = network.packetsInFlight.prefix(Session.mostListed).map { flight in
      MapReport.Flight(
        packet: flight.number, from: network.device(flight.from).name, to: network.device(flight.to).name,
        source: flight.packet.source, destination: flight.packet.destination,
        transport: flight.packet.transport, dueMicroseconds: flight.due.microseconds)
    }
    return CommandOutcome(
      MapReport(nodes: nodes, flights: flights),
      notices: Notice.leftOut(.devices, devices.count - nodes.count)
        + Notice.leftOut(.packets, network.inFlight - flights.count))
  }
}
