// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// ICE compared with ``PathSearch``, on random networks.
struct RandomPairTests {
  /// Two hosts, each with a public address, behind a router, behind two, or behind the other's; and the servers.
  struct Pair {
    var lines: [String] = ["host server 203.0.113.50 2001:db8:5::50"]
    var generator: SeededGenerator
    let hasLoss: Bool

    init(seed: UInt64, hasLoss: Bool) {
      generator = SeededGenerator(seed: seed)
      self.hasLoss = hasLoss
      let isDual = generator.below(4) == 0
      let sharesProvider = generator.below(4) == 0
      if sharesProvider { addRouter("provider", behind: nil, isDual: false) }
      for (index, name) in ["alice", "bob"].enumerated() {
        let home = "home-\(name)"
        let provider = sharesProvider ? "provider" : nil
        switch generator.below(6) {
        case 0 where !sharesProvider:
          lines.append("host \(name)" + (isDual ? " 88.90.\(index).1 2001:db8:\(index + 7)::1" : ""))
        case 1 where !sharesProvider:
          addRouter("isp-\(name)", behind: nil, isDual: false)
          addRouter(home, behind: "isp-\(name)", isDual: false)
          lines.append("host \(name) behind \(home)")
        default:
          addRouter(home, behind: provider, isDual: isDual && provider == nil, number: index)
          lines.append("host \(name) behind \(home)")
        }
      }
      lines += ["serve server stun", "serve server rendezvous"]
      // Up to 30 % of the packets from one to the other.
      guard hasLoss else { return }
      for name in ["alice", "bob"] { lines.append("set \(name) loss \(generator.below(17))%") }
    }

    private mutating func addRouter(_ name: String, behind outer: String?, isDual: Bool, number: Int = 0) {
      var line = "router \(name)"
      // With IPv6, some exchange its prefix.
      let exchanges = isDual && generator.below(3) == 0
      if isDual {
        let inside = exchanges ? "fd0\(number):203:405" : "2001:db8:\(number + 1)"
        line += " 49.36.\(number).1 2001:db8:\(number + 1)::1 lan 192.168.\(number + 1).0/24 lan \(inside):1::/64"
      }
      if let outer { line += " behind \(outer)" }
      lines.append(line)
      if exchanges { lines.append("set \(name) nptv6 2001:db8:\(number + 21)::/48") }
      func pick(_ words: [String]) -> String { words[Int(generator.below(UInt64(words.count)))] }
      lines.append("set \(name) mapping \(pick(["eim", "eim", "adm", "apdm"]))")
      lines.append("set \(name) filtering \(pick(["eif", "adf", "apdf", "apdf"]))")
      lines.append("set \(name) ports \(pick(["sequential 40000", "preserve", "random"]))")
      lines.append("set \(name) hairpinning \(pick(["on", "off"]))")
    }
  }

