// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// TCP between hosts, with and without translation between them.
@Suite struct ConnectionTests {
  private func states(_ network: Network, _ host: DeviceID) -> [Connection.State] {
    network.host(host)?.connections.values.map(\.state) ?? []
  }

  @Test func aConversationFromHandshakeToClose() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    #expect(
      homes.network.story().filter { !$0.contains("internet") && !$0.contains("home-a") } == [
        "0s alice sent syn", "21ms bob delivered syn", "21ms bob sent syn-ack", "42ms alice delivered syn-ack",
        "42ms alice sent ack", "63ms bob delivered ack",
      ])
    #expect(states(homes.network, homes.alice) == [.established])
    #expect(states(homes.network, homes.bob) == [.established])
    #expect(homes.network.router(homes.homeA)?.nat.mappings.first?.state == "established")

    var first = homes.network.trace.hopCount
    let data = try homes.network.send(from: homes.alice, to: "88.90.100.110:80", .tcp, payload: "GET")
    homes.network.run()
    #expect(homes.network.trace.packet(data)?.packet.tcpFlags == [.psh, .ack])
    #expect(homes.network.trace.packet(data)?.packet.length == 43)
    #expect(homes.network.story(after: first).last == "105ms alice delivered ack")
    first = homes.network.trace.hopCount
    try homes.network.reply(payload: "200 OK")
    homes.network.run()
    #expect(homes.network.story(after: first).last == "147ms bob delivered ack")

    first = homes.network.trace.hopCount
    try homes.network.close(from: homes.alice, to: "88.90.100.110:80")
    homes.network.run()
    #expect(
      homes.network.story(after: first).filter { !$0.contains("internet") && !$0.contains("home-a") } == [
        "147ms alice sent fin-ack", "168ms bob delivered fin-ack", "168ms bob sent fin-ack",
        "189ms alice delivered fin-ack", "189ms alice sent ack", "210ms bob delivered ack",
      ])
    #expect(states(homes.network, homes.alice).isEmpty)
    #expect(states(homes.network, homes.bob).isEmpty)
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
    #expect(throws: HostError.notConnected(host: "alice", remote: "88.90.100.110:80")) {
      try homes.network.close(from: homes.alice, to: "88.90.100.110:80")
    }
  }

  @Test func everyByteIsAcknowledged() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    for size in [1, 1_200, 65_000] {
      try homes.network.send(from: homes.alice, to: "88.90.100.110:80", .tcp, payload: .filler(size))
      homes.network.run()
    }
    let a = try #require(homes.network.host(homes.alice)?.connections.values.first)
    let b = try #require(homes.network.host(homes.bob)?.connections.values.first)
    #expect(a.sendNext == b.receiveNext)
    #expect(b.sendNext == a.receiveNext)
    let syn = try #require(homes.network.trace.packet(1)?.packet.sequenceNumber)
    #expect(a.sendNext == syn &+ 66_202)
  }

  @Test func bothOpenAtOnce() throws {
    var homes = try TwoHomes(.portRestrictedCone)
    // Each router maps port 5000 to 62000; both SYNs leave before either comes in.
    try homes.network.connect(from: homes.alice, port: 5000, to: "61.2.3.4:62000")
    try homes.network.connect(from: homes.dave, port: 5000, to: "49.36.10.25:62000")
    homes.network.run()
    #expect(states(homes.network, homes.alice) == [.established])
    #expect(states(homes.network, homes.dave) == [.established])
    #expect(
      homes.network.story().filter { $0.contains("delivered") }.map { $0.suffix(7) } == [
        "red syn", "red syn", "syn-ack", "syn-ack",
      ])
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
  }

  @Test func bothCloseAtOnce() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "88.90.100.110:80")
    homes.network.run()
    let first = homes.network.trace.hopCount
    try homes.network.close(from: homes.alice, to: "88.90.100.110:80")
    try homes.network.close(from: homes.bob, to: "49.36.10.25:62000")
    homes.network.run()
    #expect(states(homes.network, homes.alice).isEmpty)
    #expect(states(homes.network, homes.bob).isEmpty)
    #expect(!homes.network.story(after: first).contains { $0.contains("rst") || $0.contains("dropped") })
  }

  @Test func aClosedPortResets() throws {
    var homes = try TwoHomes()
    homes.network.setPortPolicy(of: homes.bob, .bound)
    try homes.network.connect(from: homes.alice, to: "88.90.100.110:80")
    homes.network.run()
    #expect(homes.network.story().contains("21ms bob dropped port-closed syn"))
    #expect(homes.network.story().last == "42ms alice delivered rst-ack")
    #expect(states(homes.network, homes.alice).isEmpty)
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
    let reset = try #require(homes.network.trace.packet(2)?.packet)
    let syn = try #require(homes.network.trace.packet(1)?.packet)
    #expect(reset.acknowledgementNumber == syn.sequenceNumber &+ 1)
  }

  @Test func aRouterHasNoPortOpen() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, to: "192.168.1.1:80")
    homes.network.run()
    #expect(
      homes.network.story() == [
        "0s alice sent syn", "1ms home-a dropped port-closed syn", "1ms home-a sent rst-ack",
        "2ms alice delivered rst-ack",
      ])
  }

  @Test func dataWithoutAConnectionIsReset() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "192.168.1.11:80")
    homes.network.run()
    try homes.network.remove(homes.carol)
    try homes.network.addHost(named: "carol", addresses: ["192.168.1.11"], behind: homes.homeA)
    let first = homes.network.trace.hopCount
    try homes.network.send(from: homes.alice, to: "192.168.1.11:80", .tcp, payload: "are you there?")
    homes.network.run()
    #expect(
      homes.network.story(after: first).map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
        "alice sent psh-ack", "carol dropped invalid psh-ack", "carol sent rst", "alice delivered rst",
      ])
    #expect(states(homes.network, homes.alice).isEmpty)
  }

  @Test func aConnectionRecoversFromALoss() throws {
    var homes = try TwoHomes()
    let bob: Endpoint = "88.90.100.110:80"
    try homes.network.connect(from: homes.alice, port: 5000, to: bob)
    homes.network.run()
    #expect(throws: HostError.alreadyConnected(local: "192.168.1.10:5000", remote: bob)) {
      try homes.network.connect(from: homes.alice, port: 5000, to: bob)
    }
    // The FIN is lost: Alice has gone, and Bob does not know it.
    homes.network.setLoss(of: homes.alice, perMillion: 1_000_000)
    try homes.network.close(from: homes.alice, to: bob)
    homes.network.run()
    homes.network.setLoss(of: homes.alice, perMillion: 0)
    #expect(states(homes.network, homes.bob) == [.established])
    // A new SYN finds Bob in the old connection; he says so, is reset, and the next one opens.
    let first = homes.network.trace.hopCount
    try homes.network.connect(from: homes.alice, port: 5000, to: bob)
    homes.network.run()
    #expect(
      homes.network.story(after: first).filter { $0.contains("alice") || $0.contains("bob") }
        .map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
          "alice sent syn", "bob delivered syn", "bob sent ack", "alice delivered ack", "alice sent rst",
          "bob delivered rst",
        ])
    try homes.network.connect(from: homes.alice, port: 5000, to: bob)
    homes.network.run()
    #expect(states(homes.network, homes.alice) == [.established])
    #expect(states(homes.network, homes.bob) == [.established])
  }

  @Test func dataMayComeWithTheEndOfTheHandshake() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.alice, port: 5000, to: "192.168.1.11:80")
    while states(homes.network, homes.alice) != [.established] { homes.network.step() }
    // The last acknowledgement is lost at the switch; the data carries one of its own.
    homes.network.setLoss(of: homes.carol, perMillion: 1_000_000)
    homes.network.run()
    homes.network.setLoss(of: homes.carol, perMillion: 0)
    #expect(states(homes.network, homes.carol) == [.synReceived])
    try homes.network.send(from: homes.alice, to: "192.168.1.11:80", .tcp, payload: "x")
    homes.network.run()
    #expect(states(homes.network, homes.carol) == [.established])
    #expect(homes.network.story().suffix(2).first?.hasSuffix("carol sent ack") == true)
    try homes.network.reply(payload: "y")
    homes.network.run()
    #expect(homes.network.story().last?.hasSuffix("carol delivered ack") == true)
  }

  @Test func aConnectionToOneself() throws {
    var homes = try TwoHomes()
    try homes.network.connect(from: homes.bob, to: "88.90.100.110:80")
    homes.network.run()
    #expect(states(homes.network, homes.bob) == [.established, .established])
    #expect(homes.network.clock == .zero)
  }

  @Test func impossibleSendersAreRefused() throws {
    var homes = try TwoHomes()
    #expect(throws: HostError.notAHost("home-a")) {
      try homes.network.send(from: homes.homeA, to: "88.90.100.110:1")
    }
    #expect(throws: HostError.notAHost("internet")) {
      try homes.network.ping(from: .internet, to: "88.90.100.110")
    }
    #expect(throws: HostError.noAddress(.ipv6, host: "bob")) {
      try homes.network.connect(from: homes.bob, to: "[2001:db8::1]:1")
    }
    #expect(throws: HostError.nothingToReplyTo) { try homes.network.reply(payload: .empty) }
    #expect(homes.network.trace.hopCount == 0)
  }
}
