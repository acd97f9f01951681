// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import Testing

/// natsh's `preset linux` against the kernel's masquerade, packet by packet.
///
/// `KERNEL_PACKETS=1000000` sends as many packets, `KERNEL_SEED` begins elsewhere; CONTRIBUTING.md tells of both.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct DifferentialTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let firstSeed = environment["KERNEL_SEED"].flatMap { UInt64($0) } ?? 1
  private static let packets = environment["KERNEL_PACKETS"].flatMap { Int($0) } ?? 0
  /// At least as many scenarios, whatever the number of packets.
  private static let leastScenarios = 600

  /// Plays the scenario of `seed`, up to the first disagreement.
  private func play(seed: UInt64, _ behavior: NATBehavior, _ kernel: KernelRouter) throws -> Scenario {
    try kernel.forgetConnections()
    var scenario = try Scenario(behavior)
    var player = Player(seed: seed)
    for _ in 0..<player.number(20...60) {
      let (packet, side) = player.next()
      let emissions = try scenario.send(packet, from: side, at: .zero, kernel)
      if scenario.disagreement != nil { return scenario }
      player.see(packet, from: side, emissions)
    }
    return scenario
  }

  @Test func `the kernel agrees on every packet`() throws {
    let kernel = try KernelRouter()
    var (packets, scenarios, draws) = (0, 0, 0)
    var seed = Self.firstSeed
    while packets < Self.packets || scenarios < Self.leastScenarios {
      var scenario = try play(seed: seed, NATPreset.linux.behavior, kernel)
      if scenario.disagreement != nil {
        Issue.record("kernel and natsh disagree on the last packet\n\(scenario.report(seed: seed, kernel))")
        return
      }
      if let difference = try scenario.tableDifference(at: .zero, kernel) {
        Issue.record("kernel and natsh end with different tables\n\(difference)\n\(scenario.report(seed: seed, kernel))")
        return
      }
      packets += scenario.packetCount
      draws += scenario.draws
      scenarios += 1
      seed &+= 1
    }
    // What is drawn by lot is among what was compared.
    #expect(draws > scenarios / 4)
    print("\(packets) packets in \(scenarios) scenarios, \(draws) ports drawn by lot: kernel and natsh agree")
  }
}
