// SPDX-License-Identifier: GPL-3.0-or-later

/// A NAT's memory of passing fragmented packets: the fate of each one's first piece, and the pieces that came before it
/// and wait (RFC 4787 §11, REQ-14).
///
/// Bounded, so that a flood of pieces does not affect whole packets (REQ-14a).
struct FragmentTracker: Sendable {
  struct Key: Hashable, Sendable {
    var side: Side
    var source: IPAddress
    var destination: IPAddress
    var transport: TransportProtocol
    var identification: UInt32
  }

  /// The decision that the first piece's ports made for all of them.
  enum Decision: Hashable, Sendable {
    case forward(to: Side, source: IPAddress, destination: IPAddress, identification: UInt32, mapping: Int?)
    case drop(DropReason, mapping: Int?)
  }

  struct Waiting: Sendable {
    var packet: Packet
    var number: Int
  }

  private struct Entry: Sendable {
    var decision: Decision?
    var waiting: [Waiting] = []
    var givenUpAt: Instant
  }

  static let capacity = 256
  /// The pieces of all packets together that may wait.
  static let mostWaiting = 64

  private var entries: [Key: Entry] = [:]
  /// The keys in the order their first pieces came, which is the order they are given up.
  private var order: ContiguousArray<Key> = []
  private(set) var waitingCount = 0
  /// Two hosts inside may choose the same identification for the same receiver; outside it must not be the same
  /// (RFC 6864 §5.3.1, RFC 7857 §10).
  private var lastIdentification: UInt32 = 0

  var count: Int { entries.count }

  mutating func nextIdentification() -> UInt32 {
    lastIdentification = lastIdentification == 0xFFFF ? 1 : lastIdentification + 1
    return lastIdentification
  }

  mutating func giveUp(at now: Instant) {
    var gone = 0
    for key in order {
      guard let entry = entries[key], entry.givenUpAt <= now else { break }
      remove(key)
      gone += 1
    }
    order.removeFirst(gone)
  }

  private mutating func remove(_ key: Key) {
    waitingCount -= entries[key]?.waiting.count ?? 0
    entries[key] = nil
  }

  private mutating func open(_ key: Key, at now: Instant) {
    guard entries[key] == nil else { return }
    if entries.count >= Self.capacity, !order.isEmpty { remove(order.removeFirst()) }
    entries[key] = Entry(givenUpAt: now + Reassembly.wait)
    order.append(key)
  }

  func decision(for key: Key) -> Decision? { entries[key]?.decision }

  /// Lets a piece wait for the first; returns whether there was room.
  mutating func wait(_ packet: Packet, number: Int, for key: Key, at now: Instant) -> Bool {
    guard waitingCount < Self.mostWaiting else { return false }
    open(key, at: now)
    entries[key]?.waiting.append(Waiting(packet: packet, number: number))
    waitingCount += 1
    return true
  }

  /// Remembers the fate of the first piece; returns the pieces that waited for it.
  mutating func decide(_ decision: Decision, for key: Key, at now: Instant) -> [Waiting] {
    open(key, at: now)
    let waiting = entries[key]?.waiting ?? []
    waitingCount -= waiting.count
    entries[key]?.waiting = []
    entries[key]?.decision = decision
    return waiting
  }
}
