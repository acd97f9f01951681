// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Datagrams, errors and pings on their way through routers of every kind.
@Suite struct TranslatedTrafficTests {
  @Test func aPrivateAddressMeansWhatItMeansWhereItIsUsed() throws {
    var homes = try TwoHomes()
    // Carol and Dave both say 192.168.1.10: each means the neighbour, Dave even himself.
    let toNeighbor = try homes.network.udp(homes.carol, to: "192.168.1.10:5000")
    #expect(toNeighbor == "delivered at alice")
    let toHimself = try homes.network.udp(homes.dave, to: "192.168.1.10:5000")
    #expect(toHimself == "delivered at dave")
    let fromOutside = try homes.network.udp(homes.bob, to: "192.168.1.10:5000")
    #expect(fromOutside == "private-destination at internet")
    #expect(homes.network.devices(withAddress: "192.168.1.10") == [homes.alice, homes.dave])
  }

  @Test func aClosedPortAnswersThroughBothTranslations() throws {
    var homes = try TwoHomes(.fullCone)
    try homes.network.forward(.udp, port: 4000, of: homes.homeB, to: "192.168.1.10:4000")
    homes.network.setPortPolicy(of: homes.dave, .bound)
    let packet = try homes.network.send(from: homes.alice, port: 5000, to: "61.2.3.4:4000")
    let last = homes.network.runLooking()
    #expect(homes.network.end(of: packet) == "port-closed at dave")
    let error = try #require(homes.network.answers(to: packet).first)
    #expect(error.packet.icmp == .portUnreachable)
    #expect(homes.network.end(of: error.number) == "delivered at alice")
    // Each sees the packet that it knows: Dave returned what he got, Alice gets back what she sent.
    #expect(error.packet.quoted?.source == "49.36.10.25:62000")
    #expect(error.packet.quoted?.destination == "192.168.1.10:4000")
    let seen = try #require(last[error.number])
    #expect(seen.source.address == "61.2.3.4")
    #expect(seen.destination.address == "192.168.1.10")
    #expect(seen.quoted?.source == "192.168.1.10:5000")
    #expect(seen.quoted?.destination == "61.2.3.4:4000")
  }

  @Test func portsOpenByListeningAndBySending() throws {
    var homes = try TwoHomes()
    homes.network.setPortPolicy(of: homes.carol, .bound)
    homes.network.listen(homes.carol, .udp, port: 80)
    try homes.network.send(from: homes.carol, port: 90, to: "192.168.1.10:1")
    homes.network.run()
    for (port, ends) in [
      (UInt16(80), "delivered at carol"), (90, "delivered at carol"), (81, "port-closed at carol"),
    ] {
      let end = try homes.network.udp(homes.alice, to: Endpoint("192.168.1.11", port))
      #expect(end == ends)
    }
    // A port belongs to one protocol.
    try homes.network.connect(from: homes.alice, to: "192.168.1.11:80")
    homes.network.run()
    #expect(homes.network.story().suffix(2) == ["12ms carol sent rst-ack", "14ms alice delivered rst-ack"])
    homes.network.setPortPolicy(of: homes.carol, .open)
    let end = try homes.network.udp(homes.alice, to: "192.168.1.11:81")
    #expect(end == "delivered at carol")
  }

