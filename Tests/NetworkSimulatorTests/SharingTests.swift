// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel
@testable import NetworkSimulator

/// Memory that a kept network shares with the one that goes on, which decides the cost of `undo`.
@Suite struct SharingTests {
  @Test(arguments: UInt64(1)...20)
  func aSharedDictionaryIsADictionary(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var shared = SharedDictionary<IPAddress, Int>()
    var plain: [IPAddress: Int] = [:]
    var kept: [(SharedDictionary<IPAddress, Int>, [IPAddress: Int])] = []
    for round in 0..<3_000 {
      let key = IPAddress(ipv4: 0x0A00_0000 + UInt32(generator.below(500)))
      if generator.below(3) > 0 {
        shared[key] = round
        plain[key] = round
      } else {
        shared[key] = nil
        plain[key] = nil
      }
      let asked = IPAddress(ipv4: 0x0A00_0000 + UInt32(generator.below(510)))
      #expect(shared[asked] == plain[asked] && shared.count == plain.count)
      if round % 500 == 0 { kept.append((shared, plain)) }
    }
    kept.append((shared, plain))
    for (shared, plain) in kept {
      #expect(Dictionary(uniqueKeysWithValues: shared.pairs.map { ($0.key, $0.value) }) == plain)
    }
  }

  @Test(arguments: UInt64(1)...20)
  func theLongestRouteWins(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var table = RouteTable()
    var plain: [IPPrefix: DeviceID] = [:]
    for number in 1...200 {
      let address = IPAddress(ipv4: 0x2C00_0000 | UInt32(generator.below(1 << 16)))
      let prefix = try #require(IPPrefix(containing: address, length: 16 + Int(generator.below(17))))
      if generator.below(4) > 0 {
        table.add(prefix, through: DeviceID(number))
        plain[prefix] = DeviceID(number)
      } else if let gone = plain.keys.min(by: { $0.address < $1.address }) {
        table.remove(gone)
        plain[gone] = nil
      }
      let asked = IPAddress(ipv4: 0x2C00_0000 | UInt32(generator.below(1 << 16)))
      let found = plain.filter { $0.key.contains(asked) }.max { $0.key.length < $1.key.length }
      #expect(table.lookUp(asked) == found?.value && table.route(to: asked)?.prefix == found?.key)
      let overlapping = plain.keys.filter { $0.overlaps(prefix) && $0 != prefix }
      #expect((table.overlap(with: prefix, otherThan: [prefix]) == nil) == overlapping.isEmpty)
    }
    #expect(table.routes.count == plain.count)
  }

  /// The pages of `kept` that `now` no longer shares with it, and those that it has added.
  private func unshared<Element>(_ now: PagedArray<Element>, _ kept: PagedArray<Element>) -> Int {
    now.pagesUnshared(with: kept)
  }

  private func unshared<Key, Value>(
    _ now: SharedDictionary<Key, Value>, _ kept: SharedDictionary<Key, Value>
  ) -> Int {
    unshared(now.entries, kept.entries) + unshared(now.links, kept.links) + unshared(now.buckets, kept.buckets)
  }

  /// After a state is kept, a change copies only what it touches, however large the network.
  @Test func aChangeToABigNetworkCopiesNoMoreThanToASmallOne() throws {
    let copied = try [2_000, 100_000].map { count in
      var network = Network()
      for index in 0..<count {
        try network.addHost(named: "h\(index)", addresses: [IPAddress(ipv4: 0x2C00_0001 + UInt32(index))])
      }
      let kept = network
      try network.addHost(named: "one-more", addresses: [IPAddress(ipv4: 0x2D00_0001)])
      network.setDelay(of: DeviceID(7), .milliseconds(3))
      #expect(kept.device(named: "one-more") == nil && network.device(named: "ONE-MORE") != nil)
      return unshared(network.nodes, kept.nodes) + unshared(network.details, kept.details)
        + unshared(network.hosts, kept.hosts)
        + unshared(network.names, kept.names) + unshared(network.publicAddresses, kept.publicAddresses)
    }
    #expect(copied[0] > 0 && copied[0] <= 20 && copied[1] <= 20)
  }

  /// A packet, with all that it leaves behind, copies no more either.
  @Test func aPacketThroughABigNetworkCopiesNoMoreThanThroughASmallOne() throws {
    let copied = try [1_000, 20_000].map { count in
      var network = Network()
      let prefix: IPPrefix = "10.0.0.0/8"
      let router = try network.addRouter(named: "r", prefixes: [prefix])
      let hosts = try (0..<count).map { try network.addHost(named: "h\($0)", behind: router) }
      let server = try network.addHost(named: "server")
      let target = Endpoint(network.addresses(of: server)[0], 4_000)
      for host in hosts { try network.send(from: host, port: 5_000, to: target) }
      while network.step() {}
      let kept = network
      try network.send(from: hosts[count / 2], port: 5_000, to: target, payload: .data([104, 105]))
      while network.step() {}
      #expect(network.device(server).delivered.packets == kept.device(server).delivered.packets + 1)
      let trace = network.trace.hops.pagesUnshared(with: kept.trace.hops)
      return trace + unshared(network.nodes, kept.nodes) + unshared(network.details, kept.details)
        + unshared(network.hosts, kept.hosts) + unshared(network.routers, kept.routers)
        + unshared(network.names, kept.names) + unshared(network.publicAddresses, kept.publicAddresses)
    }
    #expect(copied[0] > 0 && copied[0] <= 12 && copied[1] <= 12)
  }

  /// A router is asked for timed-out mappings only when there may be some.
  @Test func routersWithNothingDueAreNotAsked() throws {
    var network = Network()
    for index in 0..<200 {
      let router = try network.addRouter(
        named: "r\(index)", addresses: [IPAddress(ipv4: 0x2C00_0001 + UInt32(index))],
        prefixes: ["192.168.1.0/24"].compactMap { IPPrefix($0) })
      let host = try network.addHost(named: "h\(index)", behind: router)
      if index % 50 == 0 { try network.send(from: host, port: 9, to: Endpoint(IPAddress(ipv4: 0x2D00_0001), 9)) }
    }
    while network.step() {}
    #expect(network.alarms.count == 4)
    network.moveClock(to: network.clock + .minutes(6))
    #expect(network.takeExpired().map { network.device($0.router).name } == ["r0", "r50", "r100", "r150"])
    #expect(network.alarms.count == 0 && network.takeExpired().isEmpty)
  }

  @Test func aFullTraceSaysWhatItHasForgotten() throws {
    var network = Network()
    let alice = try network.addHost(named: "alice")
    let bob = try network.addHost(named: "bob")
    let to = Endpoint(try #require(network.addresses(of: bob).first), 4_000)
    network.trace.hops = Recent(capacity: 4)
    for _ in 0..<3 { try network.send(from: alice, port: 9, to: to) }
    while network.step() {}
    // Three hops each, all at once: of nine, the last four are one crossing and three arrivals.
    #expect(network.trace.hopCount == 9 && network.trace.oldestHop == 6)
    #expect((1...3).map { network.trace.hasForgottenHops(ofPacket: $0) } == [true, true, true])
    #expect(network.trace.hops(ofPacket: 3).map(\.verdict) == [.forwarded, .delivered])
    #expect(network.trace.oldestPacketWithHops == 3)
  }
}
