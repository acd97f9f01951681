// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

/// Hosts whose packets are made and taken outside.
@Suite struct OutsideStackTests {
  private struct World {
    var network = Network()
    var alice: DeviceID
    var bob: DeviceID

    init() throws {
      let home = try network.addRouter(named: "home")
      alice = try network.addHost(named: "alice", behind: home)
      bob = try network.addHost(named: "bob")
      network.setStack(of: alice, isOutside: true)
      network.setStack(of: bob, isOutside: true)
    }

    func packet(_ count: Int = 4) -> Packet {
      Packet(
        .udp, from: Endpoint(network.addresses(of: alice)[0], 5_000), to: Endpoint(network.addresses(of: bob)[0], 7),
        payload: .data([UInt8](repeating: 9, count: count)))
    }
  }

  @Test func aPacketGoesThroughAndIsNotAnswered() throws {
    var world = try World()
    let number = world.network.inject(world.packet(), from: world.alice)
    while world.network.step() {}
    let arrivals = world.network.takeOutsideArrivals()
    #expect(arrivals.map(\.number) == [number])
    #expect(arrivals.first?.host == world.bob)
    #expect(arrivals.first?.packet.source.port == 62_000)
    #expect(arrivals.first?.packet.timeToLive == 62)
    #expect(world.network.takeOutsideArrivals().isEmpty)
    #expect(world.network.trace.packetCount == 1)
    #expect(world.network.trace.hops(ofPacket: number).last?.verdict == .delivered)
  }

  @Test func nothingIsAnsweredInItsName() throws {
    var world = try World()
    let carol = try world.network.addHost(named: "carol")
    try world.network.ping(from: carol, to: world.network.addresses(of: world.bob)[0])
    world.network.setPortPolicy(of: world.bob, .bound)
    try world.network.send(from: carol, to: Endpoint(world.network.addresses(of: world.bob)[0], 9))
    try world.network.connect(from: carol, to: Endpoint(world.network.addresses(of: world.bob)[0], 9))
    while world.network.step() {}
    #expect(world.network.takeOutsideArrivals().map(\.packet.transport) == [.icmp, .udp, .tcp])
    #expect(world.network.trace.packetCount == 3)
  }

  @Test func itsPiecesStayPieces() throws {
    var world = try World()
    world.network.inject(world.packet(3_000), from: world.alice, inPiecesOf: 1_500)
    while world.network.step() {}
    let pieces = world.network.takeOutsideArrivals().map(\.packet)
    #expect(pieces.compactMap(\.fragment).map(\.offset) == [0, 1_480, 2_960])
    // Cutting was the stack's own decision about one packet.
    world.network.inject(world.packet(3_000), from: world.alice)
    while world.network.step() {}
    #expect(world.network.takeOutsideArrivals().map(\.packet.fragment) == [nil])
  }

  @Test func aStackComesBack() throws {
    var world = try World()
    world.network.setStack(of: world.bob, isOutside: false)
    #expect(!world.network.hasStackOutside(world.bob))
    world.network.inject(world.packet(), from: world.alice)
    while world.network.step() {}
    #expect(world.network.takeOutsideArrivals().isEmpty)
  }

  @Test func whatIsDueNextIsKnown() throws {
    var world = try World()
    #expect(world.network.nextDue == .never)
    world.network.inject(world.packet(), from: world.alice)
    #expect(world.network.nextDue == Instant(microseconds: 1_000))
  }
}
