// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Networks that are reached as they are, behind routers behind routers.
@Suite struct NestedRouteTests {
  /// Prefixes kept in a tree are found as a search through all of them finds them.
  @Test(arguments: UInt64(1)...20) func aTreeFindsWhatOverlaps(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var tree = PrefixTree()
    var plain: [IPPrefix: DeviceID] = [:]
    func draw() throws -> IPPrefix {
      if generator.below(2) == 0 {
        let address = IPAddress(ipv4: 0x2C00_0000 | UInt32(generator.below(1 << 12)))
        return try #require(IPPrefix(containing: address, length: 20 + Int(generator.below(13))))
      }
      let low = generator.below(8) << 61 | generator.below(8)
      let address = try #require(IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | generator.below(4), low: low))
      return try #require(IPPrefix(containing: address, length: 60 + Int(generator.below(69))))
    }
    for number in 1...200 {
      let prefix = try draw()
      if generator.below(4) > 0 {
        tree.add(prefix, of: DeviceID(number))
        plain[prefix] = DeviceID(number)
      } else if let gone = plain.keys.min(by: { $0.address < $1.address }) {
        tree.remove(gone)
        plain[gone] = nil
      }
      let asked = try draw()
      let expected = plain.filter { $0.key.overlaps(asked) }.sorted {
        ($0.key.length, $0.key.address) < ($1.key.length, $1.key.address)
      }
      let found = tree.overlapping(asked)
      #expect(found.map(\.prefix) == expected.map(\.key) && found.map(\.device) == expected.map(\.value))
    }
  }

  /// From each router of a random tree, the way inwards to every public network is the one that parents tell.
  @Test(arguments: UInt64(1)...10) func everyRouterKnowsTheWayInwards(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var network = Network()
    var routers: [DeviceID] = []
    for number in 0..<120 {
      // Mostly behind the last one, so that some are deep.
      let behind =
        routers.isEmpty || generator.below(12) == 0
        ? nil : generator.below(4) > 0 ? routers.last : routers[Int(generator.below(UInt64(routers.count)))]
      let isPublic = generator.below(3) > 0
      let base: UInt32 = isPublic ? 0x2C00_0000 : 0x0A00_0000
      let prefix = try #require(IPPrefix(containing: IPAddress(ipv4: base + UInt32(number) << 8), length: 24))
      let outside = behind == nil ? [IPAddress(ipv4: 0x3C00_0001 + UInt32(number))] : []
      routers.append(
        try network.addRouter(named: "r\(number)", addresses: outside, prefixes: [prefix], behind: behind))
    }
    for (slot, id) in routers.enumerated() {
      for owner in routers {
        let prefix = try #require(network.router(owner)?.prefixes.first)
        guard prefix.address.scope.isRoutedOnInternet else { continue }
        var chain = [owner]
        while let last = chain.last, last != .internet { chain.append(network.device(last).parent) }
        let address = prefix.address.advanced(by: 9)
        let place = chain.firstIndex(of: id).map { $0 - 1 } ?? -1
        #expect(network.routeInside(address, slot)?.device == (place >= 0 ? chain[place] : nil))
        #expect(network.routeOnInternet(address) == chain[chain.count - 2])
      }
    }
  }

  @Test func aPacketPassesThirtyRoutersAndNoOtherNetworkMayOverlap() throws {
    var network = Network()
    var last = try network.addRouter(named: "r0", prefixes: ["44.0.0.0/8"], preset: .open)
    for number in 1...30 {
      let prefix = try #require(IPPrefix(containing: IPAddress(ipv4: 0x2C80_0000 + UInt32(number) << 8), length: 24))
      last = try network.addRouter(named: "r\(number)", prefixes: [prefix], behind: last, preset: .open)
    }
    let inner = try network.addHost(named: "inner", behind: last)
    let outer = try network.addHost(named: "outer", addresses: ["88.90.100.110"])
    let address = try #require(network.addresses(of: inner).first)
    let r15 = try #require(network.device(named: "r15")).id
    #expect(throws: BuildError.prefixOverlaps("44.128.30.0/25", with: "44.128.30.0/24", of: "r30")) {
      try network.addRouter(named: "x", prefixes: ["44.128.30.0/25"], behind: r15)
    }
    #expect(throws: BuildError.prefixOverlaps("44.128.0.0/16", with: "44.128.15.0/24", of: "r15")) {
      try network.addRouter(named: "x", prefixes: ["44.128.0.0/16"], behind: r15)
    }
    let end = try network.udp(outer, to: Endpoint(address, 5_000))
    #expect(end == "delivered at inner")
  }
}
