// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// RFC 6888, Common Requirements for Carrier-Grade NATs, as `preset cgnat` meets them.
@Suite struct RFC6888Tests {
  private func table(_ addresses: [String] = ["home"], _ edit: (inout NATBehavior) -> Void = { _ in }) -> PacketTable {
    var behavior = NATPreset.cgnat.behavior
    behavior.portAssignment = .preserve
    edit(&behavior)
    return PacketTable(behavior, addresses: addresses)
  }

  @Test("RFC 6888 REQ-1: a carrier's NAT is a good NAT for UDP, TCP and ICMP") func req1() {
    let behavior = NATPreset.cgnat.behavior
    #expect(behavior.mapping == .endpointIndependent && behavior.filtering == .endpointIndependent)
    #expect(behavior.hairpinning && behavior.lifetimes == MappingLifetimes() && behavior.portAssignment != .overload)
    var table = table()
    for (line, expected) in [("udp alice:5 > bob:1", "home:5 > bob:1"), ("tcp alice:5 > bob:1 syn", "home:5 > bob:1")] {
      #expect(table.pass("out \(line)").hasPrefix(expected))
      #expect(
        table.pass("out " + line.replacing("bob", with: "dave")).hasPrefix(expected.replacing("bob", with: "dave")))
    }
    #expect(table.nat.count == 2)
  }

  @Test("RFC 6888 REQ-2: a subscriber keeps one outside address") func req2() {
    var table = table(["home", "home2"])
    table.play(
      """
      out udp alice:5 > bob:1 | home:5 > bob:1 +1
      out udp carol:5 > bob:1 | home2:5 > bob:1 +2
      out tcp alice:6 > bob:1 | home:6 > bob:1 +3
      out icmp carol:6 > bob  | home2:6 > bob:6 +4
      """)
  }

  @Test("RFC 6888 REQ-3: any number of outside addresses, from anywhere") func req3() {
    let addresses = (0..<500).map { "\(20 + $0 % 60).\($0 / 3).7.\($0 % 250)" }
    var table = table(addresses) { $0.pooling = .arbitrary }
    for port in 1_024..<1_524 { _ = table.pass("out udp alice:\(port) > bob:1") }
    #expect(Set(table.nat.mappings.map(\.external.address)).count == 500)
  }

  /// A flood from one subscriber ends at its share; the others go on.
  @Test("RFC 6888 REQ-4: a subscriber's ports are limited") func req4() throws {
    var table = table { $0.maximumMappingsPerHost = 100 }
    let outcomes = (1_024..<2_024).map { table.pass("out udp alice:\($0) > bob:1") }
    #expect(
      outcomes.prefix(100).allSatisfy { $0.hasPrefix("home:") }
        && outcomes.dropFirst(100).allSatisfy { $0 == "table-full" })
    table.play(
      "out udp carol:5000 > bob:1 | home:5000 > bob:1 +101\nout udp alice:1024 > dave:1 | home:1024 > dave:1 ~1")
    // The same in a network: the one that floods is refused, others are served, and open conversations go on.
    var homes = try TwoHomes(.cgnat)
    var behavior = NATPreset.cgnat.behavior
    behavior.maximumMappingsPerHost = 5
    homes.network.configure(homes.homeA, behavior)
    let flood = try (0..<50).map { try homes.network.send(from: homes.alice, port: 2_000 + $0, to: "88.90.100.110:1") }
    homes.network.run()
    let carol = try homes.network.send(from: homes.carol, port: 9, to: "88.90.100.110:1")
    let again = try homes.network.send(from: homes.alice, port: 2_000, to: "88.90.100.110:2")
    homes.network.run()
    #expect(flood.map { homes.network.end(of: $0) }.filter { $0 == "delivered at bob" }.count == 5)
    #expect(homes.network.end(of: flood[49]) == "table-full at home-a")
    #expect(homes.network.end(of: carol) == "delivered at bob" && homes.network.end(of: again) == "delivered at bob")
  }

  @Test("RFC 6888 REQ-5: the state of the table and of a subscriber is limited") func req5() {
    var table = table {
      $0.maximumMappings = 3
      $0.maximumMappingsPerHost = 2
    }
    table.play(
      """
      out udp alice:5 > bob:1 | home:5 > bob:1 +1
      out udp alice:6 > bob:1 | home:6 > bob:1 +2
      out udp alice:7 > bob:1 | table-full
      out udp carol:7 > bob:1 | home:7 > bob:1 +3
      out udp erin:8 > bob:1  | table-full
      in  udp bob:9 > home:5  | bob:9 > alice:5 =1
      """)
  }

  @Test("RFC 6888 REQ-6: translation can be turned off for destinations") func req6() throws {
    var table = table {
      $0.exemptions = [IPPrefix("88.90.100.111/32")].compactMap { $0 }
      $0.portAssignment = .sequential(first: 62_000)
    }
    table.play(
      """
      out udp alice:5 > dave:1 | alice:5 > dave:1
      in  udp dave:1 > alice:5 | dave:1 > alice:5
      out udp alice:5 > bob:1  | home:62000 > bob:1 +1
      in  udp bob:1 > alice:5  | no-mapping
      in  udp dave:1 > home:9  | no-mapping
      """)
  }

  @Test("RFC 6888 REQ-7: filtering is endpoint-independent") func req7() {
    var table = table()
    table.play("out udp alice:5 > bob:1 | home:5 > bob:1 +1\nin udp dave:9 > home:5 | dave:9 > alice:5 =1")
  }

  @Test("RFC 6888 REQ-8: a freed port rests for two minutes") func req8() {
    var table = table { $0.portAssignment = .random(5_000...5_000) }
    table.play(
      """
      out udp alice:1 > bob:1 | home:5000 > bob:1 +1
      at 5m
      out udp carol:1 > bob:1 | ports-exhausted
      at 6m59.999999s
      out udp carol:1 > bob:1 | ports-exhausted
      at 7m
      out udp carol:1 > bob:1 | home:5000 > bob:1 +2
      """)
  }

  @Test("RFC 6888 REQ-11: without room the newcomer is refused and told, and nobody else is disturbed") func req11()
    throws
  {
    var homes = try TwoHomes(.cgnat)
    var behavior = NATPreset.cgnat.behavior
    behavior.portAssignment = .random(5_000...5_001)
    behavior.rejection = .icmp
    homes.network.configure(homes.homeA, behavior)
    var numbers: [Int] = []
    for (host, port) in [(homes.alice, UInt16(1)), (homes.alice, 2), (homes.carol, 3), (homes.alice, 1)] {
      numbers.append(try homes.network.send(from: host, port: port, to: "88.90.100.110:1"))
      homes.network.run()
    }
    #expect(
      numbers.map { homes.network.end(of: $0) } == [
        "delivered at bob", "delivered at bob", "ports-exhausted at home-a", "delivered at bob",
      ])
    #expect(homes.network.answers(to: numbers[2]).map(\.packet.icmp) == [.hostUnreachable])
    #expect(homes.network.router(homes.homeA)?.nat.mappings.map(\.id) == [1, 2])
  }

  @Test("RFC 6888 REQ-13: every port of the range is used before one is refused") func req13() {
    var table = table {
      $0.portAssignment = .random(1_024...65_535)
      $0.maximumMappingsPerHost = nil
    }
    for host in 1...64 {
      for port in 0..<1_008 { _ = table.pass("out udp 10.0.0.\(host):\(1_024 + port) > bob:1") }
    }
    #expect(table.nat.count == 64_512 && table.pass("out udp alice:1 > bob:1") == "ports-exhausted")
    table.play(
      "in udp bob:1 > home:1024 | \(table.nat.mapping(.udp, external: "49.36.10.25:1024", towards: "88.90.100.110:1").map { "bob:1 > \($0.internal) =\($0.id)" } ?? "")"
    )
  }

  @Test("RFC 6888 REQ-15: ports are hard to guess") func req15() {
    var table = table { $0.portAssignment = NATPreset.cgnat.behavior.portAssignment }
    for port in 2_000..<2_200 { _ = table.pass("out udp alice:\(port) > bob:1") }
    let ports = table.nat.mappings.map { Int($0.external.port) }
    let steps = zip(ports.dropFirst(), ports).map { $0 - $1 }
    #expect(Set(steps).count > 190 && ports.max() ?? 0 > 50_000 && ports.min() ?? 0 < 15_000)
  }
}
