// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Packets too long for a link.
@Suite("Fragments in the network")
struct FragmentTests {
  private static let bob: Endpoint = "88.90.100.110:4000"

  /// Sends the given number of bytes from alice's port 5000 to bob; returns how the packet ended.
  private func end(
    _ homes: inout TwoHomes, _ length: Int, _ transport: TransportProtocol = .udp, dontFragment: Bool = false
  ) throws -> String {
    let payload = Payload.data(Array(repeating: 65, count: length))
    homes.network.own(homes.bob, .udp, port: Self.bob.port)
    let number = try homes.network.send(
      from: homes.alice, port: 5000, to: Self.bob, transport, payload: payload, dontFragment: dontFragment)
    homes.network.run()
    return homes.network.end(of: number)
  }

  @Test func aHostCutsWhatItsOwnLinkDoesNotTake() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.alice, 100)
    #expect(try end(&homes, 72) == "delivered at bob")
    #expect(homes.network.trace.hops(1...4).allSatisfy { $0.fragment == nil })
    #expect(try end(&homes, 73) == "delivered at bob")
    let pieces = homes.network.trace.hops(5...99).compactMap(\.fragment)
    // Two pieces at the router, the internet and bob, who then has the whole packet.
    #expect(
      pieces.map(\.offset) == [0, 80, 0, 80, 0, 80] && pieces.map(\.isLast) == [false, true, false, true, false, true])
    #expect(homes.network.takeDelivery()?.payload?.length == 73)
    #expect(homes.network.device(homes.bob).delivered.packets == 2)
  }

  @Test func aRouterCutsAgainWhatHasBeenCut() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.alice, 220)
    homes.network.setMTU(of: homes.homeA, 100)
    #expect(try end(&homes, 900) == "delivered at bob")
    #expect(homes.network.takeDelivery()?.payload == .data(Array(repeating: 65, count: 900)))
    #expect(homes.network.router(homes.homeA)?.nat.waitingFragments == 0)
  }

  @Test(arguments: [TransportProtocol.udp, .tcp, .icmp])
  func everyProtocolsPiecesAreOneRow(transport: TransportProtocol) throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.alice, 68)
    #expect(try end(&homes, 500, transport) == "delivered at bob")
    #expect(homes.network.router(homes.homeA)?.nat.mappings.map(\.packetsOut).first == (transport == .tcp ? 2 : 1))
    #expect(homes.network.takeUnanswered().isEmpty)
  }

  /// With "do not fragment" the sender is told, and remembers it.
  @Test func aPacketThatMustNotBeCutIsRefused() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.homeA, 100)
    #expect(try end(&homes, 73, dontFragment: true) == "too-big at home-a")
    #expect(homes.network.answers(to: 1).map(\.packet.icmp) == [.fragmentationNeeded])
    #expect(homes.network.answers(to: 1).map(\.packet.icmpSequence) == [100])
    #expect(try end(&homes, 73, dontFragment: true) == "too-big at alice")
    #expect(try end(&homes, 73) == "delivered at bob")
    #expect(homes.network.host(homes.alice)?.pathMTU[Self.bob.address]?.length == 100)
  }

  /// In IPv6 only the host fragments; it has been told how much passes.
  @Test func inIPv6OnlyTheHostCuts() throws {
    var network = Network()
    let home = try network.addRouter(named: "home", addresses: ["2001:db8:1::1"], prefixes: ["2001:db8:a::/64"])
    let alice = try network.addHost(named: "alice", addresses: ["2001:db8:a::10"], behind: home)
    let bob = try network.addHost(named: "bob", addresses: ["2001:db8:2::20"])
    network.setMTU(of: bob, 1_280)
    for (number, outcome) in [(1, "too-big at internet"), (3, "delivered at bob")] {
      let sent = try network.send(from: alice, port: 5, to: "[2001:db8:2::20]:4", payload: .filler(2_000))
      network.run()
      #expect(sent == number && network.end(of: number) == outcome)
    }
  }

  @Test func aLostPieceLosesThePacket() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.alice, 68)
    homes.network.setLoss(of: homes.bob, perMillion: 300_000)
    #expect(try end(&homes, 2_000) == "loss at internet")
    #expect(homes.network.takeDelivery()?.number == nil)
  }

  @Test func neighboursAndTheRouterItselfPutPiecesTogether() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.carol, 100)
    let toCarol = try homes.network.send(from: homes.alice, to: "192.168.1.11:9", payload: .filler(300))
    homes.network.setMTU(of: homes.alice, 68)
    let toRouter = try homes.network.ping(from: homes.alice, to: "192.168.1.1")
    homes.network.run()
    #expect(homes.network.end(of: toCarol) == "delivered at carol")
    #expect(homes.network.end(of: toRouter) == "delivered at home-a" && homes.network.takeUnanswered().isEmpty)
  }
}
