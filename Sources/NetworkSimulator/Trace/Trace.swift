// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Numbered records of which only the latest are kept, in shared segments.
struct Recent<Element: Sendable>: Sendable {
  /// A power of two.
  let capacity: Int
  private var kept = PagedArray<Element>()
  /// Records ever made, including skipped ones.
  private(set) var total = 0
  /// The number of records before the one in the first place of `kept`.
  private var base = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The number of the oldest record that is kept; one more than ``total`` if none is.
  var oldest: Int { max(base, total - capacity) + 1 }

  /// Adds a record; its number, counted from 1, is ``total`` afterwards.
  mutating func append(_ element: Element) {
    let slot = (total - base) & (capacity - 1)
    if slot < kept.count { kept[slot] = element } else { kept.append(element) }
    total += 1
  }

  /// Adds `filler` until `target` records have been made; older ones are forgotten as usual.
  mutating func skip(to target: Int, _ filler: Element) {
    if target - total >= capacity {
      kept = PagedArray()
      (base, total) = (target, target)
    }
    while total < target { append(filler) }
  }

  func contains(_ number: Int) -> Bool { number >= oldest && number <= total }

  /// How many pages this and an older copy do not share.
  func pagesUnshared(with other: Recent) -> Int { kept.pagesUnshared(with: other.kept) }

  /// The record `number`, which must be kept.
  subscript(number: Int) -> Element {
    get { kept[(number - 1 - base) & (capacity - 1)] }
    _modify { yield &kept[(number - 1 - base) & (capacity - 1)] }
  }
}

/// A packet's fate so far.
public enum PacketState: Hashable, Sendable {
  case inFlight
  case delivered
  case dropped(DropReason)
}

/// A packet's entry in the log: as it was sent, and how it ended.
public struct PacketRecord: Hashable, Sendable {
  public var number: Int
  public var origin: DeviceID
  public var sentAt: Instant
  /// As it was sent.
  public var packet: Packet
  /// The packet that this one answers or reports on.
  public var about: Int?
  public var state = PacketState.inFlight
  /// Where and when it ended.
  public var endedAt: DeviceID?
  public var endTime: Instant?
  var firstHop = 0
  var lastHop = 0
  /// The routers and the internet that handled it.
  public internal(set) var crossings = 0

  /// Notes `node`'s handling of the packet, or of a piece of it.
  ///
  /// A packet has ended when a piece of it is dropped, but not when a piece is delivered.
  mutating func note(_ verdict: Verdict, _ reason: DropReason?, at node: DeviceID, _ now: Instant, isPiece: Bool) {
    switch verdict {
    case .sent: break
    case .forwarded, .translated: crossings += 1
    case .delivered: if !isPiece { end(.delivered, at: node, now) }
    case .dropped: end(.dropped(reason ?? .invalid), at: node, now)
    }
  }

  private mutating func end(_ state: PacketState, at node: DeviceID, _ now: Instant) {
    self.state = state
    endedAt = node
    endTime = now
  }

  /// Notes hop `hop` of the packet; returns the number of the one before it, 0 for none.
  mutating func note(_ hop: Hop) -> Int {
    let previous = lastHop
    if firstHop == 0 { firstHop = hop.number }
    lastHop = hop.number
    note(hop.verdict, hop.reason, at: hop.node, hop.time, isPiece: hop.fragment != nil)
    return previous
  }
}

/// Everything that happened: each device's handling of each packet, in order. Everything that people see of a packet is
/// read here.
public struct Trace: Sendable {
  /// Older hops and packets are forgotten, so that a long run ends in bounded memory.
  public static let hopCapacity = 262_144
  public static let packetCapacity = 131_072
  public static let eventCapacity = 65_536
  static let rewritingCapacity = 16_384

  var hops = Recent<Hop>(capacity: hopCapacity)
  var packets = Recent<PacketRecord>(capacity: packetCapacity)
  var events = Recent<ProgramEvent>(capacity: eventCapacity)
  var rewritings = Recent<Rewriting>(capacity: rewritingCapacity)

  /// Adds a hop, numbered one more than the last, and brings its packet's record up to date.
  mutating func add(_ hop: consuming Hop) {
    if packets.contains(hop.packet) { hop.previous = packets[hop.packet].note(hop) }
    hops.append(hop)
  }

  /// Adds a program's event.
  mutating func add(
    _ name: String, by program: String, on host: DeviceID, at time: Instant, packet: Int?, _ data: EventData
  ) {
    events.append(
      ProgramEvent(
        number: events.total + 1, time: time, host: host, program: program, name: name, packet: packet, data: data,
        afterHop: hops.total))
  }

  mutating func add(_ rewriting: Rewriting) { rewritings.append(rewriting) }

  /// A position in the trace.
  public struct Mark: Hashable, Sendable {
    public var hops: Int
    public var events: Int
  }

  public var mark: Mark { Mark(hops: hopCount, events: eventCount) }

  /// Events ever reported; the last has this number.
  public var eventCount: Int { events.total }

  /// The events from number `first` on, as far as they are known.
  public func events(from first: Int) -> [ProgramEvent] {
    let first = max(first, events.oldest)
    return first > events.total ? [] : (first...events.total).map { events[$0] }
  }

  /// Hops ever made; the last has this number.
  public var hopCount: Int { hops.total }
  /// Packets ever sent; the last has this number.
  public var packetCount: Int { packets.total }
  /// The oldest hop still known.
  public var oldestHop: Int { hops.oldest }
  /// The oldest packet still known.
  public var oldestPacket: Int { packets.oldest }

  /// The hops numbered in `range`, as far as they are known.
  public func hops(_ range: ClosedRange<Int>) -> [Hop] {
    let (first, last) = (max(range.lowerBound, oldestHop), min(range.upperBound, hopCount))
    return first > last ? [] : (first...last).map { hops[$0] }
  }

  /// The hop numbered `number`, if it is still known.
  public func hop(_ number: Int) -> Hop? { hops.contains(number) ? hops[number] : nil }

  /// The same packet's hop before `hop`; nil for its first, and for one that is no longer known.
  package func hop(before hop: Hop) -> Hop? { hop.previous > 0 ? self.hop(hop.previous) : nil }

  /// The packet numbered `number`, if it was recorded and is still known.
  public func packet(_ number: Int) -> PacketRecord? {
    // The records that fill a gap have no number.
    packets.contains(number) && packets[number].number == number ? packets[number] : nil
  }

  /// Whether the first hops of packet `number` are no longer known.
  public func hasForgottenHops(ofPacket number: Int) -> Bool {
    packet(number).map { $0.firstHop > 0 && $0.firstHop < oldestHop } ?? false
  }

  /// The oldest packet of which there is a hop still known.
  public var oldestPacketWithHops: Int { hop(oldestHop).map { max($0.packet, oldestPacket) } ?? oldestPacket }

  /// The hops of packet `number` in order, as far as they are known.
  public func hops(ofPacket number: Int) -> [Hop] {
    guard let record = packet(number) else { return [] }
    var found: [Hop] = []
    var next = record.lastHop
    while next > 0, hops.contains(next) {
      found.append(hops[next])
      next = hops[next].previous
    }
    return found.reversed()
  }
}
