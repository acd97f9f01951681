// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// Many users in pairs who find their way to each other by ICE, each pair on a network of its own with the two homes
/// and a server for STUN, TURN and the rendezvous.
struct ICECrowd: Sendable {
  let users: Int
  let population: Population
  let plan: StreamPlan
  let seed: UInt64

  struct Outcome: Sendable {
    var traffic: TrafficResult
    /// Pairs that have tried, by the way that they found.
    var pairs: [TrafficReport.Way: Int] = [:]
  }

  /// Lets one pair after the other find a way and talk.
  ///
  /// - Parameter monitor: told how many pairs are done; false ends it.
  func run(watchedBy monitor: ((Int) -> Bool)?) throws(BuildError) -> Outcome {
    var outcome = Outcome(traffic: TrafficResult(plan: plan))
    outcome.traffic.server = ServerLoad()
    outcome.traffic.server?.length = plan.length
    for pair in 0..<users / 2 {
      if pair > 0, monitor?(pair) == false {
        outcome.traffic.wasStopped = true
        break
      }
      var call = try PairCall(population, seed: seed, number: pair)
      let (way, result) = call.run(plan) { monitor?(pair) ?? true }
      if let result { outcome.traffic.add(result) }
      if outcome.traffic.wasStopped { break }
      outcome.pairs[way, default: 0] += 1
    }
    return outcome
  }
}

/// Two homes and a server.
private struct PairCall {
  var network: Network
  private var ends: [Int] = []
  private var relay: Int?

  private static let server = IPAddress(ipv4: 0xCB00_7132)  // 203.0.113.50
  private static let ports: (stun: UInt16, rendezvous: UInt16, turn: UInt16) = (3_478, 3_480, 3_482)

  init(_ population: Population, seed: UInt64, number: Int) throws(BuildError) {
    var generator = SeededGenerator(seed: seed, name: "pair-\(number)", purpose: "population")
    network = Network(seed: generator.next())
    network.isTracing = false
    let server = try network.addHost(named: "server", addresses: [Self.server])
    // The host is new and its ports are free, so nothing can be refused.
    _ = try? network.start(STUNServer(port: Self.ports.stun, alternate: nil), on: server)
    _ = try? network.start(RendezvousServer(port: Self.ports.rendezvous), on: server)
    relay = try? network.start(TURNServer(port: Self.ports.turn), on: server)
    let servers = ICEProgram.Servers(
      stun: [Endpoint(Self.server, Self.ports.stun)], turn: Endpoint(Self.server, Self.ports.turn),
      rendezvous: Endpoint(Self.server, Self.ports.rendezvous))
    for (place, name) in ["alice", "bob"].enumerated() {
      let home = try addHome(population.draw(using: &generator), name: name, place: UInt32(place))
      let role = place == 0 ? ICEAgent.Role.controlling : .controlled
      let program = ICEProgram(
        role, name: name, peer: place == 0 ? "bob" : "alice", servers: servers, at: network.clock)
      if let id = try? network.start(program, on: home) { ends.append(id) }
    }
  }

  /// Adds a host with its router, and the provider's before it where that is what the kind means.
  private mutating func addHome(_ kind: MatrixKind, name: String, place: UInt32) throws(BuildError) -> DeviceID {
    let outside = IPAddress(ipv4: 0x3124_0A19 + place << 8)  // 49.36.10.25
    func prefix(_ address: UInt32, _ length: Int) throws(BuildError) -> IPPrefix {
      guard let prefix = IPPrefix(containing: IPAddress(ipv4: address), length: length) else {
        throw .noFreeAddress(in: "\(IPAddress(ipv4: address))/\(length)")
      }
      return prefix
    }
    // If nothing is translated, only a public network can be reached at all.
    let inside = try prefix(kind.behavior.translates ? 0xC0A8_0100 + place << 8 : 0x4242_4200 + place << 8, 24)
    var provider: DeviceID?
    var address = outside
    if kind == .preset(.cgnat) {
      let shared = try prefix(0x6440_0000, 10)  // 100.64.0.0/10
      provider = try network.addRouter(
        named: "isp-\(name)", addresses: [outside], prefixes: [shared], preset: .cgnat)
      address = shared.address.advanced(by: 10)
    }
    let preset = provider == nil ? kind.preset : .home
    let router = try network.addRouter(
      named: "home-\(name)", addresses: [address], prefixes: [inside], behind: provider, preset: preset)
    if provider == nil { network.configure(router, kind.behavior) }
    return try network.addHost(named: name, addresses: [inside.address.advanced(by: 10)], behind: router)
  }

  private func end(_ place: Int) -> ICEProgram? {
    ends.indices.contains(place) ? network.program(ends[place], as: ICEProgram.self) : nil
  }

  private var isDecided: Bool {
    [0, 1].allSatisfy { place in end(place).map { $0.hasWay || $0.agent?.state == .failed } ?? true }
  }

  /// Lets the two find a way and talk; `goesOn` false hangs up.
  mutating func run(
    _ plan: StreamPlan, whileTrue goesOn: @escaping () -> Bool
  ) -> (way: TrafficReport.Way, result: TrafficResult?) {
    while !isDecided, network.step() {}
    guard let one = end(0), let other = end(1), one.hasWay, other.hasWay else { return (.none, nil) }
    let way = one.way
    var call = CarriedCall<ICEProgram>(ends: ends, plan: plan, relay: way == .relayed ? relay : nil)
    return (way, call.run(in: &network) { _ in goesOn() })
  }
}
