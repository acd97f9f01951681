// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Experiments that need a whole network (RFC 4787 §4.4, §10).
enum NetworkExperiments {
  /// REQ-7: the router is put behind another one, whose network has the addresses that it would use inside.
  static func addressConflict(_ subject: NATUnderTest) -> Evidence {
    var network = Network()
    guard let shared = IPPrefix("192.168.1.0/24"),
      let outer = try? network.addRouter(named: "provider", prefixes: [shared], preset: .open),
      let printer = try? network.addHost(named: "printer", behind: outer)
    else { return Evidence(holds: nil, shown: said("The network could not be built.")) }
    let isRefused = refusesOverlap(network, with: shared, behind: outer)
    let name = ["provider", "printer", "pc"].contains(subject.name.lowercased()) ? "router" : subject.name
    guard let inner = try? network.addRouter(named: name, behind: outer),
      let inside = network.router(inner)?.prefixes.first, let pc = try? network.addHost(named: "pc", behind: inner),
      let target = network.addresses(of: printer).first
    else { return Evidence(holds: isRefused, shown: said("No network was free for the inside of the router.")) }
    network.configure(inner, subject.behavior)
    _ = try? network.send(from: pc, to: Endpoint(target, 4_000), .udp)
    while network.inFlight > 0, network.trace.hopCount < 64 { _ = network.step() }
    let hops = network.trace.hopCount > 0 ? network.trace.hops(1...network.trace.hopCount) : []
    let hasArrived = hops.contains { $0.verdict == .delivered && $0.node == printer }
    return Evidence(
      holds: isRefused && !inside.overlaps(shared) && hasArrived,
      shown: said("Put behind a router that has \(shared) inside, it takes \(inside) for its own inside")
        + (isRefused ? said(", and natsh refuses to give it the same. ") : ". ")
        + said(
          "A packet from inside \(hasArrived ? said("reached") : said("did not reach")) a host of the outer network."),
      rows: hops.filter { $0.node == inner }.map { row($0, network) })
  }

  private static func refusesOverlap(_ network: Network, with prefix: IPPrefix, behind outer: DeviceID) -> Bool {
    var copy = network
    do throws(BuildError) {
      _ = try copy.addRouter(named: "second", prefixes: [prefix], behind: outer)
      return false
    } catch {
      if case .prefixOverlaps = error { return true }
      return false
    }
  }

  /// A packet of 1,228 bytes for a link that carries 576.
  private static func longPacket(
    _ subject: NATUnderTest, dontFragment: Bool
  ) -> (hops: [Hop], router: DeviceID, pc: DeviceID, server: DeviceID, network: Network)? {
    var network = Network()
    let name = ["server", "pc"].contains(subject.name.lowercased()) ? "router" : subject.name
    guard let server = try? network.addHost(named: "server"), let router = try? network.addRouter(named: name),
      let pc = try? network.addHost(named: "pc", behind: router), let target = network.addresses(of: server).first
    else { return nil }
    network.configure(router, subject.behavior)
    network.setMTU(of: router, 576)
    _ = try? network.send(
      from: pc, port: 5_000, to: Endpoint(target, 4_000), .udp, payload: .filler(1_200), dontFragment: dontFragment)
    while network.inFlight > 0, network.trace.hopCount < 64 { _ = network.step() }
    let hops = network.trace.hopCount > 0 ? network.trace.hops(1...network.trace.hopCount) : []
    return (hops, router, pc, server, network)
  }

  /// REQ-13: a packet that is too long and must not be cut is refused, and the sender told.
  static func tooLong(_ subject: NATUnderTest) -> Evidence {
    guard let (hops, router, pc, _, network) = longPacket(subject, dontFragment: true) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    let isTold = hops.contains { $0.node == pc && $0.verdict == .delivered && $0.icmp == .fragmentationNeeded }
    return Evidence(
      holds: isTold,
      shown: said("The pc sent 1,228 bytes that must not be cut, and the router's outward link carries 576: the pc ")
        + (isTold ? said("was told so.") : said("was told nothing.")),
      rows: hops.filter { $0.node == router }.map { row($0, network) })
  }

  /// REQ-13a: a packet that may be cut is cut, and its pieces leave in order.
  static func cutting(_ subject: NATUnderTest) -> Evidence {
    guard let (hops, router, _, server, network) = longPacket(subject, dontFragment: false) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    let arrived = hops.filter { $0.node == server && $0.verdict == .delivered }
    let offsets = arrived.compactMap { $0.fragment.map { Int($0.offset) } }
    let holds = offsets.count > 1 && offsets == offsets.sorted() && arrived.last?.fragment?.isLast != false
    return Evidence(
      holds: holds,
      shown: said("Where it may be cut, it ")
        + (holds ? said("arrived in \(offsets.count) pieces, in order.") : said("did not arrive in order.")),
      rows: hops.filter { $0.node == router }.map { row($0, network) })
  }

  /// The router's hop as an experiment's row.
  static func row(_ hop: Hop, _ network: Network) -> ExperimentRow {
    var packet = Packet(hop.transport, from: hop.source, to: hop.destination, timeToLive: hop.timeToLive)
    packet.icmp = hop.icmp
    var report = HopReport(
      arrivalOf: packet, number: hop.number, at: hop.time, router: network.device(hop.node).name, about: nil)
    report.packet = hop.packet
    report.fragment = hop.fragment.map(FragmentReport.init)
    report.verdict = hop.verdict
    report.reason = hop.reason
    report.newSource = hop.newSource.map(packet.end)
    report.newDestination = hop.newDestination.map(packet.end)
    report.mapping = hop.mapping
    report.mappingChange = hop.mappingChange
    func name(_ address: IPAddress) -> String {
      network.devices(withAddress: address).first.map { network.device($0).name } ?? address.description
    }
    return ExperimentRow(
      waitMicroseconds: 0, from: hop.verdict == .sent ? report.node : name(hop.source.address),
      to: name(hop.destination.address), hop: report)
  }
}
