// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// RFC 4787, NAT Behavioral Requirements for Unicast UDP: one test per requirement, including its parts.
@Suite struct RFC4787Tests {
  private func table(_ edit: (inout NATBehavior) -> Void, addresses: [String] = ["home"]) -> PacketTable {
    var behavior = NATPreset.fullCone.behavior
    edit(&behavior)
    return PacketTable(behavior, addresses: addresses)
  }

  @Test("RFC 4787 REQ-1: one outside endpoint towards every remote") func req1() {
    var table = table { _ in }
    table.play(
      """
      out udp alice:5000 > bob:1  | home:62000 > bob:1 +1
      out udp alice:5000 > bob:2  | home:62000 > bob:2 ~1
      out udp alice:5000 > dave:1 | home:62000 > dave:1 ~1
      """)
  }

  @Test("RFC 4787 REQ-2: a host keeps one outside address") func req2() {
    var table = table({ $0.pooling = .paired }, addresses: ["home", "home2"])
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      out udp carol:1 > bob:1 | home2:62000 > bob:1 +2
      out udp alice:2 > bob:1 | home:62001 > bob:1 +3
      out tcp alice:1 > bob:1 | home:62000 > bob:1 +4
      """)
  }

  @Test(
    "RFC 4787 REQ-3: no port overloading, and ports stay in their range",
    arguments: [PortAssignment.preserve, .sequential(first: 62_000), .random(1024...65535)])
  func req3(assignment: PortAssignment) {
    var table = table { $0.portAssignment = assignment }
    for port in UInt16(2_000)..<2_200 {
      for host in ["alice", "carol"] { _ = table.pass("out udp \(host):\(port) > bob:\(port)") }
    }
    #expect(Set(table.nat.mappings.map(\.external)).count == 400)
    #expect(table.nat.mappings.allSatisfy { $0.external.port >= 1_024 })
    guard assignment == .preserve else { return }
    // REQ-3a: well-known ports among themselves.
    table.play(
      """
      out udp alice:1023 > bob:1 | home:1023 > bob:1 +401
      out udp carol:1023 > bob:1 | home:1 > bob:1 +402
      out udp alice:1024 > bob:1 | home:1024 > bob:1 +403
      out udp carol:1024 > bob:1 | home:1025 > bob:1 +404
      """)
  }

  @Test("RFC 4787 REQ-4: even ports stay even, odd ones odd") func req4() {
    var table = table { $0.preservesParity = true }
    table.play(
      """
      out udp alice:5000 > bob:1 | home:62000 > bob:1 +1
      out udp alice:5002 > bob:1 | home:62002 > bob:1 +2
      out udp alice:5001 > bob:1 | home:62003 > bob:1 +3
      """)
  }

  @Test("RFC 4787 REQ-5: a mapping lives five minutes, or as long as it is set") func req5() {
    for (lifetime, text) in [(Interval.minutes(5), "5m"), (.minutes(2), "2m")] {
      var table = table { if lifetime != .minutes(5) { $0.lifetimes.udp = lifetime } }
      table.play("out udp alice:1 > bob:53 | home:62000 > bob:53 +1")
      table.now = Instant.zero + Interval(microseconds: lifetime.microseconds - 1)
      table.play(
        "in udp bob:53 > home:62000 | bob:53 > alice:1 =1\nat \(text)\nin udp bob:53 > home:62000 | expired =1")
    }
  }

  @Test(
    "RFC 4787 REQ-6: outbound packets refresh, inbound ones if so set", arguments: [MappingRefresh.outbound, .both])
  func req6(refresh: MappingRefresh) {
    var table = table { $0.refresh = refresh }
    let mark = refresh == .both ? "~" : "="
    table.play(
      """
      out udp alice:1 > bob:1   | home:62000 > bob:1 +1
      wait 4m
      out udp alice:1 > bob:1   | home:62000 > bob:1 ~1
      wait 4m
      in udp bob:1 > home:62000 | bob:1 > alice:1 \(mark)1
      wait 4m
      in udp bob:1 > home:62000 | \(refresh == .both ? "bob:1 > alice:1 ~1" : "expired =1")
      """)
  }

  @Test("RFC 4787 REQ-7: inside and outside never have the same addresses") func req7() throws {
    var network = Network()
    let outer = try network.addRouter(named: "outer", addresses: ["203.0.113.1"], prefixes: ["192.168.1.0/24"])
    #expect(throws: BuildError.self) {
      try network.addRouter(named: "inner", addresses: ["192.168.1.2"], prefixes: ["192.168.1.0/24"], behind: outer)
    }
    #expect(throws: BuildError.self) {
      try network.addRouter(named: "inner", addresses: ["192.168.1.2"], prefixes: ["192.168.0.0/16"], behind: outer)
    }
    // Left to the router, its inside is another prefix.
    let inner = try network.addRouter(named: "inner", behind: outer)
    let prefixes = [outer, inner].compactMap { network.router($0)?.prefixes.first }
    #expect(prefixes.count == 2 && !prefixes[0].contains(prefixes[1].address))
  }

  @Test("RFC 4787 REQ-8: filtering is endpoint-independent or address-dependent, as set") func req8() {
    for (filtering, stranger, port) in [
      (EndpointDependence.endpointIndependent, "dave:1 > alice:1 =1", "bob:2 > alice:1 =1"),
      (.addressDependent, "filtered =1", "bob:2 > alice:1 =1"),
      (.addressAndPortDependent, "filtered =1", "filtered =1"),
    ] {
      var table = table { $0.filtering = filtering }
      table.play(
        """
        out udp alice:1 > bob:1    | home:62000 > bob:1 +1
        in  udp dave:1 > home:62000 | \(stranger)
        in  udp bob:2 > home:62000  | \(port)
        """)
    }
  }

  @Test("RFC 4787 REQ-9: hairpinning shows the sender's outside address and port") func req9() {
    var table = table { $0.hairpinning = true }
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out udp carol:1 > home:62000 | home:62001 > alice:1 back +2
      out udp alice:1 > home:62001 | home:62000 > carol:1 back ~1
      """)
  }

  @Test("RFC 4787 REQ-10: a packet's payload is never changed") func req10() throws {
    var table = table { _ in }
    let text = Payload.data(Array("my address is 192.168.1.10:5000".utf8))
    var packet = Packet(.udp, from: "192.168.1.10:5000", to: "88.90.100.110:5060", payload: text)
    _ = table.nat.translate(&packet, from: .inside, at: .zero, number: 1, using: &table.generator)
    #expect(packet.source == "49.36.10.25:62000" && packet.payload == text)
  }

  /// A conflict of ports, a full table, a thousand mappings: the behaviour is what it was.
  @Test("RFC 4787 REQ-11: the behaviour never changes by itself") func req11() {
    var table = table {
      $0.portAssignment = .preserve
      $0.filtering = .addressDependent
      $0.maximumMappings = 1_000
    }
    table.play("out udp alice:5000 > bob:1 | home:5000 > bob:1 +1\nout udp carol:5000 > bob:1 | home:5001 > bob:1 +2")
    for port in UInt16(10_000)..<11_000 { _ = table.pass("out udp erin:\(port) > bob:1") }
    table.play(
      """
      out udp erin:1 > bob:1     | table-full
      out udp carol:5000 > bob:2 | home:5001 > bob:2 ~2
      out udp carol:5000 > dave:1 | home:5001 > dave:1 ~2
      in  udp bob:9 > home:5001  | bob:9 > carol:5000 =2
      in  udp isp:9 > home:5001  | filtered =2
      """)
  }

  @Test("RFC 4787 REQ-12: no ICMP message ends a mapping, whoever sends it") func req12() {
    var table = table { _ in }
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      in icmp bob > home port-unreachable about udp home:62000 > bob:1  | bob > alice about alice:1 > bob:1 =1
      in icmp isp > home host-unreachable about udp home:62000 > bob:1  | isp > alice about alice:1 > bob:1 =1
      in icmp dave > home time-exceeded about udp home:62000 > bob:1    | dave > alice about alice:1 > bob:1 =1
      out icmp alice > bob port-unreachable about udp bob:1 > alice:1   | home > bob about bob:1 > home:62000 =1
      in udp bob:1 > home:62000 | bob:1 > alice:1 =1
      """)
  }

  @Test("RFC 4787 REQ-13: too long a packet is cut in order, or refused with its reason") func req13() throws {
    var homes = try TwoHomes()
    homes.network.setMTU(of: homes.homeA, 100)
    let cut = try homes.network.send(from: homes.alice, port: 5, to: "88.90.100.110:4", payload: .filler(400))
    homes.network.run()
    #expect(homes.network.end(of: cut) == "delivered at bob")
    let offsets = homes.network.trace.hops(ofPacket: cut).filter { $0.node == .internet }.compactMap {
      $0.fragment?.offset
    }
    #expect(offsets == [0, 80, 160, 240, 320, 400])
    let whole = try homes.network.send(
      from: homes.alice, port: 5, to: "88.90.100.110:4", payload: .filler(400), dontFragment: true)
    homes.network.run()
    #expect(homes.network.end(of: whole) == "too-big at home-a")
    let answer = homes.network.answers(to: whole).first
    #expect(answer?.packet.icmp == .fragmentationNeeded && answer?.packet.destination.address == "192.168.1.10")
    #expect(answer?.packet.quoted?.source == "192.168.1.10:5" && answer?.packet.icmpSequence == 100)
  }

  @Test("RFC 4787 REQ-14: fragments pass in any order, and a flood of them stops nobody") func req14() throws {
    var table = table { _ in }
    let pieces = Packet(.udp, from: "192.168.1.10:5", to: "88.90.100.110:1", payload: .filler(100))
      .fragments(within: 68, identification: 7)
    var out: [TranslatedFragment] = []
    for piece in [pieces[2], pieces[0], pieces[1]] {
      out += table.nat.translateFragment(piece, from: .inside, at: .zero, number: 1, using: &table.generator)
    }
    #expect(out.map(\.packet.fragment?.offset) == [0, 96, 48])
    #expect(out.allSatisfy { $0.packet.source.address == "49.36.10.25" })
    // REQ-14a: pieces whose first never comes.
    for id in UInt32(100)..<2_000 {
      let stray = Packet(.udp, from: "88.90.100.111:5", to: "49.36.10.25:1", payload: .filler(100))
        .fragments(within: 68, identification: id)[1]
      _ = table.nat.translateFragment(stray, from: .outside, at: .zero, number: 1, using: &table.generator)
    }
    #expect(table.nat.waitingFragments == 64)
    table.play("out udp alice:5 > bob:1 | home:62000 > bob:1 ~1\nin udp bob:1 > home:62000 | bob:1 > alice:5 =1")
    let last = table.nat.translateFragment(pieces[0], from: .inside, at: .zero, number: 1, using: &table.generator)
    #expect(last.map(\.packet.source) == ["49.36.10.25:62000"])
  }
}
