// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import Testing

/// What time does to flows, in the kernel and in natsh: lifetimes are shortened to seconds, and natsh's clock goes by the
/// real one.
///
/// All scenarios go on at the same moments, two and a half seconds apart, so that the waiting is done once for all. Lifetimes
/// are such that none ends near a moment: 1 s is over by the next one, 4 s by the one after it, 6 s by the one after that,
/// and 30 s never. Two seconds, after which UDP can become a stream, pass between any two moments and in none.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct ExpiryTests {
  private static let moments = [0.0, 2.5, 5.0, 7.5]
  /// A moment may last so long; then nothing comes near a lifetime's end.
  private static let longestMoment = 0.4
  private static let scenarios = 60
  private static let firstSeed = ProcessInfo.processInfo.environment["KERNEL_SEED"].flatMap { UInt64($0) } ?? 1

  /// Scenarios under one set of lifetimes, in one kernel's router.
  private struct Round {
    let behavior: NATBehavior
    let kernel: KernelRouter
    var scenarios: [(seed: UInt64, scenario: Scenario, player: Player)]

    init(seed: UInt64, count: Int) throws {
      var luck = SeededGenerator(seed: seed)
      func one(of seconds: [Int64]) -> Interval { .seconds(seconds[Int(luck.below(UInt64(seconds.count)))]) }
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
      self.behavior = behavior
      kernel = try KernelRouter(parameters: Self.parameters(behavior.lifetimes))
      scenarios = try (0..<count).map { place in
        let seed = seed &* 1_000 &+ UInt64(place)
        let neighborhood = Neighborhood(place)
        return (seed, try Scenario(behavior, in: neighborhood), Player(seed: seed, in: neighborhood))
      }
    }

    private static func parameters(_ lifetimes: MappingLifetimes) -> [String: Int] {
      let states = lifetimes.tcpStates
      let named: [(String, Interval?)] = [
        ("udp_timeout", lifetimes.udp), ("udp_timeout_stream", lifetimes.udpStream), ("icmp_timeout", lifetimes.icmp),
        ("tcp_timeout_established", lifetimes.tcpEstablished), ("tcp_timeout_syn_sent", states.synSent),
        ("tcp_timeout_syn_recv", states.synReceived), ("tcp_timeout_fin_wait", states.finWait),
        ("tcp_timeout_close_wait", states.closeWait), ("tcp_timeout_last_ack", states.lastAck),
        ("tcp_timeout_time_wait", states.timeWait), ("tcp_timeout_close", states.closed),
        ("tcp_timeout_unacknowledged", states.unacknowledged),
      ]
      var parameters = ["netfilter/nf_conntrack_tcp_max_retrans": 255]
      for (name, lifetime) in named {
        parameters["netfilter/nf_conntrack_\(name)"] = Int((lifetime ?? .zero).microseconds / 1_000_000)
      }
      return parameters
    }

    /// Lets every scenario go on; returns the first disagreement.
    mutating func goOn(_ now: () -> Instant) throws -> String? {
      // Reading the table collects what has expired, as natsh does at once.
      let flows = TrackedFlow.all(in: try kernel.connections())
      for place in scenarios.indices {
        if let difference = scenarios[place].scenario.tableDifference(to: flows, at: now()) {
          return report(place, "the tables differ: \(difference)")
        }
        for _ in 0..<6 {
          let (packet, side) = scenarios[place].player.next()
          let emissions = try scenarios[place].scenario.send(packet, from: side, at: now(), kernel)
          if scenarios[place].scenario.disagreement != nil {
            return report(place, "the last packet fares differently")
          }
          scenarios[place].player.see(packet, from: side, emissions)
        }
      }
      return nil
    }

    private func report(_ place: Int, _ text: String) -> String {
      "kernel and natsh disagree, seed \(scenarios[place].seed): \(text)\n\(behavior.lifetimes)\n"
        + scenarios[place].scenario.report(kernel)
    }
  }

  @Test func `the kernel agrees on what time does`() throws {
    var count = Self.scenarios
    for attempt in 1...3 {
      var rounds = try (0..<3).map { try Round(seed: Self.firstSeed &+ $0, count: count) }
      let clock = ContinuousClock()
      let start = clock.now
      let now = { Instant(microseconds: Int64((clock.now - start) / .microseconds(1))) }
      var isTooSlow = false
      for moment in Self.moments {
        let due = start + .milliseconds(Int(moment * 1_000))
        while clock.now < due { Thread.sleep(forTimeInterval: 0.002) }
        for place in rounds.indices {
          if let disagreement = try rounds[place].goOn(now), !isTooSlow {
            let late = (clock.now - due) / .milliseconds(1)
            guard late > Self.longestMoment * 1_000 else {
              Issue.record("\(disagreement)")
              return
            }
            isTooSlow = true
          }
        }
        if (clock.now - due) / .seconds(1) > Self.longestMoment { isTooSlow = true }
        if isTooSlow { break }
      }
      guard isTooSlow else {
        let packets = rounds.flatMap(\.scenarios).reduce(0) { $0 + $1.scenario.packetCount }
        print("\(packets) packets in \(3 * count) scenarios over \(Self.moments.last ?? 0) s: kernel and natsh agree")
        return
      }
      print("attempt \(attempt): the machine is too slow for \(3 * count) scenarios at a time")
      count /= 4
    }
    Issue.record("the machine is too slow even for \(count * 4) scenarios at a time")
  }
}
