// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A NAT with so many mappings in use, and the packets of their flows in random order.
///
/// Flow `i` is one inside endpoint talking to one remote: fifty flows an inside host, each remote different. What a
/// flow's packets need is computed from its number or read in order, so that the table's memory is what is waited for.
final class Workload {
  /// Packets in one measurement.
  static let batch = 4_096

  let size: Int
  var nat: NAT
  /// The resident bytes that filling the table took, where the system tells.
  let filledBytes: Int?

  private var luck = SeededGenerator(seed: 1)
  private var now = Instant.zero
  /// Flow numbers, shuffled, and what belongs to each of them, in the same order.
  private var order: [UInt32]
  private var externals: [Endpoint]
  private var place = 0
  private var nextNewFlow: Int
  private let bare: BareLookUp
  private var bareKeys: [UInt64]

  init(size: Int) throws(WorkloadError) {
    self.size = size
    // Half of each outside address's ports are in use: a table that works, not one at its end.
    let addresses = (0...size / 32_000).map { IPAddress(ipv4: 0xCB00_7101 &+ UInt32($0)) }
    var behavior = NATBehavior()
    behavior.pooling = .arbitrary
    behavior.lifetimes.udp = .hours(100)
    let before = ResidentMemory.bytes
    var nat = NAT(behavior: behavior, externalAddresses: addresses)
    for flow in 0..<size {
      var packet = Self.packet(of: flow)
      guard case .forward = nat.translate(&packet, from: .inside, at: now, number: 1, using: &luck) else {
        throw .refused(flow: flow)
      }
    }
    filledBytes = before.flatMap { before in ResidentMemory.bytes.map { $0 - before } }

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

    let keys = (0..<size).map { Self.key(of: $0) }
    bare = BareLookUp(keys: keys)
    bareKeys = order.map { keys[Int($0)] }
  }

  /// The first packet of a flow, from inside.
  @inline(__always)
  private static func packet(of flow: Int) -> Packet {
    let host = UInt32(flow / 50)
    let mixed = UInt64(flow) &* 0x9E37_79B9_7F4A_7C15
    return Packet(
      .udp, from: Endpoint(IPAddress(ipv4: 0x0A00_0002 &+ host), 40_000 &+ UInt16(flow % 50)),
      to: Endpoint(IPAddress(ipv4: 0x5000_0000 | UInt32(mixed >> 37)), 1_024 | UInt16(truncatingIfNeeded: mixed >> 8)))
  }

  /// Keys without the order of the flows' endpoints, which would suit the bare table's hash too well.
  private static func key(of flow: Int) -> UInt64 {
    var scrambler = SeededGenerator(seed: UInt64(flow))
    return scrambler.next() | 1
  }

  /// Where the next batch of the shuffled flows begins.
  private func nextPlaces() -> Range<Int> {
    let count = min(Self.batch, size)
    if place + count > size { place = 0 }
    defer { place += count }
    return place..<place + count
  }

  /// Looks a batch of keys up in the bare table; returns how many there were, or fewer if one was not found.
  ///
  /// - Parameter chained: whether each look-up begins only when the one before it has ended. Otherwise the processor waits
  ///   for the memory of several at once, as it partly can with packets too.
  func lookUp(chained: Bool) -> Int {
    Self.lookUp(bare, bareKeys, nextPlaces(), chained: chained)
  }

  private static func lookUp(
    _ bare: BareLookUp, _ keys: [UInt64], _ places: Range<Int>, chained: Bool
  ) -> Int {
    var found = 0
    if !chained {
      for place in places where bare.value(of: keys[place]) != nil { found += 1 }
      return found
    }
    // Numbers are small, so this is always 0, which the processor cannot know beforehand.
    var afterThePrevious: UInt64 = 0
    for place in places {
      guard let value = bare.value(of: keys[place] ^ afterThePrevious) else { continue }
      afterThePrevious = value >> 63
      found += 1
    }
    return found
  }

  /// The ways a packet can meet the table.
  enum Kind: String, CaseIterable {
    case outbound = "established, outbound"
    case inbound = "established, inbound"
    case filtered = "refused: filtered"
    case noMapping = "refused: no-mapping"
  }

  /// Translates a batch of packets of a kind; returns how many had the outcome that the kind should have.
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
    for place in places {
      var packet = packet(of: Int(order[place]))
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
    for place in places {
      var remote = packet(of: Int(order[place])).destination
      if strangers { remote.port ^= 1 }
      var packet = Packet(.udp, from: remote, to: externals[place])
      switch nat.translate(&packet, from: .outside, at: now, number: 1, using: &luck) {
      case .forward: right += strangers ? 0 : 1
      case .drop: right += strangers ? 1 : 0
      }
    }
    now = now + .milliseconds(1)
    return right
  }

  /// Packets to ports that no mapping has: the sequential ports begin at 1,024.
  private static func unasked(
    _ nat: inout NAT, _ externals: [Endpoint], _ places: Range<Int>, _ now: inout Instant, _ luck: inout SeededGenerator
  ) -> Int {
    let stranger = Endpoint(IPAddress(ipv4: 0x5858_5858), 4_000)
    var dropped = 0
    for place in places {
      let target = Endpoint(externals[place].address, externals[place].port & 511)
      var packet = Packet(.udp, from: stranger, to: target)
      if case .drop(.noMapping, _) = nat.translate(&packet, from: .outside, at: now, number: 1, using: &luck) {
        dropped += 1
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

/// A workload that is not what it should be, so that its figures would mean nothing.
enum WorkloadError: Error {
  case refused(flow: Int)
  case wrongOutcomes(of: String, right: Int, expected: Int)
}
