// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

@testable import Commands

/// Values from their texts, which must be valid.
extension Example {
  static func address(_ text: String) -> IPAddress { IPAddress(text)! }
  static func prefix(_ text: String) -> IPPrefix { IPPrefix(text)! }
  static func endpoint(_ text: String) -> Endpoint { Endpoint(text)! }

  /// An address, with a port or without.
  static func end(_ text: String) -> PacketEnd {
    Endpoint(text).map { PacketEnd($0) } ?? PacketEnd(address(text), nil)
  }

  /// `["*"]`, addresses or endpoints.
  static func admitting(_ texts: [String]) -> Mapping.Permitted {
    if texts == ["*"] { return .anyone }
    let endpoints = texts.compactMap(Endpoint.init)
    return endpoints.isEmpty ? .addresses(texts.map(address)) : .endpoints(endpoints)
  }
}

/// The contract's example, as the values that its commands return.
enum Example {
  static let aliceInside = "192.168.1.10:5000"
  static let aliceOutside = "49.36.10.25:62000"
  static let bob = "88.90.100.110:4000"

  static func hop(
    _ number: Int, _ time: Int64, _ node: String, _ kind: DeviceKind, packet: Int = 1, _ verdict: Verdict,
    _ source: String, _ destination: String, newSource: String? = nil, newDestination: String? = nil,
    mapping: Int? = nil, change: MappingChange? = nil, reason: DropReason? = nil, text: String? = "hello",
    permitted: [String]? = nil, transport: TransportProtocol = .udp, flags: TCPFlags? = nil, icmp: ICMPKind? = nil,
    ttl: Int = 64, about: Int? = nil
  ) -> HopReport {
    HopReport(
      number: number, timeMicroseconds: time, node: node, nodeKind: kind, packet: packet, verdict: verdict,
      transport: transport, source: end(source), destination: end(destination), newSource: newSource.map(end),
      newDestination: newDestination.map(end), mapping: mapping, mappingChange: change, reason: reason, timeToLive: ttl,
      length: 33, text: text, flags: flags, icmp: icmp, about: about, permitted: permitted.map(admitting))
  }

  /// Alice's "hello", all the way to Bob.
  static let hello = [
    hop(1, 0, "alice", .host, .sent, aliceInside, bob),
    hop(
      2, 1_000, "home-a", .router, .translated, aliceInside, bob, newSource: aliceOutside, mapping: 1,
      change: .created, permitted: [bob], ttl: 63),
    hop(3, 11_000, "internet", .internet, .forwarded, aliceOutside, bob, ttl: 62),
    hop(4, 21_000, "bob", .host, .delivered, aliceOutside, bob, ttl: 62),
  ]

  /// Bob's answer, translated back.
  static let answer = [
    hop(5, 21_000, "bob", .host, packet: 2, .sent, bob, aliceOutside, text: "hi alice"),
    hop(6, 31_000, "internet", .internet, packet: 2, .forwarded, bob, aliceOutside, text: "hi alice", ttl: 63),
    hop(
      7, 41_000, "home-a", .router, packet: 2, .translated, bob, aliceOutside, newDestination: aliceInside,
      mapping: 1, text: "hi alice", ttl: 62),
    hop(8, 42_000, "alice", .host, packet: 2, .delivered, bob, aliceInside, text: "hi alice", ttl: 62),
  ]

  /// A packet from another port of Bob's, which the row does not admit.
  static let refused = [
    hop(9, 42_000, "bob", .host, packet: 3, .sent, "88.90.100.110:4001", aliceOutside, text: nil),
    hop(10, 52_000, "internet", .internet, packet: 3, .forwarded, "88.90.100.110:4001", aliceOutside, text: nil),
    hop(
      11, 62_000, "home-a", .router, packet: 3, .dropped, "88.90.100.110:4001", aliceOutside, mapping: 1,
      reason: .filtered, text: nil, ttl: 63),
  ]

  static func row(
    _ id: Int = 1, router: String? = nil, external: String = aliceOutside, remote: String? = nil,
    permitted: [String] = [bob], isStatic: Bool = false, state: String? = nil, left: Int64? = 299_980_000,
    expiredAt: Int64? = nil, change: RowChange? = nil, transport: TransportProtocol = .udp,
    inside: String = aliceInside
  ) -> MappingReport {
    MappingReport(
      router: router, id: id, transport: transport, internal: endpoint(inside), external: endpoint(external),
      remote: remote.map { .endpoint(endpoint($0)) }, permitted: admitting(permitted), isStatic: isStatic, state: state,
      expiresInMicroseconds: left,
      expiredAtMicroseconds: expiredAt, createdBy: 1, packetsOut: 1, packetsIn: 0, change: change)
  }

