// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel
@testable import NetworkSimulator

/// natsh's router between the same links as the kernel's.
///
/// Packets are handed to the router itself, and taken from its links before anybody can answer.
struct SimulatedRouter {
  private(set) var network: Network
  private let id: DeviceID
  private let slot: Int
  private let hosts: [IPAddress: DeviceID]

  init(_ behavior: NATBehavior, hosts addresses: [IPAddress], _ setup: Setup) throws {
    var network = Network()
    id = try network.addRouter(named: "router", addresses: [World.outside], prefixes: [World.prefix])
    network.configure(id, setup.adapt(behavior))
    try network.setMoreAddresses(of: id, Array(setup.addresses.dropFirst()))
    network.setMTU(of: id, setup.mtu)
    var hosts: [IPAddress: DeviceID] = [:]
    for (number, address) in addresses.enumerated() {
      let host = try network.addHost(named: "host-\(number)", addresses: [address], behind: id)
      network.setDelay(of: host, .zero)
      hosts[address] = host
    }
    network.setDelay(of: id, .zero)
    network.isTracing = false
    slot = try #require(network.routers.indices.first)
    self.hosts = hosts
    self.network = network
  }

  /// Puts `packet` on one of the router's links at `now`; returns all that comes out because of it.
  ///
  /// - Parameter chance: the port that a random draw is to give; nil leaves it to chance.
  mutating func inject(_ packet: Packet, from side: Side, at now: Instant, chance: Chance? = nil) throws -> [Emission] {
    if let chance { network.routers[slot].generator = chance.generator }
    network.moveClock(to: now)
    let sender = side == .outside ? DeviceID.internet : hosts[packet.source.address]
    let leg = Leg(number: 0, length: packet.length, from: try #require(sender), to: id)
    let arrived = Flight(leg: leg, headers: PacketHeaders(packet), contents: network.payloads.put(packet.payload))
    network.arrive(arrived)
    network.payloads.release(arrived.contents)
    var emissions: [Emission] = []
    while let flight = network.queue.next(until: .never)?.item {
      let packet = flight.packet(in: network.payloads)
      network.payloads.release(flight.contents)
      if flight.to == .internet {
        emissions.append(Emission(side: .outside, packet: packet))
      } else if hosts[packet.destination.address] == flight.to {
        emissions.append(Emission(side: .inside, packet: packet))
      } else {
        throw WrongReceiver(packet: packet)
      }
    }
    return emissions
  }

  /// Makes `address` the one that the next host without one gets.
  mutating func offer(_ address: IPAddress) {
    let addresses = network.routers[slot].nat.externalAddresses
    if let place = addresses.firstIndex(of: address) { network.routers[slot].nat.nextExternal = place }
  }

  /// Adds a forward or removes one.
  mutating func change(_ change: ForwardChange) throws {
    if let target = change.target {
      try network.forward(change.transport, port: change.port, of: id, to: target)
    } else {
      try network.unforward(change.transport, port: change.port, of: id)
    }
  }

  struct WrongReceiver: Error {
    var packet: Packet
  }

  /// The rows of flows.
  var mappings: [Mapping] { network.routers[slot].nat.mappings.filter { !$0.isStatic } }

  /// The flows with the marks that conntrack gives them.
  var flows: [MappedFlow] { network.routers[slot].nat.flows }

  /// Ends the flows whose time is over by `now`.
  mutating func expire(at now: Instant) { network.routers[slot].nat.expire(at: now) }

  /// Whether a datagram from `remote` to `own` has been the router's own.
  func hasOwnFlow(_ own: Endpoint, from remote: Endpoint, at now: Instant) -> Bool {
    network.routers[slot].nat.ownFlows.contains(own, towards: remote, at: now)
  }
  var ownFlowCount: Int { network.routers[slot].nat.ownFlows.count }
}

/// A port that the kernel drew from a range, and the generator with which natsh draws the same one.
struct Chance {
  var port: UInt16
  var range: ClosedRange<UInt16>

  /// The outside ports that may replace an inside port that is taken outside, as in netfilter's source.
  static func range(_ transport: TransportProtocol, _ port: UInt16) -> ClosedRange<UInt16> {
    if transport == .icmp { return 0...UInt16.max }
    return port < 512 ? 1...511 : port < 1_024 ? 600...1_023 : 1_024...UInt16.max
  }

  /// A generator whose next number below the range's size is the port's place in it: SplitMix64, backwards.
  var generator: SeededGenerator {
    let count = UInt64(range.count)
    let place = UInt64(port &- range.lowerBound)
    guard range.contains(port) else { return SeededGenerator(seed: 0) }
    // The smallest number whose product with the size has the place as its high half.
    var wanted = place == 0 ? 0 : count.dividingFullWidth((place, 0)).quotient &+ 1
    if place != 0, wanted.multipliedFullWidth(by: count).high != place { wanted &-= 1 }
    var mixed = wanted
    mixed ^= mixed >> 31 ^ mixed >> 62
    mixed = mixed &* 0x3196_42B2_D24D_8EC3
    mixed ^= mixed >> 27 ^ mixed >> 54
    mixed = mixed &* 0x96DE_1B17_3F11_9089
    mixed ^= mixed >> 30 ^ mixed >> 60
    return SeededGenerator(seed: mixed &- 0x9E37_79B9_7F4A_7C15)
  }
}
