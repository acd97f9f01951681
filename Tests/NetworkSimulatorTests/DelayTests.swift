// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Delays, TTL, and the contract's example hop by hop.
@Suite struct DelayTests {
  @Test func theContractsExample() throws {
    var homes = try TwoHomes()
    let (alice, bob, homeA) = (homes.alice, homes.bob, homes.homeA)
    let first = try homes.network.send(from: alice, port: 5000, to: "88.90.100.110:4000", payload: "hello")
    #expect(homes.network.way(of: first) == ["0s alice sent"])
    for expected in ["1ms home-a translated", "11ms internet forwarded", "21ms bob delivered"] {
      let isMoving = homes.network.step()
      #expect(isMoving)
      #expect(homes.network.way(of: first).last == expected)
    }
    let hops = homes.network.trace.hops(ofPacket: first)
    #expect(hops.map(\.timeToLive) == [64, 63, 62, 62])
    #expect(hops.map(\.length) == [33, 33, 33, 33])
    #expect(
      hops.map(\.source).map(\.description) == [
        "192.168.1.10:5000", "192.168.1.10:5000", "49.36.10.25:62000", "49.36.10.25:62000",
      ])
    #expect(hops.map(\.newSource) == [nil, "49.36.10.25:62000", nil, nil])
    #expect(hops.allSatisfy { $0.newDestination == nil && $0.destination == "88.90.100.110:4000" })
    #expect(hops.map(\.mapping) == [nil, 1, nil, nil])
    #expect(hops.map(\.mappingChange) == [nil, .created, nil, nil])

