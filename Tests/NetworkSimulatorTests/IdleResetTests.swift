// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// A router that resets both ends of a TCP connection when its row times out.
@Suite("Idle resets")
struct IdleResetTests {
  private func homes() throws -> TwoHomes {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.resetsIdle = true
    behavior.lifetimes.tcpEstablished = .seconds(350)
    homes.network.configure(homes.homeA, behavior)
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    return homes
  }

  @Test func bothEndsGetTheNumberThatTheyWaitFor() throws {
    var homes = try homes()
    try homes.network.send(
      from: homes.alice, port: 5000, to: "88.90.100.110:80", .tcp, payload: "hello")
    homes.network.run()
    let packets = homes.network.trace.packetCount
    let acknowledged = try #require(homes.network.trace.packet(packets)).packet
    homes.network.wait(.seconds(360))
    let resets = (packets + 1...homes.network.trace.packetCount).compactMap { homes.network.trace.packet($0) }
    #expect(resets.map(\.packet.tcpFlags) == [.rst, .rst])
    #expect(resets.map { $0.packet.destination.description } == ["192.168.1.10:5000", "88.90.100.110:80"])
    // Bob acknowledged everything that alice had sent; what he sends next begins where that ends.
    #expect(resets.map(\.packet.sequenceNumber) == [acknowledged.sequenceNumber, acknowledged.acknowledgementNumber])
    #expect(resets.allSatisfy { $0.state == .delivered })
    #expect(throws: HostError.self) { try homes.network.close(from: homes.alice, to: "88.90.100.110:80") }
  }

  /// Nothing waits for a row to time out.
  @Test func runDoesNotWaitForIt() throws {
    var homes = try homes()
    let (clock, packets) = (homes.network.clock, homes.network.trace.packetCount)
    homes.network.run()
    #expect(homes.network.clock == clock && homes.network.trace.packetCount == packets)
  }

  @Test func nobodyIsToldWhenItIsOffAgain() throws {
    var homes = try homes()
    homes.network.configure(homes.homeA, NATBehavior())
    let packets = homes.network.trace.packetCount
    homes.network.wait(.hours(3))
    #expect(homes.network.trace.packetCount == packets)
  }

  @Test func aClosedConnectionEndsSilently() throws {
    var homes = try homes()
    try homes.network.close(from: homes.alice, to: "88.90.100.110:80")
    homes.network.run()
    let packets = homes.network.trace.packetCount
    homes.network.wait(.hours(3))
    #expect(homes.network.trace.packetCount == packets)
  }
}
