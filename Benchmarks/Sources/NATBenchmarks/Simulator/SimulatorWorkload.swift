// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A network whose router has so many mappings, and packets over it from end to end: an inside host, the router, the
/// internet, an outside host. Flows are met in random order.
final class SimulatorWorkload {
  /// Packets in one measurement.
  static let batch = 256
  /// Devices that handle a packet after it was sent: the router, the internet, the host.
  static let eventsPerPacket = 3

  private struct Flow {
    var host: DeviceID
    var port: UInt16
  }

  private var network: Network
  private var flows: [Flow] = []
  private let remote: Endpoint
  private var place = 0

  init(mappings: Int) throws {
    var network = Network()
    network.isTracing = false
    let prefix = IPPrefix(containing: IPAddress(ipv4: 0x0A00_0000), length: 8)
    let router = try network.addRouter(named: "router", prefixes: prefix.map { [$0] } ?? [])
    try network.setMoreAddresses(of: router, (0...mappings / 32_000).map { IPAddress(ipv4: 0xC633_6480 + UInt32($0)) })
    var behavior = NATBehavior()
    behavior.pooling = .arbitrary
    behavior.lifetimes.udp = .hours(10_000)
    network.configure(router, behavior)
    let server = try network.addHost(named: "server")
    remote = Endpoint(network.addresses(of: server)[0], 4_000)
    var host = server
    for index in 0..<mappings {
      if index.isMultiple(of: 50) { host = try network.addHost(named: "h\(index)", behind: router) }
      flows.append(Flow(host: host, port: 40_000 + UInt16(index % 50)))
    }
    var luck = SeededGenerator(seed: 1)
    flows.shuffle(using: &luck)
    self.network = network
    // Once through all of them makes the mappings.
    for _ in 0...mappings / Self.batch { _ = try send(traced: false) }
    // A long run's trace is full, so a short measurement starts with a full one as well.
    for _ in 0...Trace.packetCapacity / Self.batch { _ = try send(traced: true) }
  }

  /// Sends a batch of packets and lets them arrive.
  ///
  /// - Returns: the events that took.
  func send(traced: Bool) throws -> Int {
    network.isTracing = traced
    return try Self.send(&network, flows, &place, to: remote)
  }

  private static func send(
    _ network: inout Network, _ flows: [Flow], _ place: inout Int, to remote: Endpoint
  ) throws -> Int {
    for _ in 0..<batch {
      let flow = flows[place]
      place = place + 1 == flows.count ? 0 : place + 1
      try network.send(from: flow.host, port: flow.port, to: remote)
    }
    var events = 0
    while network.step() { events += 1 }
    return events
  }
}