    let answer = try homes.network.reply(payload: "hi alice")
    homes.network.run()
    #expect(
      homes.network.way(of: answer) == [
        "21ms bob sent", "31ms internet forwarded", "41ms home-a translated", "42ms alice delivered",
      ])
    #expect(homes.network.trace.hops(ofPacket: answer).map(\.timeToLive) == [64, 63, 62, 62])
    #expect(homes.network.trace.hops(ofPacket: answer)[2].newDestination == "192.168.1.10:5000")
    #expect(homes.network.trace.packet(answer)?.about == first)

    var network = homes.network
    let table: [(port: UInt16, to: Endpoint, ends: String)] = [
      (4001, "49.36.10.25:62000", "filtered at home-a"),
      (49_152, "49.36.10.25:62001", "no-mapping at home-a"),
      (49_153, "192.168.1.10:5000", "private-destination at internet"),
    ]
    for line in table {
      let end = try network.udp(bob, line.port, to: line.to)
      #expect(end == line.ends)
    }
    network.wait(.minutes(5))
    let expired = network.takeExpired()
    #expect(expired.map(\.router) == [homeA])
    #expect(expired.map(\.mapping.id) == [1])
    let again = network.takeExpired()
    #expect(again.isEmpty)
    let end = try network.udp(bob, 4000, to: "49.36.10.25:62000")
    #expect(end == "expired at home-a")
  }

  @Test func everyPairOfPlacesTakesItsTime() throws {
    var network = try TwoHomes(.fullCone).network
    let provider = try network.addRouter(named: "isp", prefixes: ["100.64.0.0/10"], preset: .cgnat)
    let inner = try network.addRouter(named: "inner", prefixes: ["192.168.1.0/24"], behind: provider)
    try network.addHost(named: "erin", behind: inner)
    try network.addHost(named: "frank", behind: provider)
    try network.addHost(named: "grace", behind: inner)
    let ids = ["alice", "bob", "dave", "erin", "frank", "grace"].reduce(into: [:]) {
      $0[$1] = network.device(named: $1)
    }
    let table: [(from: String, to: Endpoint, way: [String])] = [
      ("bob", "61.2.3.4:1", ["0s bob sent", "10ms internet forwarded", "20ms home-b dropped no-mapping"]),
      ("alice", "192.168.1.11:1", ["0s alice sent", "2ms carol delivered"]),
      ("dave", "192.168.1.10:1", ["0s dave sent", "0s dave delivered"]),
      ("dave", "192.168.1.11:1", ["0s dave sent", "0s dave dropped no-such-host"]),
      ("dave", "192.168.1.0:1", ["0s dave sent", "0s dave dropped invalid"]),
      ("dave", "192.168.1.255:1", ["0s dave sent", "0s dave dropped invalid"]),
      ("bob", "127.0.0.1:1", ["0s bob sent", "0s bob delivered"]),
      ("bob", "224.0.0.1:1", ["0s bob sent", "0s bob dropped invalid"]),
      ("bob", "255.255.255.255:1", ["0s bob sent", "0s bob dropped invalid"]),
      ("bob", "250.0.0.1:1", ["0s bob sent", "10ms internet dropped no-route"]),
      ("frank", "250.0.0.1:1", ["0s frank sent", "1ms isp dropped invalid"]),
      ("bob", "169.254.0.1:1", ["0s bob sent", "0s bob dropped no-such-host"]),
      ("bob", "100.64.0.5:1", ["0s bob sent", "10ms internet dropped private-destination"]),
      ("bob", "8.8.8.8:1", ["0s bob sent", "10ms internet dropped no-such-host"]),
      ("bob", "198.51.100.1:1", ["0s bob sent", "10ms internet dropped port-closed"]),
      (
        "erin", "88.90.100.110:1",
        [
          "0s erin sent", "1ms inner translated", "11ms isp translated", "21ms internet forwarded",
          "31ms bob delivered",
        ]
      ),
      ("erin", "100.64.0.3:1", ["0s erin sent", "1ms inner translated", "12ms frank delivered"]),
      ("frank", "100.64.0.2:1", ["0s frank sent", "11ms inner dropped no-mapping"]),
      ("erin", "192.168.1.3:1", ["0s erin sent", "2ms grace delivered"]),
      (
        "erin", "10.0.0.1:1",
        [
          "0s erin sent", "1ms inner translated", "11ms isp translated", "21ms internet dropped private-destination",
        ]
      ),
      ("frank", "100.64.0.1:1", ["0s frank sent", "1ms isp dropped port-closed"]),
      ("frank", "169.254.0.1:1", ["0s frank sent", "0s frank dropped no-such-host"]),
    ]
    for line in table {
      var copy = network
      let from = try #require(ids[line.from] ?? nil)
      let packet = try copy.send(from: from.id, port: 7000, to: line.to)
      copy.run()
      #expect(copy.way(of: packet) == line.way, "\(line.from) to \(line.to)")
    }
  }

  @Test(arguments: [
    (1, "home-a", "192.168.1.1"), (2, "internet", "198.51.100.1"), (3, "home-b", "61.2.3.4"), (4, "", ""),
  ])
  func aTraceroute(ttl: UInt8, by: String, from: IPAddress) throws {
    var homes = try TwoHomes()
    try homes.network.forward(.udp, port: 33_434, of: homes.homeB, to: "192.168.1.10:33434")
    let probe = try homes.network.send(from: homes.alice, port: 5000, to: "61.2.3.4:33434", timeToLive: ttl)
    let last = homes.network.runLooking()
    guard !by.isEmpty else {
      #expect(homes.network.end(of: probe) == "delivered at dave")
      return
    }
    #expect(homes.network.end(of: probe) == "ttl-expired at \(by)")
    let error = try #require(homes.network.answers(to: probe).first)
    #expect(error.packet.source.address == from)
    #expect(error.packet.icmp == .timeExceeded)
    #expect(homes.network.end(of: error.number) == "delivered at alice")
    let quoted = try #require(last[error.number]?.quoted)
    #expect(quoted.source == "192.168.1.10:5000")
    #expect(quoted.destination == "61.2.3.4:33434")
  }

  @Test func aPacketToTheInternetItselfNeedsNoFurtherHop() throws {
    var homes = try TwoHomes()
    let packet = try homes.network.send(from: homes.bob, to: "198.51.100.1:1", .icmp, timeToLive: 1)
    homes.network.run()
    #expect(homes.network.end(of: packet) == "delivered at internet")
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
  }

  @Test func timeStopsAtTheLimitWhateverTheSwitchDoes() throws {
    var homes = try TwoHomes()
    try homes.network.send(from: homes.alice, to: "192.168.1.11:1")
    homes.network.wait(.milliseconds(1))
    #expect(homes.network.clock == Instant(microseconds: 1_000))
    #expect(homes.network.inFlight == 1)
    homes.network.wait(.milliseconds(1))
    #expect(homes.network.inFlight == 0)
  }

  @Test func packetsAtOneTimeGoInTheOrderTheyWereSent() throws {
    var homes = try TwoHomes()
    for port in UInt16(1)...50 { try homes.network.send(from: homes.alice, port: port, to: "88.90.100.110:9") }
    homes.network.run()
    let delivered = homes.network.trace.hops(1...homes.network.trace.hopCount).filter { $0.verdict == .delivered }
    #expect(delivered.map(\.packet) == Array(1...50))
    #expect(delivered.map(\.source.port) == (0..<50).map { 62_000 + $0 })
  }

  @Test func theClockNearItsEnd() throws {
    var homes = try TwoHomes()
    homes.network.moveClock(to: Instant(microseconds: .max - 5_000))
    let packet = try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:4000")
    homes.network.run()
    #expect(homes.network.end(of: packet) == "delivered at bob")
    #expect(homes.network.clock == .never)
    try homes.network.reply(payload: .empty)
    homes.network.run()
    #expect(homes.network.inFlight == 0)
  }
}
