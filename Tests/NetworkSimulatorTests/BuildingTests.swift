// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Making devices: their defaults, and the requests that are refused.
@Suite struct BuildingTests {
  @Test func theNextFreeAddressIsTheLowest() throws {
    var network = Network()
    let home = try network.addRouter(named: "home")
    #expect(network.addresses(of: home) == ["203.0.113.1"])
    #expect(network.router(home)?.prefixes == ["192.168.1.0/24"])
    #expect(network.router(home)?.insideAddresses == ["192.168.1.1"])
    let hosts = try (2...4).map { try network.addHost(named: "h\($0)", behind: home) }
    #expect(hosts.flatMap { network.addresses(of: $0) } == ["192.168.1.2", "192.168.1.3", "192.168.1.4"])
    try network.remove(hosts[1])
    try network.addHost(named: "far", addresses: ["192.168.1.200"], behind: home)
    let more = try ["h3", "h5"].map { try network.addHost(named: $0, behind: home) }
    #expect(more.flatMap { network.addresses(of: $0) } == ["192.168.1.3", "192.168.1.5"])
    let second = try network.addRouter(named: "second")
    #expect(network.router(second)?.prefixes == ["192.168.2.0/24"])
    try network.remove(try #require(network.device(named: "SECOND")).id)
    let outside = try network.addHost(named: "outside")
    #expect(network.addresses(of: outside) == ["203.0.113.2"])
  }

  @Test func documentationAddressesRunOnAndRunOut() throws {
    var network = Network()
    for number in 1...761 { try network.addHost(named: "h\(number)") }
    #expect(network.devices(withAddress: "203.0.113.254").count == 1)
    #expect(network.devices(withAddress: "192.0.2.1").count == 1)
    #expect(network.devices(withAddress: "198.51.100.1").isEmpty)
    #expect(throws: BuildError.noFreeAddress(in: "203.0.113.0/24, 192.0.2.0/24, 198.51.100.0/24")) {
      try network.addHost(named: "h762")
    }
  }

