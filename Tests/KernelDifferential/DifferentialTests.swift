// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import Testing

/// natsh's `preset linux` against the kernel's masquerade, packet by packet.
///
/// `KERNEL_PACKETS=1000000` sends as many packets, `KERNEL_SEED` begins elsewhere; CONTRIBUTING.md explains both.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct DifferentialTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let firstSeed = environment["KERNEL_SEED"].flatMap { UInt64($0) } ?? 1
  private static let packets = environment["KERNEL_PACKETS"].flatMap { Int($0) } ?? 0
  /// At least as many scenarios, whatever the number of packets.
  private static let leastScenarios = 1_500

  /// Plays the scenario of `seed` up to the first disagreement, which it returns.
  private func play(
    seed: UInt64, _ behavior: NATBehavior, _ kernel: KernelRouter, _ setup: Setup = .plain
  ) throws -> (scenario: Scenario, disagreement: String?) {
    try kernel.forgetConnections()
    var scenario = try Scenario(behavior, setup)
    var player = Player(seed: seed, setup)
    defer { if scenario.hasChangedForwards { try? kernel.forgetForwards() } }
    for _ in 0..<player.number(20...60) {
      if let change = player.forwardChange() { try scenario.change(change, kernel) }
      let (packet, side) = player.next()
      let emissions = try scenario.send(packet, from: side, at: .zero, kernel)
      if scenario.disagreement != nil { return (scenario, "the last packet fares differently") }
      player.see(packet, from: side, emissions)
    }
    return (scenario, try scenario.tableDifference(at: .zero, kernel))
  }

  @Test func theKernelAgreesOnEveryPacket() throws {
    let kernels = try Setup.all.map { try KernelRouter(setup: $0) }
    var (packets, scenarios, draws, forwards) = (0, 0, 0, 0)
    var seed = Self.firstSeed
    var again = 0
    while packets < Self.packets || scenarios < Self.leastScenarios {
      let place = Int(seed % UInt64(kernels.count))
      let kernel = kernels[place]
      let clock = ContinuousClock()
      let start = clock.now
      let (scenario, disagreement) = try play(seed: seed, NATPreset.linux.behavior, kernel, Setup.all[place])
      if let disagreement {
        // natsh's clock stands still meanwhile: on a machine that is busy with other things, the kernel's does not.
        if clock.now - start > .milliseconds(800), again < 100 {
          again += 1
          continue
        }
        Issue.record(
          "kernel and natsh disagree, seed \(seed): \(disagreement)\n\(scenario.report(kernel))")
        return
      }
      packets += scenario.packetCount
      draws += scenario.draws
      if scenario.hasChangedForwards { forwards += 1 }
      scenarios += 1
      seed &+= 1
      again = 0
    }
    // Ports drawn at random were compared as well.
    #expect(draws > scenarios / 4 && forwards > scenarios / 8)
    print(
      "\(packets) packets in \(scenarios) scenarios, \(forwards) with forwards that changed, \(draws) ports drawn at "
        + "random: kernel and natsh agree")
  }

  /// Behaviours that differ from the kernel's in one thing.
  static let wrong: [(name: String, change: @Sendable (inout NATBehavior) -> Void)] = [
    ("preset symmetric", { $0 = NATPreset.symmetric.behavior }),
    ("preset port-restricted-cone", { $0 = NATPreset.portRestrictedCone.behavior }),
    ("ports preserve", { $0.portAssignment = .preserve }),
    ("ports random 32768 60999", { $0.portAssignment = .random(32_768...60_999) }),
    ("mapping adm", { $0.mapping = .addressDependent }),
    ("filtering adf", { $0.filtering = .addressDependent }),
    ("hairpinning on", { $0.hairpinning = true }),
    ("tracking mappings", { $0.tracking = .mappings }),
    ("untracked dropped", { $0.untracked = .dropped }),
    ("rejects silently", { $0.rejection = .silently }),
    ("rejects icmp", { $0.rejection = .icmp }),
    ("udp-timeout 35s", { $0.lifetimes.udp = .seconds(35) }),
    ("icmp-timeout 35s", { $0.lifetimes.icmp = .seconds(35) }),
    ("tcp-established-timeout 119h", { $0.lifetimes.tcpEstablished = .hours(119) }),
    ("time-wait 130s", { $0.lifetimes.tcpStates.timeWait = .seconds(130) }),
    ("closed 15s", { $0.lifetimes.tcpStates.closed = .seconds(15) }),
    ("unacknowledged 310s", { $0.lifetimes.tcpStates.unacknowledged = .seconds(310) }),
  ]

  @Test(arguments: wrong.indices) func aWrongModelIsFound(place: Int) throws {
    let kernel = try KernelRouter()
    var behavior = NATPreset.linux.behavior
    Self.wrong[place].change(&behavior)
    let seeds: ClosedRange<UInt64> = 1...300
    let found = try seeds.first { try play(seed: $0, behavior, kernel).disagreement != nil }
    #expect(found != nil, "\(Self.wrong[place].name)")
  }

  /// The lifetimes that natsh gives `preset linux` are those of a namespace that nobody has set up.
  @Test func theLifetimesAreTheKernels() throws {
    let kernel = try KernelRouter()
    let lifetimes = NATPreset.linux.behavior.lifetimes
    for (name, lifetime) in lifetimes.netfilterParameters {
      let seconds = try #require(try kernel.parameter("netfilter/nf_conntrack_\(name)"), "\(name)")
      #expect(lifetime == .seconds(Int64(seconds)), "\(name)")
    }
    #expect(try kernel.parameter("netfilter/nf_conntrack_tcp_loose") == 1)
    #expect(try kernel.parameter("netfilter/nf_conntrack_tcp_max_retrans") == 3)
  }
}
