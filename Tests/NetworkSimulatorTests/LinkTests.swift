// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Loss, rates and queues, and packets whose device goes away under them.
@Suite struct LinkTests {
  @Test func aLostPacketIsDroppedWhereItWasSent() throws {
    let table: [(lossy: String, from: String, to: Endpoint, way: [String])] = [
      ("alice", "alice", "88.90.100.110:1", ["0s alice sent", "0s alice dropped loss"]),
      ("home-a", "alice", "88.90.100.110:1", ["0s alice sent", "1ms home-a dropped loss"]),
      (
        "bob", "alice", "88.90.100.110:1",
        ["0s alice sent", "1ms home-a translated", "11ms internet dropped loss"]
      ),
      ("carol", "alice", "192.168.1.11:1", ["0s alice sent", "1ms alice dropped loss"]),
      ("alice", "alice", "192.168.1.11:1", ["0s alice sent", "0s alice dropped loss"]),
      ("home-a", "alice", "192.168.1.11:1", ["0s alice sent", "2ms carol delivered"]),
      ("alice", "alice", "192.168.1.10:1", ["0s alice sent", "0s alice delivered"]),
    ]
    for line in table {
      var network = try TwoHomes().network
      let lossy = try #require(network.device(named: line.lossy))
      let from = try #require(network.device(named: line.from))
      network.setLoss(of: lossy.id, perMillion: 1_000_000)
      let packet = try network.send(from: from.id, to: line.to)
      network.run()
      #expect(network.way(of: packet) == line.way, "\(line.lossy) \(line.from) \(line.to)")
      #expect(network.device(lossy.id).crossed.up.packets + network.device(lossy.id).crossed.down.packets == 0)
    }
  }

  /// A drop is an event of its own, at a switch too: every step has a hop.
  @Test func everyStepLeavesAHop() throws {
    var homes = try TwoHomes()
    homes.network.setLoss(of: homes.carol, perMillion: 500_000)
    for port in UInt16(1)...100 { try homes.network.send(from: homes.alice, port: port, to: "192.168.1.11:1") }
    var hops = homes.network.trace.hopCount
    while homes.network.step() {
      #expect(homes.network.trace.hopCount == hops + 1)
      hops += 1
    }
    #expect(hops == 200)
  }

  @Test func lossIsAboutAsOftenAsItSays() throws {
    var homes = try TwoHomes()
    homes.network.setLoss(of: homes.bob, perMillion: 250_000)
    for _ in 0..<2_000 { try homes.network.send(from: homes.bob, to: "8.8.8.8:1") }
    homes.network.run()
    let lost = homes.network.device(homes.bob).dropped.packets
    #expect((430...570).contains(lost))
    #expect(homes.network.device(homes.bob).crossed.up.packets == 2_000 - lost)
  }

  @Test func aRateSpacesPacketsAndQueuesForATenthOfASecond() throws {
    var homes = try TwoHomes()
    // 1,000 bytes at 80 kbit/s are 100 ms: one is sent, the next waits its turn, the third would wait too long.
    homes.network.setRate(of: homes.bob, 80_000)
    for _ in 0..<3 {
      try homes.network.send(from: homes.bob, port: 1, to: "8.8.8.8:1", payload: .filler(972))
    }
    homes.network.run()
    let ends = (1...3).map { homes.network.way(of: $0).last }
    #expect(
      ends == [
        "110ms internet dropped no-such-host", "210ms internet dropped no-such-host", "0s bob dropped queue-full",
      ])
    #expect(homes.network.device(homes.bob).crossed.up.packets == 2)
    #expect(homes.network.device(homes.bob).crossed.up.bytes == 2_000)
    // Each direction has a queue of its own, and an idle link starts with an empty one.
    homes.network.wait(.seconds(1))
    let late = try homes.network.send(from: homes.bob, port: 1, to: "8.8.8.8:1", payload: .filler(972))
    let toBob = try homes.network.send(from: homes.alice, port: 1, to: "88.90.100.110:1", payload: .filler(972))
    homes.network.run()
    #expect(homes.network.way(of: late).last == "1s320ms internet dropped no-such-host")
    #expect(homes.network.way(of: toBob).last == "1s331ms bob delivered")
  }

  @Test(arguments: [Int64.min, -1, 0, 1, 3, .max])
  func noRateIsTooStrange(rate: Int64) throws {
    var homes = try TwoHomes()
    homes.network.setRate(of: homes.alice, rate)
    homes.network.setDelay(of: homes.alice, Interval(microseconds: -5))
    homes.network.setLoss(of: homes.alice, perMillion: -5)
    let packet = try homes.network.send(from: homes.alice, to: "192.168.1.11:1", payload: .filler(65_507))
    homes.network.run()
    #expect(homes.network.end(of: packet) == "delivered at carol")
    #expect(homes.network.clock >= Instant(microseconds: 1_000))
  }

  @Test func delaysChangeForWhatIsSentLater() throws {
    var homes = try TwoHomes()
    let slow = try homes.network.send(from: homes.bob, port: 1, to: "8.8.8.8:1")
    homes.network.setDelay(of: homes.bob, .milliseconds(2))
    let fast = try homes.network.send(from: homes.bob, port: 1, to: "8.8.8.8:1")
    homes.network.run()
    #expect(homes.network.way(of: slow).last == "10ms internet dropped no-such-host")
    #expect(homes.network.way(of: fast).last == "2ms internet dropped no-such-host")
    #expect(homes.network.defaultDelay(of: homes.bob) == .milliseconds(10))
    #expect(homes.network.defaultDelay(of: homes.alice) == .milliseconds(1))
    #expect(homes.network.defaultDelay(of: homes.homeA) == .milliseconds(10))
  }

  @Test func aDeviceGoesAwayUnderItsPackets() throws {
    var homes = try TwoHomes()
    try homes.network.ping(from: homes.alice, to: "192.168.1.11")
    let toBob = try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:1")
    let toCarol = try homes.network.send(from: homes.alice, port: 5000, to: "192.168.1.11:1")
    try homes.network.remove(homes.carol)
    // Another device of the same name and address does not get the packet.
    try homes.network.addHost(named: "Carol", addresses: ["192.168.1.11"], behind: homes.homeA)
    try homes.network.remove(homes.alice)
    homes.network.run()
    #expect(homes.network.way(of: toCarol).last == "2ms alice dropped no-such-host")
    #expect(homes.network.end(of: toBob) == "delivered at bob")
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
    let answer = try homes.network.reply(payload: .empty)
    homes.network.run()
    #expect(homes.network.end(of: answer) == "no-such-host at home-a")
    try homes.network.remove(homes.bob)
    #expect(throws: HostError.nothingToReplyTo) { try homes.network.reply(payload: .empty) }
  }

  @Test func ephemeralPortsGoRoundAndSkipWhatIsUsed() throws {
    var homes = try TwoHomes()
    try homes.network.send(from: homes.bob, port: 49_153, to: "8.8.8.8:1")
    for _ in 0..<16_390 { try homes.network.send(from: homes.bob, to: "8.8.8.8:1") }
    let ports = homes.network.trace.hops(2...16_391).map(\.source.port)
    #expect(ports.prefix(3) == [49_152, 49_154, 49_155])
    #expect(ports[16_382] == 65_535)
    #expect(ports[16_383...].elementsEqual(49_152...49_158))
    #expect(Set(ports.prefix(16_383)).count == 16_383)
  }
}
