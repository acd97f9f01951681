// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// The trace's memory: how long packets are remembered, and which go unrecorded.
@Suite struct TraceTests {
  @Test(arguments: [1, 2, 8, 256]) func onlyTheLatestAreKept(capacity: Int) {
    var recent = Recent<Int>(capacity: capacity)
    #expect(recent.oldest == 1 && !recent.contains(0) && !recent.contains(1))
    for number in 1...1_000 {
      recent.append(number)
      #expect(recent.total == number && recent[number] == number)
      #expect(recent.oldest == max(1, number - capacity + 1))
      #expect(recent[recent.oldest] == recent.oldest)
      #expect(!recent.contains(recent.oldest - 1) && !recent.contains(number + 1))
    }
  }

  @Test func aGapCostsNoMoreThanTheCapacity() {
    for gap in [0, 1, 4, 5, 7, 8, 9, 1_000_000_000_000] {
      var recent = Recent<Int>(capacity: 8)
      for number in 1...3 { recent.append(number) }
      recent.skip(to: 3 + gap, 0)
      let first = 4 + gap
      for number in first...first + 2 { recent.append(number) }
      #expect(recent.total == 6 + gap)
      #expect((first...first + 2).allSatisfy { recent[$0] == $0 })
      #expect(recent.contains(3) == (gap < 5))
      for number in recent.oldest..<first where number > 3 { #expect(recent[number] == 0) }
      for _ in 0..<20 { recent.append(recent.total + 1) }
      #expect((recent.oldest...recent.total).allSatisfy { recent[$0] == $0 })
    }
  }

  @Test func untracedPacketsAreCountedAndLeaveNothingInFlight() throws {
    var homes = try TwoHomes()
    let before = try homes.network.send(from: homes.alice, port: 1, to: "192.168.1.11:1")
    homes.network.isTracing = false
    let unseen = try homes.network.send(from: homes.alice, port: 2, to: "192.168.1.11:1")
    homes.network.run()
    homes.network.isTracing = true
    let after = try homes.network.send(from: homes.alice, port: 3, to: "192.168.1.11:1")
    homes.network.run()
    #expect([before, unseen, after] == [1, 2, 3])
    #expect(homes.network.trace.packet(before)?.state == .delivered)
    #expect(homes.network.trace.packet(before)?.endedAt == homes.carol)
    #expect(homes.network.trace.packet(unseen) == nil)
    #expect(homes.network.trace.hops(ofPacket: unseen).isEmpty)
    #expect(homes.network.way(of: after) == ["2ms alice sent", "4ms carol delivered"])
    #expect(homes.network.trace.hopCount == 3)
    #expect(homes.network.device(homes.carol).delivered.packets == 3)
  }

  @Test func anyRangeOfHopsMayBeAskedFor() throws {
    var homes = try TwoHomes()
    #expect(homes.network.trace.hops(1...10).isEmpty)
    try homes.network.send(from: homes.alice, to: "192.168.1.11:1")
    homes.network.run()
    #expect(homes.network.trace.hops(-5...Int.max).map(\.number) == [1, 2])
    #expect(homes.network.trace.hops(2...2).map(\.number) == [2])
    #expect(homes.network.trace.hops(3...9).isEmpty)
    #expect(homes.network.trace.packet(0) == nil)
    #expect(homes.network.trace.packet(2) == nil)
    #expect(homes.network.trace.packet(.max) == nil)
  }

  @Test func packetsInFlightAreListedInTheOrderTheyArrive() throws {
    var homes = try TwoHomes()
    try homes.network.send(from: homes.bob, to: "49.36.10.25:1")
    try homes.network.send(from: homes.alice, to: "192.168.1.11:1")
    try homes.network.send(from: homes.alice, to: "88.90.100.110:1")
    #expect(homes.network.packetsInFlight.map(\.number) == [2, 3, 1])
    #expect(homes.network.packetsInFlight.map(\.to) == [homes.carol, homes.homeA, .internet])
    #expect(homes.network.isBusy)
    #expect(homes.network.inFlight == 3)
  }

  @Test func mappingsEndInTheOrderTheyTimedOut() throws {
    var homes = try TwoHomes()
    for (host, port) in [(homes.dave, UInt16(5)), (homes.alice, 5), (homes.alice, 6)] {
      try homes.network.send(from: host, port: port, to: "88.90.100.110:1")
      homes.network.wait(.milliseconds(1))
    }
    try homes.network.send(from: homes.carol, port: 7, to: "88.90.100.110:1")
    try homes.network.send(from: homes.dave, port: 8, to: "88.90.100.110:1")
    homes.network.wait(.minutes(5))
    homes.network.wait(.minutes(1))
    let expired = homes.network.takeExpired()
    #expect(expired.map(\.router) == [homes.homeB, homes.homeA, homes.homeA, homes.homeA, homes.homeB])
    #expect(expired.map(\.mapping.internal.port) == [5, 5, 6, 7, 8])
  }
}
