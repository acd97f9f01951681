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

/// Two homes and a server, and a call between them.
private struct PairCall {
  private var network: Network
  private var ends: [Int] = []
  private let relay: Int?

  private static let turn = Endpoint(MatrixPlace.server.address, MatrixPlace.rendezvous.port + 2)

  init(_ population: Population, seed: UInt64, number: Int) throws(BuildError) {
    var generator = SeededGenerator(seed: seed, name: "pair-\(number)", purpose: "population")
    let seed = generator.next()
    let kinds = (population.draw(using: &generator), population.draw(using: &generator))
    var place = try MatrixPlace(kinds.0, kinds.1, nestsProviders: true, seed: seed)
    place.serve()
    network = place.network
    network.isTracing = false
    // The host is new and the port is free, so nothing can be refused.
    relay = try? network.start(TURNServer(port: Self.turn.port), on: place.server)
    let servers = ICEProgram.Servers(stun: [MatrixPlace.server], turn: Self.turn, rendezvous: MatrixPlace.rendezvous)
    for (home, peer, role) in [(0, 1, ICEAgent.Role.controlling), (1, 0, .controlled)] {
      let program = ICEProgram(
        role, name: MatrixPlace.homes[home].host, peer: MatrixPlace.homes[peer].host, servers: servers,
        at: network.clock)
      if let id = try? network.start(program, on: place.hosts[home]) { ends.append(id) }
    }
  }

  private func end(_ place: Int) -> ICEProgram? {
    ends.indices.contains(place) ? network.program(ends[place], as: ICEProgram.self) : nil
  }

  /// Whether each end has found a way or given up.
  private var isDecided: Bool {
    ends.allSatisfy { end in network.state(ofProgram: end).map(ICEProgram.lastStates.contains) ?? true }
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
