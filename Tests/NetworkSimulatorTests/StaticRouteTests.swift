// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Routes that devices were given, and second gateways.
@Suite("Static routes and second gateways")
struct StaticRouteTests {
  /// A web server and a laptop behind gw-a, gw-b beside it, bob outside.
  private struct Office {
    var network = Network(seed: 1)
    let gatewayA: DeviceID
    let gatewayB: DeviceID
    let web: DeviceID
    let bob: DeviceID

    init(_ preset: NATPreset = .home) throws {
      gatewayA = try network.addRouter(
        named: "gw-a", addresses: ["49.36.10.25"], prefixes: ["192.168.1.0/24"], preset: preset)
      gatewayB = try network.addSecondGateway(
        named: "gw-b", addresses: ["77.20.30.40"], beside: gatewayA, preset: preset)
      web = try network.addHost(named: "web", addresses: ["192.168.1.80"], behind: gatewayA)
      bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
    }
  }

  @Test func aRouteTakesTheOtherGateway() throws {
    var office = try Office()
    #expect(office.network.router(office.gatewayB)?.insideAddresses == ["192.168.1.2"])
    try office.network.send(from: office.web, port: 5000, to: "88.90.100.110:4000")
    office.network.run()
    #expect(
      office.network.way(of: 1) == [
        "0s web sent", "1ms gw-a translated", "11ms internet forwarded", "21ms bob delivered",
      ])
    try office.network.addRoute(StaticRoute("88.90.0.0/16", via: "192.168.1.2"), to: office.web)
    try office.network.send(from: office.web, port: 5000, to: "88.90.100.110:4000")
    office.network.run()
    // A millisecond to the switch and one from it: the gateway's own line is not on this way.
    #expect(
      office.network.way(of: 2) == [
        "21ms web sent", "23ms gw-b translated", "33ms internet forwarded", "43ms bob delivered",
      ])
    // The answer comes back the same way.
    try office.network.reply(payload: "hi")
    office.network.run()
    #expect(office.network.way(of: 3).suffix(2) == ["63ms gw-b translated", "65ms web delivered"])
    // Another destination is not covered.
    try office.network.send(from: office.web, port: 5000, to: "77.1.1.1:4000")
    office.network.run()
    #expect(office.network.way(of: 4).dropFirst().first?.hasSuffix("gw-a translated") == true)
  }

  @Test func theLongestPrefixAndTheOwnNetworkWin() throws {
    var office = try Office()
    try office.network.addRoute(StaticRoute("0.0.0.0/0", via: "192.168.1.2"), to: office.web)
    try office.network.addRoute(StaticRoute("88.90.100.0/24", via: "192.168.1.1"), to: office.web)
    let laptop = try office.network.addHost(named: "laptop", addresses: ["192.168.1.10"], behind: office.gatewayA)
    for destination in ["88.90.100.110:1", "55.1.1.1:1", "192.168.1.10:1"] as [Endpoint] {
      try office.network.send(from: office.web, port: 5000, to: destination)
    }
    office.network.run()
    #expect(office.network.way(of: 1)[1].hasSuffix("gw-a translated"))
    #expect(office.network.way(of: 2)[1].hasSuffix("gw-b translated"))
    #expect(office.network.end(of: 3) == "delivered at laptop")
    try office.network.removeRoute("0.0.0.0/0", of: office.web)
    #expect(office.network.staticRoutes(of: office.web) == [StaticRoute("88.90.100.0/24", via: "192.168.1.1")])
    #expect(office.network.staticRoutes(of: laptop) == [])
  }

  /// The answer leaves by the other gateway, with that one's address or, as on Linux, untranslated, and nobody has asked
  /// for it.
  @Test func anAnswerByAnotherWay() throws {
    for (preset, end) in [
      (NATPreset.home, "invalid at bob"), (.linux, "invalid at bob"),
    ] {
      var office = try Office(preset)
      try office.network.forward(.tcp, port: 80, of: office.gatewayA, to: "192.168.1.80:80")
      try office.network.addRoute(StaticRoute("0.0.0.0/0", via: "192.168.1.2"), to: office.web)
      try office.network.connect(from: office.bob, port: 5000, to: "49.36.10.25:80")
      office.network.run()
      #expect(office.network.end(of: 1) == "delivered at web")
      #expect(office.network.end(of: 2) == end)
    }
  }

  @Test func anInsideNetworkBehindANeighbor() throws {
    var network = Network(seed: 1)
    let outer = try network.addRouter(named: "outer", addresses: ["49.36.10.25"], prefixes: ["192.168.1.0/24"])
    let inner = try network.addRouter(
      named: "inner", addresses: ["192.168.1.50"], prefixes: ["10.8.0.0/24"], behind: outer, preset: .open)
    let deep = try network.addHost(named: "deep", addresses: ["10.8.0.5"], behind: inner)
    let near = try network.addHost(named: "near", addresses: ["192.168.1.10"], behind: outer)
    try network.send(from: near, port: 5000, to: "10.8.0.5:4000")
    network.run()
    #expect(network.end(of: 1) == "private-destination at internet")
    try network.addRoute(StaticRoute("10.8.0.0/24", via: "192.168.1.50"), to: outer)
    // From a neighbour, untranslated, and back again; and from outside, by a mapping.
    try network.send(from: near, port: 5001, to: "10.8.0.5:4000")
    network.run()
    #expect(network.end(of: 2) == "delivered at deep")
    try network.reply(payload: "hi")
    network.run()
    #expect(network.end(of: 3) == "delivered at near")
    let bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
    try network.send(from: deep, port: 5002, to: "88.90.100.110:4000")
    network.run()
    try network.reply(payload: "hi")
    network.run()
    #expect(network.end(of: 5) == "delivered at deep")
    #expect(network.device(bob).delivered.packets == 1)
    try network.remove(deep)
    try network.remove(inner)
    #expect(network.staticRoutes(of: outer) == [])
  }

  @Test func wrongRoutesAndGatewaysChangeNothing() throws {
    var office = try Office()
    var errors: [BuildError] = []
    func attempt(_ body: (inout Network) throws(BuildError) -> Void) {
      let before = office.network.allDevices.map(\.name)
      do throws(BuildError) { try body(&office.network) } catch { errors.append(error) }
      #expect(office.network.allDevices.map(\.name) == before)
    }
    let (web, first, second, bob) = (office.web, office.gatewayA, office.gatewayB, office.bob)
    attempt { network throws(BuildError) in
      try network.addRoute(StaticRoute("10.0.0.0/8", via: "192.168.1.99"), to: web)
    }
    attempt { network throws(BuildError) in
      try network.addRoute(StaticRoute("10.0.0.0/8", via: "192.168.1.80"), to: web)
    }
    attempt { network throws(BuildError) in try network.addRoute(StaticRoute("10.0.0.0/8", via: "49.36.10.25"), to: bob)
    }
    attempt { network throws(BuildError) in try network.addRoute(StaticRoute("::/0", via: "192.168.1.2"), to: web) }
    attempt { network throws(BuildError) in try network.removeRoute("10.0.0.0/8", of: web) }
    attempt { network throws(BuildError) in try network.addHost(named: "x", behind: second) }
    attempt { network throws(BuildError) in try network.addSecondGateway(named: "y", beside: second) }
    attempt { network throws(BuildError) in try network.addSecondGateway(named: "web", beside: first) }
    #expect(
      errors == [
        .gatewayNotNear("192.168.1.99", device: "web"), .gatewayNotNear("192.168.1.80", device: "web"),
        .gatewayNotNear("49.36.10.25", device: "bob"), .gatewayOfOtherFamily("192.168.1.2", "::/0"),
        .noSuchRoute("10.0.0.0/8", device: "web"), .sharesNetwork("gw-b", with: "gw-a"),
        .sharesNetwork("gw-b", with: "gw-a"), .nameTaken("web"),
      ])
    try office.network.addRoute(StaticRoute("0.0.0.0/0", via: "192.168.1.2"), to: web)
    try office.network.remove(second)
    #expect(office.network.staticRoutes(of: web) == [] && !office.network.hasSecondGateways)
    // Its address inside is free again.
    let next = try office.network.addHost(named: "next", behind: first)
    #expect(office.network.addresses(of: next) == ["192.168.1.2"])
  }

  /// A ping to each of a second gateway's addresses, and between the two gateways.
  @Test func aSecondGatewayIsANeighbor() throws {
    var office = try Office()
    let inside = try office.network.ping(from: office.web, to: "192.168.1.2")
    office.network.run()
    #expect(office.network.end(of: inside) == "delivered at gw-b")
    #expect(office.network.end(of: inside + 1) == "delivered at web")
    #expect(office.network.clock == Instant(microseconds: 4_000))
  }
}
