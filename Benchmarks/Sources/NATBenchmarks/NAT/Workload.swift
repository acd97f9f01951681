// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A NAT with so many mappings in use, and the packets of their flows in random order.
///
/// Flow `i` is one inside endpoint talking to one remote: fifty flows an inside host, each remote different. What a
/// flow's packets need is computed from its number or read in order, so that the table's memory is what is waited for.
final class Workload {
  /// Packets in one measurement: few enough that on a busy machine most measurements are over before another program
  /// has its turn.
  static let batch = 1_024

  let size: Int
  var nat: NAT
  private var luck = SeededGenerator(seed: 1)
  private var now = Instant.zero
  /// Flow numbers, shuffled, and the data of each of them, in the same order.
  private var order: [UInt32]
  private var externals: [Endpoint]
  private var place = 0
  private var nextNewFlow: Int

  init(size: Int) throws(WorkloadError) {
    self.size = size
    var behavior = Self.behavior
    var nat = Self.emptyNAT(for: size)
    try Self.fill(&nat, 0..<size, &luck)

    order = (0..<UInt32(size)).shuffled(using: &luck)
    externals = []
    for flow in order {
      var packet = Self.packet(of: Int(flow))
      _ = nat.translate(&packet, from: .inside, at: now, number: 1, using: &luck)
      externals.append(packet.source)
    }
    // New mappings come and go by a short lifetime while the table keeps its size.
    behavior.lifetimes.udp = .seconds(1)
    nat.configure(behavior, at: now)
    self.nat = nat
    nextNewFlow = size
  }

  private static var behavior: NATBehavior {
    var behavior = NATBehavior()
    behavior.pooling = .arbitrary
    behavior.lifetimes.udp = .hours(100)
    return behavior
  }

  /// A NAT of whose outside addresses so many mappings use half the ports: a table that works, not one at its end.
  private static func emptyNAT(for size: Int) -> NAT {
    NAT(
      behavior: behavior,
      externalAddresses: (0...size / 32_000).map { IPAddress(ipv4: 0xCB00_7101 &+ UInt32($0)) })
  }

  private static func fill(
    _ nat: inout NAT, _ flows: Range<Int>, _ luck: inout SeededGenerator
  ) throws(WorkloadError) {
    for flow in flows {
      var packet = packet(of: flow)
      guard case .forward = nat.translate(&packet, from: .inside, at: .zero, number: 1, using: &luck) else {
        throw .refused(flow: flow)
      }
    }
  }

  /// The resident bytes that filling a table takes, if the system reports them. Nothing else may have taken and
  /// returned memory in the process before.
  static func filledBytes(size: Int) throws -> Int? {
    var luck = SeededGenerator(seed: 1)
    let before = ResidentMemory.bytes
    var nat = emptyNAT(for: size)
    try fill(&nat, 0..<size, &luck)
    let after = ResidentMemory.bytes
    try expect(nat.count, size, .bytes)
    return before.flatMap { before in after.map { $0 - before } }
  }

  /// The longest that 64 packets took, each with a new mapping, while a table grew to so many, in nanoseconds.
  static func longestPause(growingTo size: Int) throws -> Double {
    var luck = SeededGenerator(seed: 1)
    var nat = emptyNAT(for: size)
    var longest = 0.0
    for first in stride(from: 0, to: size, by: 64) {
      longest = max(longest, try ProcessorTime.of { try fill(&nat, first..<min(first + 64, size), &luck) })
    }
    try expect(nat.count, size, .longestPause)
    return longest
  }

  private static let anywhere = Endpoint(IPAddress(ipv4: 0), 0)

  /// The ends of a flow.
  @inline(__always)
  private static func ends(of flow: Int) -> (inside: Endpoint, remote: Endpoint) {
    let host = UInt32(flow / 50)
    let mixed = UInt64(flow) &* 0x9E37_79B9_7F4A_7C15
    return (
      Endpoint(IPAddress(ipv4: 0x0A00_0002 &+ host), 40_000 &+ UInt16(flow % 50)),
      Endpoint(IPAddress(ipv4: 0x5000_0000 | UInt32(mixed >> 37)), 1_024 | UInt16(truncatingIfNeeded: mixed >> 8))
    )
  }

  /// The first packet of a flow, from inside.
  private static func packet(of flow: Int) -> Packet {
    let (inside, remote) = ends(of: flow)
    return Packet(.udp, from: inside, to: remote)
  }