  @Test func aPingGoesOutAndItsAnswerComesBack() throws {
    var homes = try TwoHomes()
    try homes.network.ping(from: homes.alice, to: "88.90.100.110")
    try homes.network.ping(from: homes.carol, to: "88.90.100.110")
    homes.network.run()
    #expect(homes.network.trace.hops(ofPacket: 1).map(\.length) == [84, 84, 84, 84])
    #expect(
      homes.network.story().suffix(4) == [
        "41ms home-a translated echo-reply", "41ms home-a translated echo-reply", "42ms alice delivered echo-reply",
        "42ms carol delivered echo-reply",
      ])
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.isEmpty)
  }

  @Test func silenceIsReportedOnce() throws {
    var homes = try TwoHomes()
    let ping = try homes.network.ping(from: homes.bob, to: "49.36.10.25")
    let lost = try homes.network.ping(from: homes.alice, to: "8.8.8.8")
    try homes.network.ping(from: homes.alice, to: "192.168.1.1")
    let connect = try homes.network.connect(from: homes.bob, to: "49.36.10.25:80")
    let early = homes.network.takeUnanswered()
    #expect(early.isEmpty)
    homes.network.run()
    let silent = homes.network.takeUnanswered()
    #expect(silent.map(\.packet) == [ping, lost, connect])
    #expect(silent.map(\.question) == [.ping, .ping, .connect])
    #expect(silent.map(\.host) == [homes.bob, homes.alice, homes.bob])
    let again = homes.network.takeUnanswered()
    #expect(again.isEmpty)
  }

  @Test func onlyItsOwnAnswerSettlesAQuestion() throws {
    var homes = try TwoHomes()
    homes.network.setPortPolicy(of: homes.bob, .bound)
    // The same identifier towards two, of whom one answers.
    try homes.network.send(from: homes.alice, port: 7, to: "88.90.100.110:0", .icmp)
    let silent = try homes.network.send(from: homes.alice, port: 7, to: "8.8.8.8:0", .icmp)
    // A SYN into the void and a datagram from the same port, of which the datagram gets an error.
    let void = try homes.network.connect(from: homes.alice, port: 9, to: "8.8.8.8:80")
    try homes.network.send(from: homes.alice, port: 9, to: "88.90.100.110:80")
    homes.network.run()
    let unanswered = homes.network.takeUnanswered()
    #expect(unanswered.map(\.packet) == [silent, void])
  }

  @Test(arguments: [(NATPreset.home, "hairpin-off at home-a"), (.cgnat, "delivered at carol")])
  func hairpinning(preset: NATPreset, ends: String) throws {
    var homes = try TwoHomes(preset)
    try homes.network.forward(.udp, port: 4000, of: homes.homeA, to: "192.168.1.11:4000")
    let packet = try homes.network.send(from: homes.alice, port: 5000, to: "49.36.10.25:4000")
    homes.network.run()
    #expect(homes.network.end(of: packet) == ends)
    guard preset == .cgnat else { return }
    #expect(homes.network.way(of: packet) == ["0s alice sent", "1ms home-a translated", "2ms carol delivered"])
    let hop = homes.network.trace.hops(ofPacket: packet)[1]
    #expect(hop.newSource?.address == "49.36.10.25")
    #expect(hop.newDestination == "192.168.1.11:4000")
    let answer = try homes.network.reply(payload: .empty)
    homes.network.run()
    #expect(homes.network.end(of: answer) == "delivered at alice")
  }

  @Test func aRouterThatRejectsSaysSo() throws {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    homes.network.configure(homes.homeA, behavior)
    let packet = try homes.network.send(from: homes.bob, port: 9, to: "49.36.10.25:62000")
    homes.network.run()
    let error = try #require(homes.network.answers(to: packet).first)
    #expect(error.packet.icmp == .administrativelyProhibited)
    #expect(error.packet.source.address == "49.36.10.25")
    #expect(homes.network.end(of: error.number) == "delivered at bob")
    // Carrier and home both reject, but nobody rejects an error.
    #expect(homes.network.answers(to: error.number).isEmpty)
  }

  @Test func aRouterWithoutTranslationStillProtects() throws {
    var network = Network()
    let bob = try network.addHost(named: "bob", addresses: ["88.90.100.110", "2001:db8::b"])
    let edge = try network.addRouter(
      named: "edge", prefixes: ["44.0.0.0/24", "2001:db8:1::/64"], preset: .home)
    let ann = try network.addHost(named: "ann", behind: edge)
    #expect(network.addresses(of: ann) == ["44.0.0.2", "2001:db8:1::2"])
    var behavior = NATBehavior()
    behavior.translates = false
    network.configure(edge, behavior)
    let table: [(from: DeviceID, to: Endpoint, ends: String)] = [
      (bob, "44.0.0.2:5000", "firewall at edge"),
      (bob, "[2001:db8:1::2]:5000", "firewall at edge"),
      (ann, "88.90.100.110:5000", "delivered at bob"),
      (ann, "[2001:db8::b]:5000", "delivered at bob"),
      (bob, "44.0.0.2:5000", "delivered at ann"),
      (bob, "[2001:db8:1::2]:5000", "delivered at ann"),
    ]
    for line in table {
      let end = try network.udp(line.from, to: line.to)
      #expect(end == line.ends, "\(line.to)")
    }
    network.apply(.open, to: edge)
    for (to, ends) in [
      (Endpoint(stringLiteral: "44.0.0.2:6000"), "delivered at ann"), ("44.0.0.99:6000", "no-such-host at edge"),
      ("[2001:db8:1::99]:1", "no-such-host at edge"), ("[2001:db8:1::1]:1", "no-such-host at edge"),
    ] {
      let end = try network.udp(bob, 6000, to: to)
      #expect(end == ends, "\(to)")
    }
  }

  @Test func aPublicNetworkInsideAnotherIsRoutedInwards() throws {
    var network = Network()
    let bob = try network.addHost(named: "bob")
    let outer = try network.addRouter(named: "outer", prefixes: ["44.0.0.0/8"], preset: .open)
    let inner = try network.addRouter(named: "inner", prefixes: ["44.1.0.0/16"], behind: outer, preset: .open)
    let ann = try network.addHost(named: "ann", behind: inner)
    let eve = try network.addHost(named: "eve", behind: outer)
    #expect(network.addresses(of: ann) == ["44.1.0.2"])
    #expect(network.addresses(of: inner) == ["44.0.0.2"])
    for from in [bob, eve] {
      let end = try network.udp(from, to: "44.1.0.2:1")
      #expect(end == "delivered at ann")
    }
    let back = try network.udp(ann, to: network.endpoint(eve, 1))
    #expect(back == "delivered at eve")
  }
}
