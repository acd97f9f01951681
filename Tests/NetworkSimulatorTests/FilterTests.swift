// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Rules by which a router drops packets.
@Suite("Router filters")
struct FilterTests {
  @Test func aPortIsBlockedAndNoOther() throws {
    var homes = try TwoHomes()
    homes.network.setFilters(of: homes.homeA, [RouterFilter(.udp, port: 53)])
    try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:53")
    try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:54")
    try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:53", .tcp)
    homes.network.run()
    #expect(homes.network.trace.packet(1)?.state == .dropped(.blocked))
    #expect(homes.network.trace.packet(2)?.state == .delivered)
    #expect(homes.network.trace.packet(3)?.state == .delivered)
    // Nothing is translated for a packet that is dropped before.
    #expect(homes.network.router(homes.homeA)?.nat.mappings.count == 2)
  }

  @Test func reportsFromOutsideAreBlockedAndOwnOnesAreSent() throws {
    var homes = try TwoHomes()
    homes.network.setFilters(of: homes.homeA, [RouterFilter(.icmp)])
    // The TTL ends at the router itself, and then at the internet.
    try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:53", timeToLive: 1)
    try homes.network.send(from: homes.alice, port: 5000, to: "88.90.100.110:53", timeToLive: 2)
    homes.network.run()
    #expect(homes.network.way(of: 3).last == "2ms alice delivered")
    #expect(homes.network.trace.packet(4)?.state == .dropped(.blocked))
    homes.network.setFilters(of: homes.homeA, [])
    let ping = try homes.network.ping(from: homes.alice, to: "88.90.100.110")
    homes.network.run()
    #expect(homes.network.trace.packet(ping)?.state == .delivered)
  }
}