  static func activity(
    _ hops: [HopReport], expired: [MappingReport] = [], time: Int64 = 21_000, omitted: Int = 0
  ) -> ActivityReport {
    ActivityReport(
      hops: hops, events: [], expired: expired, timeMicroseconds: time, inFlight: 0, omittedHops: omitted)
  }

  static func table(_ rows: [MappingReport], expired: [MappingReport] = [], translates: Bool = true) -> TablesReport {
    .one(
      TableReport(
        router: "home-a", mappings: rows, expired: expired, mappingBehavior: .endpointIndependent,
        filteringBehavior: .addressAndPortDependent, translates: translates))
  }

  static func device(
    _ name: String, _ addresses: [String], _ kind: DeviceKind = .host, lan: [String] = [], behind: String? = nil,
    settings: [SettingReport] = []
  ) -> DeviceReport {
    DeviceReport(
      name: name, kind: kind, addresses: addresses.map(address), lan: lan.map(prefix),
      lanAddresses: lan.isEmpty ? [] : [address("192.168.1.1")],
      behind: behind, listening: [], settings: settings)
  }

  static func node(
    _ name: String, _ address: String, _ kind: DeviceKind = .host, lan: [String] = [], behind: String? = nil,
    delay: Int64? = nil, rows: Int = 0, translates: Bool = true, rate: Int64? = nil, loss: LossRate = .none
  ) -> MapReport.Node {
    .init(
      name: name, kind: kind, addresses: [Example.address(address)], lan: lan.map(prefix), behind: behind,
      link: .init(
        delayMicroseconds: delay ?? (kind == .host && behind != nil ? 1_000 : 10_000), rateBitsPerSecond: rate,
        loss: loss), translates: translates, mappingCount: rows)
  }

  static let map = MapReport(
    nodes: [
      node("home-a", "49.36.10.25", .router, lan: ["192.168.1.0/24"], rows: 1),
      node("alice", "192.168.1.10", behind: "home-a"),
      node("tv", "192.168.1.12", behind: "home-a"),
      node("isp", "203.0.113.1", .router, lan: ["100.64.0.0/10"], rows: 12),
      node(
        "home-b", "100.64.0.10", .router, lan: ["192.168.0.0/24"], behind: "isp", delay: 30_000,
        loss: LossRate("2%") ?? .none),
      node("bob", "192.168.0.25", behind: "home-b"),
      node("mallory", "203.0.113.66", rate: 2_000_000),
    ],
    flights: [
      .init(
        packet: 1, from: "alice", to: "home-a", source: endpoint(aliceInside), destination: endpoint(bob),
        transport: .udp,
        dueMicroseconds: 1_000),
      .init(
        packet: 7, from: "internet", to: "isp", source: endpoint("203.0.113.66:4000"),
        destination: endpoint("203.0.113.1:1024"), transport: .udp, dueMicroseconds: 20_000),
    ])

  static func summary(
    _ number: Int = 1, _ source: String = aliceInside, _ destination: String = bob, origin: String = "alice",
    state: PacketSummary.State = .delivered, at: String? = "bob", reason: DropReason? = nil, text: String? = "hello",
    transport: TransportProtocol = .udp, flags: TCPFlags? = nil, icmp: ICMPKind? = nil
  ) -> PacketSummary {
    PacketSummary(
      number: number, origin: origin, transport: transport, source: end(source), destination: end(destination),
      sentMicroseconds: 0, state: state, endedAt: at, reason: reason, text: text, flags: flags, icmp: icmp)
  }

  static let summaries = [
    summary(), summary(2, bob, aliceOutside, origin: "bob", at: "alice", text: "hi alice"),
    summary(
      3, "88.90.100.110:4001", aliceOutside, origin: "bob", state: .dropped, at: "home-a", reason: .filtered,
      text: nil),
  ]

  /// `why` about a packet that `node` dropped.
  static func why(
    _ reason: DropReason?, node: String = "home-a", kind: DeviceKind = .router, source: String = bob,
    destination: String = aliceOutside, mapping: MappingReport? = nil, filtering: EndpointDependence? = nil,
    translates: Bool? = true, scope: AddressScope = .public, meant: String? = nil,
    transport: TransportProtocol = .udp, time: Int64 = 62_000, trace: [HopReport] = []
  ) -> WhyReport {
    let hop = hop(
      4, time, node, kind, packet: 3, reason == nil ? .delivered : .dropped, source, destination, reason: reason,
      text: nil, transport: transport)
    return WhyReport(
      packet: summary(
        3, source, destination, origin: "bob", state: reason == nil ? .delivered : .dropped, at: node, reason: reason,
        text: nil, transport: transport),
      hop: hop, trace: trace + [hop], mapping: mapping, mappingBehavior: .endpointIndependent,
      filteringBehavior: filtering, translates: translates, destinationScope: scope, meant: meant)
  }
}
