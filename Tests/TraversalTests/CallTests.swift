// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Traversal

/// Two people, their routers, and a server that both can reach.
private struct Town {
  var network = Network(seed: 7)
  var alice: DeviceID
  var bob: DeviceID
  var server: DeviceID

  /// Behind routers of their own, or not.
  init(aliceIsHome: Bool, bobIsHome: Bool) throws {
    let (insideA, insideB) = (try #require(IPPrefix("192.168.1.0/24")), try #require(IPPrefix("192.168.0.0/24")))
    let homeA = aliceIsHome ? try network.addRouter(named: "home-a", prefixes: [insideA]) : nil
    let homeB = bobIsHome ? try network.addRouter(named: "home-b", prefixes: [insideB]) : nil
    alice = try network.addHost(named: "alice", behind: homeA)
    bob = try network.addHost(named: "bob", behind: homeB)
    server = try network.addHost(named: "server")
  }

  func endpoint(_ id: DeviceID, _ port: UInt16 = 4_000) throws -> Endpoint {
    Endpoint(try #require(network.addresses(of: id).first), port)
  }

  mutating func call(
    _ from: DeviceID, _ to: DeviceID, via relay: Bool = false, bitsPerSecond: Int64 = 2_000_000,
    _ duration: Interval = .seconds(1)
  ) throws -> TrafficResult {
    let plan = try #require(StreamPlan(bitsPerSecond: bitsPerSecond, duration: duration))
    let caller = Call.Party(host: from, port: 5_000)
    let called = Call.Party(host: to, port: 4_000)
    let meeting = try endpoint(server).address
    let path =
      relay
      ? Call.Path.relayed(
        called: called, by: Call.Party(host: server, port: Call.relayPort), address: meeting, calledAddress: meeting)
      : .direct(to: try endpoint(to), called: called)
    let result = try Call(caller: caller, path: path, plan: plan).run(in: &network)
    return try #require(result)
  }
}

@Suite struct CallTests {
  @Test(
    arguments: [
      // caller at home, called at home, via the server: packets, lost, delay
      (false, false, false, 416, 0, 20), (false, false, true, 416, 0, 40), (true, false, false, 416, 0, 21),
      (true, false, true, 416, 0, 41), (false, true, false, 208, 208, nil), (false, true, true, 416, 0, 41),
      (true, true, false, 208, 208, nil), (true, true, true, 416, 0, 42),
    ] as [(Bool, Bool, Bool, Int, Int, Int64?)])
  func aCallGetsThroughIfItsRoutersAllow(
    callerIsHome: Bool, calledIsHome: Bool, relay: Bool, packets: Int, lost: Int, delay: Int64?
  ) throws {
    var town = try Town(aliceIsHome: callerIsHome, bobIsHome: calledIsHome)
    let result = try town.call(town.alice, town.bob, via: relay)
    #expect(result.sent == packets && result.lost == lost)
    #expect(result.delays.summary?.minimum == delay.map { .milliseconds($0) })
    #expect(result.delays.summary?.maximum == delay.map { .milliseconds($0) })
    #expect(
      result.losses == (lost == 0 ? [] : [.init(node: .internet, end: .dropped(.privateDestination), packets: lost)]))
    #expect(result.server?.inBitsPerSecond == (relay ? 4_000_000 : nil))
    #expect(result.server?.outBitsPerSecond == (relay ? 4_000_000 : nil))
    #expect(town.network.inFlight == 0)
  }

  @Test func neighboursMeetAtTheirSwitch() throws {
    var town = try Town(aliceIsHome: true, bobIsHome: false)
    let home = try #require(town.network.device(named: "home-a")).id
    let carol = try town.network.addHost(named: "carol", behind: home)
    let result = try town.call(town.alice, carol)
    #expect(result.lost == 0 && result.delays.summary?.minimum == .milliseconds(2))
    #expect(result.delays.summary?.maximum == .milliseconds(2))
  }

  @Test func lostPacketsAreCounted() throws {
    var town = try Town(aliceIsHome: false, bobIsHome: false)
    town.network.setLoss(of: town.bob, perMillion: 100_000)
    let result = try town.call(town.alice, town.bob, .seconds(10))
    #expect(result.sent == 4_166 && (300..<550).contains(result.lost))
    #expect(result.losses.reduce(0) { $0 + $1.packets } == result.lost)
    #expect(Set(result.losses.map(\.node)) == [town.bob, .internet])
    #expect(result.losses.allSatisfy { $0.end == .dropped(.loss) })
  }

  @Test func aNarrowLinkFillsItsQueueAndDrops() throws {
    var town = try Town(aliceIsHome: false, bobIsHome: false)
    town.network.setRate(of: town.alice, 1_000_000)
    let result = try town.call(town.alice, town.bob, via: true, .seconds(10))
    // 1 Mbit/s of packets of 1,228 bytes, and what fits into 100 ms of queue, each way.
    let passed = 2 * (1_000_000 * 10 / (1_228 * 8))
    #expect((passed...passed + 40).contains(result.received))
    #expect(Set(result.losses.map(\.end)) == [.dropped(.queueFull)])
    let delays = try #require(result.delays.summary)
    #expect(delays.minimum > .milliseconds(49) && delays.maximum <= .milliseconds(160))
    let server = try #require(result.server)
    // Bob's whole stream arrives, and as much of Alice's as her link lets through; the server sends on what it has.
    #expect((2_900_000...3_000_000).contains(server.inBitsPerSecond))
    #expect(server.outBitsPerSecond == server.inBitsPerSecond)
  }

  @Test func registrationIsTriedAgain() throws {
    var town = try Town(aliceIsHome: true, bobIsHome: true)
    town.network.setLoss(of: town.server, perMillion: 300_000)
    let result = try town.call(town.alice, town.bob, via: true)
    #expect(result.streams == 2 && result.sent == 416 && result.received > 0)
  }

  @Test func aServerOutOfReachStartsNothing() throws {
    var town = try Town(aliceIsHome: true, bobIsHome: true)
    town.network.setLoss(of: town.server, perMillion: 1_000_000)
    let result = try town.call(town.alice, town.bob, via: true)
    #expect(result.streams == 0 && result.sent == 0 && result.delays.summary == nil)
    #expect(result.losses == [.init(node: .internet, end: .dropped(.loss), packets: 14)])
  }

  @Test func portsOpenForTheCallAlone() throws {
    var town = try Town(aliceIsHome: false, bobIsHome: false)
    town.network.setPortPolicy(of: town.bob, .bound)
    town.network.setPortPolicy(of: town.server, .bound)
    town.network.listen(town.server, .udp, port: 80)
    #expect(try town.call(town.alice, town.bob).lost == 0)
    #expect(try town.call(town.alice, town.bob, via: true).lost == 0)
    #expect(town.network.host(town.bob)?.listeningPorts.isEmpty == true)
    #expect(town.network.host(town.server)?.listeningPorts.map(\.port) == [80])
  }

  /// Bob calls Alice's address, which his own printer has as well.
  @Test func aNeighbourWithThatAddressIsNotReached() throws {
    var town = try Town(aliceIsHome: true, bobIsHome: false)
    let address = try town.endpoint(town.alice).address
    let prefix = try #require(IPPrefix("192.168.1.0/24"))
    let home = try town.network.addRouter(named: "home-b", prefixes: [prefix])
    let printer = try town.network.addHost(named: "printer", addresses: [address], behind: home)
    let carol = try town.network.addHost(named: "carol", behind: home)
    let result = try town.call(carol, town.alice)
    #expect(result.sent == 208 && result.received == 0 && result.streams == 1)
    #expect(result.losses == [.init(node: printer, end: .strayed, packets: 208)])
  }

  @Test func theSameSeedGivesTheSameCall() throws {
    func figures() throws -> [Int64] {
      var town = try Town(aliceIsHome: true, bobIsHome: true)
      town.network.setLoss(of: town.bob, perMillion: 50_000)
      let result = try town.call(town.alice, town.bob, via: true, bitsPerSecond: 1_234_567)
      return [Int64(result.received), town.network.clock.microseconds, Int64(town.network.trace.hopCount)]
    }
    #expect(try figures() == figures())
  }
}
