// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Two homes behind routers of two kinds, and a server that both can reach: where a pair of peers is tried.
package struct MatrixPlace: Sendable {
  package private(set) var network: Network
  /// alice and bob.
  package private(set) var hosts: [DeviceID] = []
  package let server: DeviceID

  /// - Parameter nestsProviders: Whether a provider's NAT (`cgnat`) has a customer's router behind it, as in life; the
  ///   matrix tries it alone.
  /// - Throws: a ``BuildError``, which only addresses that no longer fit could cause.
  package init(_ first: MatrixKind, _ second: MatrixKind, nestsProviders: Bool = false, seed: UInt64) throws(BuildError)
  {
    var network = Network(seed: seed)
    for (kind, home) in zip([first, second], Self.homes) {
      // If nothing is translated, only a public network can be reached at all.
      let isTranslated = kind.behavior.translates
      let prefix = isTranslated ? home.prefix : home.publicPrefix
      let router: DeviceID
      if nestsProviders, kind == .preset(.cgnat), let shared = Self.sharedPrefix {
        let provider = try network.addRouter(
          named: "isp-\(home.host)", addresses: [home.address], prefixes: [shared], preset: .cgnat)
        router = try network.addRouter(
          named: home.router, addresses: [shared.address.advanced(by: home.number)], prefixes: [prefix],
          behind: provider, preset: .home)
      } else {
        router = try network.addRouter(
          named: home.router, addresses: [home.address], prefixes: [prefix], preset: kind.preset)
        network.configure(router, kind.behavior)
      }
      hosts.append(
        try network.addHost(named: home.host, addresses: [prefix.address.advanced(by: home.number)], behind: router))
    }
    server = try network.addHost(named: "server", addresses: [Self.server.address])
    self.network = network
  }

  struct Home: Sendable {
    let router: String
    let host: String
    let address: IPAddress
    let prefix: IPPrefix
    let publicPrefix: IPPrefix
    /// The host's place in its network.
    let number: UInt64
  }

  /// Between a provider and its customers (RFC 6598).
  private static let sharedPrefix = IPPrefix(containing: IPAddress(ipv4: 0x6440_0000), length: 10)  // 100.64.0.0/10

  /// Where the server listens: the rendezvous of a matrix, and STUN in a place that ``serve()`` has prepared.
  static let server = Endpoint(IPAddress(ipv4: 0xCB00_7132), 3_478)  // 203.0.113.50
  static let homes = [
    home("home-a", "alice", 0x3124_0A19, 0xC0A8_0100, 0x2D0A_1400, 10),  // 49.36.10.25, 192.168.1.10
    home("home-b", "bob", 0x585A_646E, 0xC0A8_0000, 0x4242_4200, 25),  // 88.90.100.110, 192.168.0.25
  ].compactMap(\.self)

  private static func home(
    _ router: String, _ host: String, _ address: UInt32, _ inside: UInt32, _ outside: UInt32, _ number: UInt64
  ) -> Home? {
    guard let prefix = IPPrefix(containing: IPAddress(ipv4: inside), length: 24),
      let publicPrefix = IPPrefix(containing: IPAddress(ipv4: outside), length: 24)
    else { return nil }
    return Home(
      router: router, host: host, address: IPAddress(ipv4: address), prefix: prefix, publicPrefix: publicPrefix,
      number: number)
  }

  /// Where the rendezvous listens in a place that ``serve()`` has prepared.
  static let rendezvous = Endpoint(server.address, STUNMessage.standardPort + 2)

  /// Has the server answer as `scene call`'s does: STUN at 3478, and a rendezvous.
  package mutating func serve() {
    // The host is new and its ports are free, so nothing can be refused.
    _ = try? network.start(STUNServer(port: STUNMessage.standardPort, alternate: nil), on: server)
    _ = try? network.start(RendezvousServer(port: Self.rendezvous.port), on: server)
  }
}