  /// Starts both ends, one a little later, and lets them come to their end.
  private func run(_ pair: Pair, skew: Interval) throws -> (
    before: Network, after: Network, alice: DeviceID, bob: DeviceID
  ) {
    let session = try STUNProgramTests.session(pair.lines)
    var network = session.network
    let before = network
    let (alice, bob) = (
      try #require(network.device(named: "alice")?.id), try #require(network.device(named: "bob")?.id)
    )
    let server = try #require(network.device(named: "server")?.id)
    let rendezvous = try #require(network.programs().first { $0.name == "rendezvous" }?.port)
    for (host, name, peer, role) in [
      (alice, "alice", "bob", ICEAgent.Role.controlling), (bob, "bob", "alice", .controlled),
    ] {
      let addresses = network.addresses(of: server).filter { address in
        network.addresses(of: host).contains { $0.family == address.family }
      }
      let servers = ICEProgram.Servers(
        stun: addresses.map { Endpoint($0, 3_478) }, turn: nil,
        rendezvous: Endpoint(try #require(addresses.first), rendezvous))
      try network.start(ICEProgram(role, name: name, peer: peer, servers: servers, at: network.clock), on: host)
      if host == alice {
        let target = network.clock + skew
        while network.step(until: target) {}
        network.moveClock(to: target)
      }
    }
    var steps = 0
    while network.isBusy, steps < 100_000, network.step() { steps += 1 }
    #expect(steps < 100_000, "it goes on for ever")
    return (before, network, alice, bob)
  }

  private func program(_ network: Network, on host: DeviceID) -> ICEProgram? {
    network.programs(on: host).lazy.compactMap { network.program($0.id, as: ICEProgram.self) }.first
  }

  /// Whether a text sent on an end's selected pair arrives at the other end. Up to 30 % of such texts are lost, so it is
  /// sent until it does.
  private func carries(_ network: inout Network, from host: DeviceID, to other: DeviceID) throws -> Bool {
    let end = try #require(program(network, on: host))
    let pair = try #require(end.agent?.selected)
    let port = try #require(end.port)
    for attempt in 1...30 {
      let text = "piece \(attempt)"
      try network.send(
        from: host, port: port, to: pair.remote.address, payload: Payload(bytes: Array(text.utf8)))
      let limit = network.clock + .seconds(1)
      while network.step(until: limit) {}
      network.moveClock(to: limit)
      let hasArrived = network.trace.events(from: 1).contains {
        $0.host == other && $0.name == "heard" && $0.data["text"] == .text(text)
      }
      if hasArrived { return true }
    }
    return false
  }

  /// Whether what both ends claim is so: data goes through both ways.
  private func isTrue(_ after: Network, alice: DeviceID, bob: DeviceID) throws -> Bool {
    var network = after
    let forth = try carries(&network, from: alice, to: bob)
    return try forth && carries(&network, from: bob, to: alice)
  }

  /// How many pairs are tried, and from which seed on: `ICE_PAIRS=1000`, `ICE_SEED=1`.
  private static let environment = ProcessInfo.processInfo.environment
  private static let first = environment["ICE_SEED"].flatMap { UInt64($0) } ?? 1
  private static let count = max(environment["ICE_PAIRS"].flatMap { UInt64($0) } ?? 56, 2)
  /// Half of them lose packets.
  static let clean = first...(first + count / 2 - 1)
  static let lossy = (first + 1_000_000)...(first + 1_000_000 + count / 2 - 1)

  @Test(arguments: clean) func iceFindsAWayExactlyIfThereIsOne(seed: UInt64)
    throws
  {
    var pair = Pair(seed: seed, hasLoss: false)
    let skew = Interval.milliseconds(Int64(pair.generator.below(3_000)))
    let (before, after, alice, bob) = try run(pair, skew: skew)
    let server = try #require(before.device(named: "server")?.id)
    var search = PathSearch(before, between: alice, and: bob, server: server)
    let exists = search.findsPath()
    let lines = pair.lines.joined(separator: "\n")
    for host in [alice, bob] {
      let end = try #require(program(after, on: host))
      let found = end.agent?.selected != nil
      #expect(found == exists, "\(lines)")
      // A way that is claimed has carried data here.
      let hasHeard = after.trace.events(from: 1).contains { $0.host == host && $0.name == "heard" }
      if found { #expect(hasHeard, "\(lines)") }
    }
    if exists { #expect(try isTrue(after, alice: alice, bob: bob), "\(lines)") }
  }

  @Test(arguments: lossy) func lostChecksAreRetransmitted(seed: UInt64)
    throws
  {
    var pair = Pair(seed: seed, hasLoss: true)
    let skew = Interval.milliseconds(Int64(pair.generator.below(3_000)))
    let (before, after, alice, bob) = try run(pair, skew: skew)
    let server = try #require(before.device(named: "server")?.id)
    var clean = try STUNProgramTests.session(pair.lines.filter { !$0.contains(" loss ") }).network
    clean.isTracing = false
    var search = PathSearch(clean, between: alice, and: bob, server: server)
    let exists = search.findsPath()
    let found = [alice, bob].map { program(after, on: $0)?.agent?.selected != nil }
    // No way is found that does not exist; an existing one is found by both, and carries data both ways.
    let lines = pair.lines.joined(separator: "\n")
    #expect(found == [exists, exists], "\(lines)")
    if found == [true, true] { #expect(try isTrue(after, alice: alice, bob: bob), "\(lines)") }
  }
}