  /// Where the next batch of the shuffled flows begins.
  private func nextPlaces() -> Range<Int> {
    let count = min(Self.batch, size)
    if place + count > size { place = 0 }
    defer { place += count }
    return place..<place + count
  }

  /// The ways a packet can meet the table.
  enum Kind: CaseIterable {
    case outbound
    case inbound
    case filtered
    case noMapping
  }

  /// Translates a batch of packets of a kind; returns how many had the kind's expected result.
  func translate(_ kind: Kind) -> Int {
    let places = nextPlaces()
    switch kind {
    case .outbound: return Self.outbound(&nat, order, places, &now, &luck)
    case .inbound: return Self.inbound(&nat, order, externals, places, strangers: false, &now, &luck)
    case .filtered: return Self.inbound(&nat, order, externals, places, strangers: true, &now, &luck)
    case .noMapping: return Self.unasked(&nat, externals, places, &now, &luck)
    }
  }

  private static func outbound(
    _ nat: inout NAT, _ order: [UInt32], _ places: Range<Int>, _ now: inout Instant, _ luck: inout SeededGenerator
  ) -> Int {
    var forwarded = 0
    // One packet's memory, as in a router: making and freeing packets is not measured.
    var packet = Packet(.udp, from: anywhere, to: anywhere)
    for place in places {
      (packet.source, packet.destination) = ends(of: Int(order[place]))
      if case .forward = nat.translate(&packet, from: .inside, at: now, number: 1, using: &luck) { forwarded += 1 }
    }
    now = now + .milliseconds(1)
    return forwarded
  }

  private static func inbound(
    _ nat: inout NAT, _ order: [UInt32], _ externals: [Endpoint], _ places: Range<Int>, strangers: Bool,
    _ now: inout Instant, _ luck: inout SeededGenerator
  ) -> Int {
    var right = 0
    var packet = Packet(.udp, from: anywhere, to: anywhere)
    let stranger: UInt16 = strangers ? 1 : 0
    for place in places {
      packet.source = ends(of: Int(order[place])).remote
      packet.source.port ^= stranger
      packet.destination = externals[place]
      switch nat.translate(&packet, from: .outside, at: now, number: 1, using: &luck) {
      case .forward: right += strangers ? 0 : 1
      case .drop: right += strangers ? 1 : 0
      }
    }
    now = now + .milliseconds(1)
    return right
  }

  /// Packets to ports that no mapping has: sequential ports fill those from 62,000 on and then from 1,024 up to 28,488.
  private static func unasked(
    _ nat: inout NAT, _ externals: [Endpoint], _ places: Range<Int>, _ now: inout Instant, _ luck: inout SeededGenerator
  ) -> Int {
    var packet = Packet(.udp, from: Endpoint(IPAddress(ipv4: 0x5858_5858), 4_000), to: anywhere)
    var dropped = 0
    for place in places {
      packet.destination = Endpoint(externals[place].address, 29_000 &+ externals[place].port & 0x3FFF)
      // A mapping that has ended may have had the port: the router only knows that there is none now.
      switch nat.translate(&packet, from: .outside, at: now, number: 1, using: &luck) {
      case .drop(.noMapping, _), .drop(.expired, _): dropped += 1
      default: break
      }
    }
    return dropped
  }

  /// Makes a batch of new mappings; returns how many there are now beyond the table's size.
  func makeMappings() -> Int {
    Self.make(&nat, nextNewFlow..<nextNewFlow + Self.batch, now, &luck)
    return nat.count - size
  }

  private static func make(_ nat: inout NAT, _ flows: Range<Int>, _ now: Instant, _ luck: inout SeededGenerator) {
    for flow in flows {
      var packet = packet(of: flow)
      _ = nat.translate(&packet, from: .inside, at: now, number: 1, using: &luck)
    }
  }

  /// Lets the mappings that ``makeMappings()`` made time out; returns how many are left beyond the table's size.
  func endMappings() -> Int {
    now = now + .seconds(2)
    nextNewFlow = nextNewFlow == size ? size + Self.batch : size
    nat.expire(at: now)
    return nat.count - size
  }
}

/// A workload that is not what it should be; its figures would mean nothing.
enum WorkloadError: Error {
  case refused(flow: Int)
  case wrongOutcomes(of: String, right: Int, expected: Int)
}
