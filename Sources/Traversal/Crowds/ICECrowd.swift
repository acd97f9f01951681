// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Synchronization

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

  /// As many pairs as are tried before their measurements are added up.
  private static let batch = 64

  /// Lets the pairs find a way and talk.
  ///
  /// - Parameters:
  ///   - doAll: Does so many pieces of work, at the same time or not; the outcome is the same.
  ///   - monitor: Told how many pairs are done; false ends it; the pairs before the first that had not ended count.
  func run(
    doingAll doAll: (Int, @Sendable (Int) -> Void) -> Void, watchedBy monitor: (@Sendable (Int) -> Bool)?
  ) throws(BuildError) -> Outcome {
    var outcome = Outcome(traffic: TrafficResult(plan: plan))
    outcome.traffic.server = ServerLoad()
    outcome.traffic.server?.length = plan.length
    let pairs = users / 2
    for first in stride(from: 0, to: pairs, by: Self.batch) {
      for attempt in attempts(of: first..<min(first + Self.batch, pairs), doAll, watchedBy: monitor) {
        guard let attempt = try attempt.get() else {
          outcome.traffic.wasStopped = true
          return outcome
        }
        if let result = attempt.result { outcome.traffic.add(result) }
        outcome.pairs[attempt.way, default: 0] += 1
      }
    }
    return outcome
  }

  /// What became of each pair, all of them at once; nil for those that were stopped.
  private func attempts(
    of pairs: Range<Int>, _ doAll: (Int, @Sendable (Int) -> Void) -> Void, watchedBy monitor: (@Sendable (Int) -> Bool)?
  ) -> [Result<PairCall.Attempt?, BuildError>] {
    let attempts = Mutex([Result<PairCall.Attempt?, BuildError>](repeating: .success(nil), count: pairs.count))
    let done = Atomic(pairs.lowerBound)
    let goesOn = Atomic(true)
    let asks = { @Sendable in
      if goesOn.load(ordering: .relaxed), monitor?(done.load(ordering: .relaxed)) == false {
        goesOn.store(false, ordering: .relaxed)
      }
      return goesOn.load(ordering: .relaxed)
    }
    doAll(pairs.count) { index in
      let number = pairs.lowerBound + index
      guard number == 0 || asks() else { return }
      let attempt = Result { () throws(BuildError) in
        var call = try PairCall(population, seed: seed, number: number)
        return call.run(plan, whileTrue: asks)
      }
      attempts.withLock { $0[index] = attempt }
      done.add(1, ordering: .relaxed)
    }
    return attempts.withLock { $0 }
  }
}

/// Two homes and a server, and a call between them.
private struct PairCall {
  /// The way that the two have found, and what their streams then measured.
  struct Attempt: Sendable {
    var way: TrafficReport.Way
    var result: TrafficResult?
  }

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

  /// Lets the two find a way and talk; nil if `goesOn` said false.
  mutating func run(_ plan: StreamPlan, whileTrue goesOn: @escaping () -> Bool) -> Attempt? {
    while !isDecided, network.step() {}
    guard let one = end(0), let other = end(1), one.hasWay, other.hasWay else { return Attempt(way: .none) }
    let way = one.way
    var call = CarriedCall<ICEProgram>(ends: ends, plan: plan, relay: way == .relayed ? relay : nil)
    let result = call.run(in: &network) { _ in goesOn() }
    return result.wasStopped ? nil : Attempt(way: way, result: result)
  }
}