  @Test func aSmallNetworkIsFullSoon() throws {
    var network = Network()
    let tiny = try network.addRouter(named: "tiny", prefixes: ["10.0.0.0/30"])
    let only = try network.addHost(named: "only", behind: tiny)
    #expect(network.addresses(of: only) == ["10.0.0.2"])
    #expect(throws: BuildError.noFreeAddress(in: "10.0.0.0/30")) {
      try network.addHost(named: "more", behind: tiny)
    }
  }

  /// Every refusal, in a network with one of everything, and that nothing has changed after it.
  @Test func everyRefusal() throws {
    var network = Network()
    let home = try network.addRouter(named: "home", addresses: ["49.36.10.25"], prefixes: ["192.168.1.0/24"])
    let dual = try network.addRouter(
      named: "dual", addresses: ["50.0.0.1"], prefixes: ["44.0.0.0/8", "2001:db8:1::/48"], preset: .open)
    try network.addHost(named: "alice", addresses: ["192.168.1.10"], behind: home)
    try network.addHost(named: "ann", addresses: ["44.1.2.3"], behind: dual)
    let bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])

    func host(_ name: String, _ addresses: [IPAddress], behind: DeviceID? = nil) -> (inout Network) throws -> Void {
      { try $0.addHost(named: name, addresses: addresses, behind: behind) }
    }
    func router(
      _ addresses: [IPAddress], _ prefixes: [IPPrefix], behind: DeviceID? = nil
    ) -> (inout Network) throws -> Void {
      { try $0.addRouter(named: "r", addresses: addresses, prefixes: prefixes, behind: behind) }
    }
    let table: [(attempt: (inout Network) throws -> Void, error: BuildError)] = [
      (host("ALICE", []), .nameTaken("ALICE")),
      (host("Internet", []), .nameTaken("Internet")),
      (host("x", ["88.90.100.110"]), .addressTaken("88.90.100.110", owner: "bob")),
      (host("x", ["49.36.10.25"]), .addressTaken("49.36.10.25", owner: "home")),
      (host("x", ["198.51.100.1"]), .addressTaken("198.51.100.1", owner: "internet")),
      (host("x", ["44.9.9.9"]), .addressTaken("44.9.9.9", owner: "dual")),
      (host("x", ["192.168.1.10"], behind: home), .addressTaken("192.168.1.10", owner: "alice")),
      (host("x", ["192.168.1.1"], behind: home), .addressTaken("192.168.1.1", owner: "home")),
      (host("x", ["192.168.1.0"], behind: home), .addressNotUsable("192.168.1.0", .broadcast)),
      (host("x", ["192.168.1.255"], behind: home), .addressNotUsable("192.168.1.255", .broadcast)),
      (host("x", ["127.0.0.1"]), .addressNotUsable("127.0.0.1", .loopback)),
      (host("x", ["0.0.0.0"], behind: home), .addressNotUsable("0.0.0.0", .unspecified)),
      (host("x", ["224.0.0.1"]), .addressNotUsable("224.0.0.1", .multicast)),
      (host("x", ["255.255.255.255"]), .addressNotUsable("255.255.255.255", .broadcast)),
      (host("x", ["240.0.0.1"]), .addressNotUsable("240.0.0.1", .reserved)),
      (host("x", ["169.254.1.1"]), .addressNotUsable("169.254.1.1", .linkLocal)),
      (host("x", ["10.0.0.1"]), .privateOnInternet("10.0.0.1")),
      (host("x", ["100.64.0.1"]), .privateOnInternet("100.64.0.1")),
      (host("x", ["fd00::1"]), .privateOnInternet("fd00::1")),
      (host("x", ["8.8.8.8", "9.9.9.9"]), .sameFamilyTwice(.ipv4)),
      (
        host("x", ["192.168.2.10"], behind: home),
        .addressOutsidePrefix("192.168.2.10", router: "home", prefixes: ["192.168.1.0/24"])
      ),
      (host("x", ["2001:db8::1"], behind: home), .noPrefix(.ipv6, router: "home")),
      (host("x", [], behind: bob), .noPrefix(.ipv4, router: "bob")),
      (router([], ["10.0.0.0/8", "10.0.0.0/9"]), .sameFamilyTwice(.ipv4)),
      (router([], ["10.0.0.0/31"]), .prefixTooSmall("10.0.0.0/31")),
      (router([], ["10.0.0.1/32"]), .prefixTooSmall("10.0.0.1/32")),
      (router([], ["fd00::/127"]), .prefixTooSmall("fd00::/127")),
      (router([], ["fd00::/128"]), .prefixTooSmall("fd00::/128")),
      (router([], ["0.0.0.0/0"]), .prefixNotUsable("0.0.0.0/0", .unspecified)),
      (router([], ["128.0.0.0/1"]), .prefixNotUsable("128.0.0.0/1", .broadcast)),
      (router([], ["8.0.0.0/5"]), .prefixNotUsable("8.0.0.0/5", .private)),
      (router([], ["192.0.0.0/8"]), .prefixNotUsable("192.0.0.0/8", .private)),
      (router([], ["169.254.0.0/16"]), .prefixNotUsable("169.254.0.0/16", .linkLocal)),
      (router([], ["127.0.0.0/8"]), .prefixNotUsable("127.0.0.0/8", .loopback)),
      (router([], ["::/0"]), .prefixNotUsable("::/0", .unspecified)),
      (router([], ["198.51.100.0/24"]), .addressTaken("198.51.100.1", owner: "internet")),
      (router([], ["88.0.0.0/8"]), .addressTaken("88.90.100.110", owner: "bob")),
      (router([], ["44.5.0.0/16"]), .prefixOverlaps("44.5.0.0/16", with: "44.0.0.0/8", of: "dual")),
      (router([], ["44.0.0.0/8"]), .prefixOverlaps("44.0.0.0/8", with: "44.0.0.0/8", of: "dual")),
      (router([], ["44.0.0.0/16"], behind: dual), .addressTaken("44.0.0.1", owner: "dual")),
      (router([], ["44.1.0.0/16"], behind: dual), .addressTaken("44.1.2.3", owner: "ann")),
      (router([], ["88.90.100.0/24"], behind: dual), .addressTaken("88.90.100.110", owner: "bob")),
      (
        router([], ["192.168.0.0/16"], behind: home),
        .prefixOverlaps("192.168.0.0/16", with: "192.168.1.0/24", of: "home")
      ),
      (
        router(["44.7.0.9"], ["44.7.0.0/16"], behind: dual),
        .prefixOverlaps("44.7.0.0/16", with: "44.7.0.9/32", of: "r")
      ),
      ({ try $0.remove(.internet) }, .internetIsFixed),
      ({ try $0.remove(home) }, .notEmpty("home", behind: ["alice"])),
      (
        { try $0.setMoreAddresses(of: home, ["50.0.0.2", "88.90.100.110"]) },
        .addressTaken("88.90.100.110", owner: "bob")
      ),
      ({ try $0.setMoreAddresses(of: home, ["50.0.0.2", "10.0.0.1"]) }, .privateOnInternet("10.0.0.1")),
      ({ try $0.setMoreAddresses(of: home, ["50.0.0.2", "2001:db8::7"]) }, .addressNotTranslated("2001:db8::7")),
    ]
    let before = network.picture
    for line in table {
      #expect(throws: line.error) { try line.attempt(&network) }
      #expect(network.picture == before, "\(line.error)")
    }
  }

  @Test func moreAddressesComeAndGo() throws {
    var homes = try TwoHomes()
    try homes.network.setMoreAddresses(of: homes.homeA, ["50.0.0.2", "49.36.10.25", "50.0.0.2", "50.0.0.3"])
    #expect(homes.network.router(homes.homeA)?.nat.externalAddresses == ["49.36.10.25", "50.0.0.2", "50.0.0.3"])
    #expect(throws: BuildError.addressTaken("50.0.0.2", owner: "home-a")) {
      try homes.network.addHost(named: "x", addresses: ["50.0.0.2"])
    }
    let end = try homes.network.udp(homes.bob, to: "50.0.0.3:1")
    #expect(end == "no-mapping at home-a")
    try homes.network.setMoreAddresses(of: homes.homeA, ["50.0.0.3"])
    try homes.network.addHost(named: "x", addresses: ["50.0.0.2"])
    try homes.network.remove(homes.alice)
    try homes.network.remove(homes.carol)
    try homes.network.remove(homes.homeA)
    for address: IPAddress in ["49.36.10.25", "50.0.0.3"] {
      try homes.network.addHost(named: "at-\(address.ipv4Bits)", addresses: [address])
    }
  }

  @Test func aRemovedPublicNetworkIsForgotten() throws {
    var network = Network()
    let outer = try network.addRouter(named: "outer", prefixes: ["44.0.0.0/8"], preset: .open)
    let inner = try network.addRouter(named: "inner", prefixes: ["44.1.0.0/16"], behind: outer, preset: .open)
    try network.remove(inner)
    let host = try network.addHost(named: "host", addresses: ["44.1.0.2"], behind: outer)
    try network.remove(host)
    try network.remove(outer)
    try network.addHost(named: "host", addresses: ["44.1.0.2"])
  }

  @Test func twentyThousandHostsOnOneNetwork() throws {
    var network = Network()
    let campus = try network.addRouter(named: "campus", prefixes: ["10.0.0.0/8"])
    for number in 2..<20_002 { try network.addHost(named: "h\(number)", behind: campus) }
    let last = try #require(network.device(named: "h20001"))
    #expect(network.addresses(of: last.id) == [IPAddress(ipv4: 0x0A00_0000 + 20_001)])
    #expect(network.devices(behind: campus).count == 20_000)
  }
}

extension Network {
  /// Everything about the devices that building can change.
  fileprivate var picture: [String] {
    allDevices.map { device in
      let part = router(device.id)
      let neighbors = part?.neighbors.pairs.map { "\($0.key)=\($0.value.rawValue)" }.sorted() ?? []
      return "\(device.name) \(addresses(of: device.id)) \(part?.nat.externalAddresses ?? []) \(neighbors)"
    } + publicAddresses.pairs.map { "\($0.key)=\($0.value.rawValue)" }.sorted()
      + networksInside.routes.map { "\($0.prefix)" }
      + ["\(nodes.count) \(hosts.count) \(routers.count) \(names.count)"]
  }
}
