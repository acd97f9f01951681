// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Requests for a TCP connection that a router rejects with an error are answered six seconds later (RFC 5382 REQ-4).
@Suite("Held requests")
struct HeldRequestTests {
  private func homes() throws -> TwoHomes {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    homes.network.configure(homes.homeA, behavior)
    return homes
  }

  @Test func answeredAfterSixSeconds() throws {
    var homes = try homes()
    try homes.network.connect(from: homes.bob, port: 80, to: "49.36.10.25:5000")
    homes.network.wait(.seconds(6))
    #expect(homes.network.story().last == "20ms home-a dropped no-mapping syn")
    #expect(homes.network.inFlight == 1 && homes.network.takeUnanswered().isEmpty)
    #expect(homes.network.refusal(of: 1).heldUntil == .zero + .milliseconds(6_020))
    homes.network.run()
    #expect(
      homes.network.story(after: 3) == [
        "6s20ms home-a sent port-unreachable", "6s30ms internet forwarded port-unreachable",
        "6s40ms bob delivered port-unreachable",
      ])
    #expect(homes.network.refusal(of: 1).packet == 2 && homes.network.inFlight == 0)
    #expect(homes.network.takeUnanswered().isEmpty)
  }

  /// The inside's own SYN cancels the answer, and the connection opens from both sides.
  @Test func notAnsweredWhenBothSidesOpen() throws {
    var homes = try homes()
    try homes.network.connect(from: homes.bob, port: 80, to: "49.36.10.25:62000")
    homes.network.wait(.seconds(5))
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    #expect(homes.network.inFlight == 0 && homes.network.takeUnanswered().isEmpty)
    #expect(homes.network.story().filter { $0.contains("unreachable") } == [])
    #expect(homes.network.router(homes.homeA)?.nat.mappings.first?.state == "established")
  }

  @Test func aRemovedRouterAnswersNobody() throws {
    var homes = try homes()
    try homes.network.connect(from: homes.bob, port: 80, to: "49.36.10.25:5000")
    homes.network.wait(.seconds(1))
    let hops = homes.network.trace.hopCount
    for device in [homes.alice, homes.carol, homes.homeA] { try homes.network.remove(device) }
    homes.network.wait(.seconds(9))
    #expect(homes.network.trace.hopCount == hops && homes.network.inFlight == 0)
  }

  /// Other refused packets are answered at once; a host inside is told when there is no room for its flow (RFC 5508
  /// REQ-8).
  @Test func othersAreAnsweredAtOnce() throws {
    var homes = try homes()
    try homes.network.send(from: homes.bob, port: 1, to: "49.36.10.25:5000")
    homes.network.run()
    #expect(homes.network.story().last == "40ms bob delivered administratively-prohibited")
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    behavior.maximumMappings = 0
    homes.network.configure(homes.homeA, behavior)
    try homes.network.send(from: homes.alice, port: 1, to: "88.90.100.110:1")
    homes.network.run()
    #expect(homes.network.story().last == "42ms alice delivered administratively-prohibited")
  }
}
