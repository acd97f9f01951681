// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import Testing

/// The effects of time on flows, in the kernel and in natsh: lifetimes are shortened to seconds, and natsh's clock
/// follows the real one.
///
/// Each scenario has four turns, two and a half seconds apart, and all wait at the same time. Lifetimes are such that
/// none ends near a turn: 1 s is over by the next one, 4 s by the one after it, 6 s by the one after that, and 30 s
/// never. Two seconds, after which UDP can become a stream, pass between any two turns and in none.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct ExpiryTests {
  private static let turns = 4
  private static let spacing = 2_500_000
  /// Scenarios in each of three rounds.
  private static let scenarios = 40
  private static let firstSeed = ProcessInfo.processInfo.environment["KERNEL_SEED"].flatMap { UInt64($0) } ?? 1
  /// Differences from the kernel that natsh is given on purpose: each must be found.
  private static let wrong: [(name: String, change: @Sendable (inout NATBehavior) -> Void)] = [
    ("refresh outbound", { $0.refresh = .outbound }),
    ("UDP is never a stream", { $0.lifetimes.udpStream = nil }),
    ("UDP is a stream at once", { $0.streamAfter = .zero }),
    ("tracking mappings", { $0.tracking = .mappings }),
  ]

  /// One scenario on its way.
  private struct Run {
    let seed: UInt64
    var scenario: Scenario
    var player: Player
    /// When its first turn came.
    var start: Instant?
    /// Whether its turns came about when they should. On a busy machine some scenarios' do not.
    var isOnTime = true
  }

  /// Scenarios under one set of lifetimes, in one kernel's router.
  private struct Round {
    let behavior: NATBehavior
    let kernel: KernelRouter
    var scenarios: [Run]
    /// The first disagreement; after it the round goes no further.
    var disagreement: String?

    init(seed: UInt64, count: Int, change: ((inout NATBehavior) -> Void)? = nil) throws {
      var generator = SeededGenerator(seed: seed)
      func one(of seconds: [Int64]) -> Interval { .seconds(seconds[Int(generator.below(UInt64(seconds.count)))]) }
      var behavior = NATPreset.linux.behavior
      behavior.lifetimes.udp = one(of: [1, 4, 4])
      behavior.lifetimes.udpStream = one(of: [1, 4, 6, 6])
      behavior.lifetimes.icmp = one(of: [1, 4])
      behavior.lifetimes.tcpEstablished = one(of: [6, 30, 30])
      behavior.lifetimes.tcpStates.synSent = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.synReceived = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.finWait = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.closeWait = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.lastAck = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.timeWait = one(of: [1, 4, 6])
      behavior.lifetimes.tcpStates.closed = one(of: [1, 4])
      behavior.lifetimes.tcpStates.unacknowledged = .seconds(6)
      if change != nil {
        // The difference must show, whatever was drawn.
        (behavior.lifetimes.udp, behavior.lifetimes.udpStream) = (.seconds(4), .seconds(30))
      }
      kernel = try KernelRouter(parameters: Self.parameters(behavior.lifetimes))
      change?(&behavior)
      self.behavior = behavior
      scenarios = try (0..<count).map { place in
        let seed = seed &* 1_000 &+ UInt64(place)
        let neighborhood = Neighborhood(place)
        return Run(
          seed: seed, scenario: try Scenario(behavior, in: neighborhood), player: Player(seed: seed, in: neighborhood))
      }
    }

    private static func parameters(_ lifetimes: MappingLifetimes) -> [String: Int] {
      var parameters: [String: Int] = [:]
      for (name, lifetime) in lifetimes.netfilterParameters {
        parameters["netfilter/nf_conntrack_\(name)"] = Int((lifetime ?? .zero).microseconds / 1_000_000)
      }
      return parameters
    }

    /// When the scenario's next turn is to be, given when it may begin.
    func due(_ turn: Int, of place: Int, firstAt first: Instant) -> Instant {
      (scenarios[place].start ?? first) + Interval(microseconds: Int64(turn * ExpiryTests.spacing))
    }

    /// Lets a scenario go on, unless it has not kept to the time.
    mutating func goOn(_ place: Int, due: Instant, _ now: () -> Instant) throws {
      guard disagreement == nil, scenarios[place].isOnTime else { return }
      if scenarios[place].start == nil { scenarios[place].start = now() }
      let text = try goOn(place, now)
      let late = now() - (scenarios[place].scenario.packetCount <= 6 ? scenarios[place].start ?? due : due)
      if late > .milliseconds(400) { scenarios[place].isOnTime = false }
      if let text, scenarios[place].isOnTime { disagreement = report(place, text) }
    }

    /// Lets a scenario go on; returns the first disagreement.
    private mutating func goOn(_ place: Int, _ now: () -> Instant) throws -> String? {
      if let difference = try scenarios[place].scenario.tableDifference(at: now(), kernel) {
        return "the tables differ: \(difference)"
      }
      for _ in 0..<6 {
        let (packet, side) = scenarios[place].player.next()
        let emissions = try scenarios[place].scenario.send(packet, from: side, at: now(), kernel)
        if scenarios[place].scenario.disagreement != nil { return "the last packet fares differently" }
        scenarios[place].player.see(packet, from: side, emissions)
      }
      return nil
    }

    private func report(_ place: Int, _ text: String) -> String {
      "kernel and natsh disagree, seed \(scenarios[place].seed): \(text)\n\(behavior.lifetimes)\n"
        + scenarios[place].scenario.report(kernel)
    }
  }

  @Test func theKernelAgreesOnWhatTimeDoes() throws {
    for _ in 1...5 {
      var rounds = try (0..<3).map { try Round(seed: Self.firstSeed &+ $0, count: Self.scenarios) }
      rounds += try Self.wrong.map { try Round(seed: Self.firstSeed, count: Self.scenarios, change: $0.change) }
      try letTimePass(&rounds)
      for disagreement in rounds.prefix(3).compactMap(\.disagreement) { Issue.record("\(disagreement)") }
      if rounds.prefix(3).contains(where: { $0.disagreement != nil }) { return }
      let compared = rounds.prefix(3).flatMap(\.scenarios).filter(\.isOnTime)
      print("\(compared.count) of \(3 * Self.scenarios) scenarios with expiry were compared: kernel and natsh agree")
      // A machine that is busy with other things is asked again.
      guard compared.count >= Self.scenarios else { continue }
      let late = rounds.dropFirst(3).contains { round in
        round.disagreement == nil && round.scenarios.filter(\.isOnTime).count < Self.scenarios / 3
      }
      if late { continue }
      for (round, wrong) in zip(rounds.dropFirst(3), Self.wrong) {
        #expect(round.disagreement != nil, "\(wrong.name)")
      }
      return
    }
    Issue.record("the machine is too busy: too few scenarios kept to the time")
  }

  /// Plays all rounds at the same time. The scenarios begin one after another, spread over the time between two turns.
  private func letTimePass(_ rounds: inout [Round]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let now = { Instant(microseconds: Int64((clock.now - start) / .microseconds(1))) }
    let all = rounds.indices.flatMap { round in rounds[round].scenarios.indices.map { (round, $0) } }
    for turn in 0..<Self.turns {
      for (number, (round, place)) in all.enumerated() {
        let first = Instant(microseconds: Int64(number * Self.spacing / all.count))
        let due = rounds[round].due(turn, of: place, firstAt: first)
        while now() < due { Thread.sleep(forTimeInterval: 0.001) }
        try rounds[round].goOn(place, due: due, now)
      }
    }
  }
}
