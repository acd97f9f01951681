// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Lengths, MTUs and pieces where a router makes IPv4 packets of IPv6 ones (RFC 7915).
@Suite("Between the families")
struct FamilyCrossingTests {
  private static let bob: Endpoint = "[64:ff9b::585a:646e]:4000"

  /// A phone with IPv6 alone behind a NAT64, and bob with IPv4 alone.
  private struct Carrier {
    var network = Network(seed: 1)
    let router: DeviceID
    let phone: DeviceID
    let bob: DeviceID

    init() throws {
      router = try network.addRouter(
        named: "carrier", addresses: ["49.36.10.25", "2001:db8:a::1"], prefixes: ["192.168.1.0/24", "2001:db8:a1::/64"])
      phone = try network.addHost(named: "phone", addresses: ["2001:db8:a1::10"], behind: router, only: .ipv6)
      bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
      var behavior = try #require(network.router(router)?.nat.behavior)
      behavior.nat64 = .wellKnown
      network.configure(router, behavior)
    }

    mutating func send(_ length: Int) throws -> Int {
      let number = try network.send(
        from: phone, port: 5000, to: FamilyCrossingTests.bob, payload: .data(Array(repeating: 65, count: length)))
      network.run()
      return number
    }

    mutating func answer(_ length: Int, dontFragment: Bool = false) throws -> Int {
      let number = try network.send(
        from: bob, port: 4000, to: "49.36.10.25:62000", payload: .data(Array(repeating: 66, count: length)),
        dontFragment: dontFragment)
      network.run()
      return number
    }
  }

  @Test func headersShrinkAndGrow() throws {
    var carrier = try Carrier()
    #expect(carrier.network.host(carrier.phone)?.addresses == ["2001:db8:a1::10"])
    let out = try carrier.send(100)
    #expect(carrier.network.trace.hops(ofPacket: out).map(\.length) == [148, 128, 128, 128])
    let back = try carrier.answer(100)
    #expect(carrier.network.trace.hops(ofPacket: back).map(\.length) == [128, 128, 148, 148])
    #expect(carrier.network.end(of: back) == "delivered at phone")
  }

  /// What may be cut is cut to what every IPv6 link takes, and arrives whole.
  @Test func anIPv4PacketIsCutForIPv6() throws {
    var carrier = try Carrier()
    _ = try carrier.send(1)
    carrier.network.own(carrier.phone, .udp, port: 5000)
    let number = try carrier.answer(1_400)
    let pieces = carrier.network.trace.hops(ofPacket: number).filter { $0.node == carrier.phone && $0.fragment != nil }
    #expect(pieces.count == 2 && pieces.allSatisfy { $0.length <= 1_280 })
    #expect(carrier.network.takeDelivery()?.payload == .data(Array(repeating: 66, count: 1_400)))
  }

  /// What must not be cut is reported, with the 20 bytes between the headers (RFC 7915 §4).
  @Test func anIPv4PacketThatMustNotBeCut() throws {
    var carrier = try Carrier()
    _ = try carrier.send(1)
    carrier.network.setMTU(of: carrier.phone, 1_400)
    let fitting = try carrier.answer(1_352, dontFragment: true)
    #expect(carrier.network.end(of: fitting) == "delivered at phone")
    let long = try carrier.answer(1_353, dontFragment: true)
    #expect(carrier.network.end(of: long) == "too-big at carrier")
    #expect(carrier.network.answers(to: long).map(\.packet.icmpSequence) == [1_380])
  }

  /// An IPv4 link behind the router is longer by 20 bytes for an IPv6 host, and never reported as less than IPv6's least.
  @Test(arguments: [(1_400, 1_420), (1_000, 1_280)])
  func anIPv6PacketIsTooLongForIPv4(mtu: Int, reported: UInt16) throws {
    var carrier = try Carrier()
    carrier.network.setMTU(of: carrier.bob, mtu)
    let long = try carrier.send(1_450)
    #expect(carrier.network.end(of: long) == "too-big at internet")
    let report = try #require(carrier.network.answers(to: long).first)
    #expect(carrier.network.end(of: report.number) == "delivered at phone")
    // The host cuts what it sends from now on.
    carrier.network.own(carrier.bob, .udp, port: 4000)
    _ = try carrier.send(1_450)
    #expect(carrier.network.takeDelivery()?.payload == .data(Array(repeating: 65, count: 1_450)))
    let lengths = carrier.network.trace.hops(ofPacket: long + 2).filter { $0.node == carrier.router }.map(\.length)
    #expect(lengths.allSatisfy { $0 <= Int(reported) - 28 })
  }

  @Test func piecesFromIPv6() throws {
    var carrier = try Carrier()
    carrier.network.setMTU(of: carrier.phone, 1_280)
    carrier.network.own(carrier.bob, .udp, port: 4000)
    _ = try carrier.send(3_000)
    #expect(carrier.network.takeDelivery()?.payload == .data(Array(repeating: 65, count: 3_000)))
    #expect(carrier.network.router(carrier.router)?.nat.count == 1)
  }

  @Test func copiesAndPresetsKeepIt() throws {
    var carrier = try Carrier()
    carrier.network.apply(.cgnat, to: carrier.router)
    #expect(carrier.network.router(carrier.router)?.nat.behavior.nat64 == .wellKnown)
    let number = try carrier.send(1)
    #expect(carrier.network.end(of: number) == "delivered at bob")
  }

  // MARK: Prefixes

  @Test func anExchangedPrefixIsRouted() throws {
    var network = Network(seed: 1)
    let office = try network.addRouter(
      named: "office", addresses: ["49.36.10.25", "2001:db8:b::1"], prefixes: ["fd01:203:405:1::/64"])
    let alice = try network.addHost(named: "alice", addresses: ["fd01:203:405:1::1234"], behind: office, only: .ipv6)
    let bob = try network.addHost(named: "bob", addresses: ["2001:db8:c::50"])
    #expect(try network.setPrefixTranslation(of: office, "2001:db8:1::/48") == 0)
    #expect(try network.udp(alice, to: "[2001:db8:c::50]:4000") == "delivered at bob")
    #expect(try network.udp(bob, 4000, to: "[2001:db8:1:d550::1234]:5000") == "delivered at alice")
    #expect(try network.udp(bob, 4001, to: "[2001:db8:1:d550::1234]:5000") == "filtered at office")
    #expect(try network.udp(bob, 4000, to: "[2001:db8:1:d550::9]:5000") == "firewall at office")
    #expect(throws: BuildError.self) { try network.setPrefixTranslation(of: office, "2001:db8:b::/48") }
    #expect(throws: BuildError.self) { try network.setPrefixTranslation(of: office, "2001:db8:1::/65") }
    #expect(try network.setPrefixTranslation(of: office, nil) == 1)
    #expect(try network.udp(bob, 4000, to: "[2001:db8:1:d550::1234]:5000") == "no-such-host at internet")
    // The prefix is free again.
    _ = try network.addRouter(named: "other", prefixes: ["2001:db8:1::/48"])
  }
}
