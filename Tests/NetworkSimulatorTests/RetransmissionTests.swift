// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// TCP that sends again what is not acknowledged (RFC 6298), and remembers what it has closed (TIME_WAIT).
@Suite("Retransmission and TIME_WAIT")
struct RetransmissionTests {
  private func homes() throws -> TwoHomes {
    var homes = try TwoHomes()
    for host in [homes.alice, homes.bob] { homes.network.setRetransmission(of: host, true) }
    return homes
  }

  private func sent(_ network: Network, by host: DeviceID) -> [(Interval, Packet)] {
    (1...network.trace.packetCount).compactMap { network.trace.packet($0) }.filter { $0.origin == host }
      .map { (Interval(microseconds: $0.sentAt.microseconds), $0.packet) }
  }

  @Test func aSYNIsSentAgainAndGivenUp() throws {
    var homes = try homes()
    homes.network.setFilters(of: homes.homeA, [RouterFilter(.tcp)])
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    let syns = sent(homes.network, by: homes.alice)
    #expect(syns.map(\.0) == [0, 1, 3, 7, 15, 31, 63].map { .seconds($0) })
    #expect(Set(syns.map(\.1)).count == 1)
    #expect(homes.network.clock == Instant(microseconds: 127_000_000))
    #expect(
      homes.network.trace.events(from: 1).map(\.name) == Array(repeating: "retransmitted", count: 6) + ["gave-up"])
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.map(\.packet) == [1])
    #expect(!homes.network.isBusy)
  }

  @Test func aStepIsEachTimeItIsSentAgain() throws {
    var homes = try homes()
    homes.network.setFilters(of: homes.homeA, [RouterFilter(.tcp)])
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    let wasDropped = homes.network.step()
    #expect(wasDropped && homes.network.inFlight == 0 && homes.network.isBusy)
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
    let didSendAgain = homes.network.step()
    #expect(didSendAgain)
    #expect(homes.network.clock == Instant(microseconds: 1_000_000) && homes.network.inFlight == 1)
    homes.network.setFilters(of: homes.homeA, [])
    homes.network.run()
    #expect(homes.network.clock < Instant(microseconds: 2_000_000))
    #expect(homes.network.host(homes.alice)?.connections.values.map(\.state) == [.established])
  }

  @Test func lostDataArrivesOnceAndInOrder() throws {
    for lost in [1, 2] {
      var homes = try homes()
      homes.network.setMTU(of: homes.bob, 100)
      try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
      homes.network.run()
      // Two segments are lost, or all acknowledgements.
      let rule = homes.homeA
      try homes.network.send(
        from: homes.alice, port: 5000, to: "88.90.100.110:80", .tcp, payload: .filler(150))
      if lost == 1 {
        homes.network.setFilters(of: rule, [RouterFilter(.tcp)])
        while homes.network.inFlight > 1 { _ = homes.network.step() }
        homes.network.setFilters(of: rule, [])
      } else {
        while homes.network.way(of: 4).last?.contains("bob") != true { _ = homes.network.step() }
        homes.network.setFilters(of: rule, [RouterFilter(.tcp)])
        homes.network.wait(.milliseconds(100))
        homes.network.setFilters(of: rule, [])
      }
      homes.network.run()
      let host = try #require(homes.network.host(homes.bob)?.connections.values.first)
      let start = try #require(homes.network.trace.packet(4)).packet.sequenceNumber
      #expect(host.receiveNext == start &+ 150, "\(lost)")
      #expect(homes.network.host(homes.alice)?.awaitsAcknowledgement == false)
      #expect(homes.network.trace.eventCount > 0)
    }
  }

  @Test func randomLossLosesNothing() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var homes = try TwoHomes(seed: seed)
      for host in [homes.alice, homes.bob] { homes.network.setRetransmission(of: host, true) }
      homes.network.setLoss(of: homes.homeA, perMillion: 300_000)
      homes.network.setMTU(of: homes.bob, 200)
      try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
      homes.network.run()
      guard homes.network.host(homes.alice)?.connections.values.first?.state == .established else { continue }
      try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:80", .tcp, payload: .filler(900))
      homes.network.run()
      let ends = [homes.alice, homes.bob].compactMap { homes.network.host($0)?.connections.values.first }
      // Unless it was given up, both ends agree about every byte.
      guard ends.count == 2 else { continue }
      #expect(ends[0].sendNext == ends[1].receiveNext, "seed \(seed)")
      #expect(!homes.network.isBusy)
    }
  }

  @Test func nothingIsSentAgainUnlessSet() throws {
    var homes = try TwoHomes()
    homes.network.setFilters(of: homes.homeA, [RouterFilter(.tcp)])
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    #expect(homes.network.trace.packetCount == 1 && homes.network.trace.eventCount == 0)
  }

  /// Bob closes first and remembers it; the same endpoints again are a new connection or an old segment, by the numbers.
  @Test func aPortIsUsedAgainTooEarly() throws {
    var ends: Set<String> = []
    for seed in 1...16 as ClosedRange<UInt64> {
      var network = Network(seed: seed)
      let alice = try network.addHost(named: "alice", addresses: ["45.10.20.30"])
      let bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
      network.setTimeWait(of: bob, .seconds(60))
      try network.connect(from: alice, port: 5000, to: "88.90.100.110:80")
      network.run()
      try network.close(from: bob, to: "45.10.20.30:5000")
      network.run()
      #expect(network.host(bob)?.connections.values.map(\.state) == [.timeWait])
      // The one that closed first cannot use the endpoints itself.
      #expect(throws: HostError.self) { try network.connect(from: bob, port: 80, to: "45.10.20.30:5000") }
      var later = network
      let again = try network.connect(from: alice, port: 5000, to: "88.90.100.110:80")
      network.run()
      ends.insert(network.end(of: again))
      later.wait(.seconds(60))
      let last = try later.connect(from: alice, port: 5000, to: "88.90.100.110:80")
      later.run()
      #expect(later.end(of: last) == "delivered at bob")
      #expect(later.host(alice)?.connections.values.map(\.state) == [.established])
    }
    #expect(ends == ["delivered at bob", "time-wait at bob"])
  }

  /// The old connection's acknowledgement is reset, which ends TIME_WAIT, and the second SYN opens the new one.
  @Test func aSYNSentAgainEndsTimeWait() throws {
    var network = Network(seed: 1)
    let alice = try network.addHost(named: "alice", addresses: ["45.10.20.30"])
    let bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
    network.setTimeWait(of: bob, .seconds(60))
    network.setRetransmission(of: alice, true)
    for _ in 0..<16 {
      try network.connect(from: alice, port: 5000, to: "88.90.100.110:80")
      network.run()
      #expect(network.host(alice)?.connections.values.map(\.state) == [.established])
      try network.close(from: bob, to: "45.10.20.30:5000")
      network.run()
    }
    let reasons = network.trace.hops(1...network.trace.hopCount).compactMap(\.reason)
    #expect(reasons.contains(.timeWait))
  }
}
