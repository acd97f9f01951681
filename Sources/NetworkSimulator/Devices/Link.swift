// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A device's link towards the internet: its delay, rate, loss and MTU in either direction.
public struct Link: Hashable, Sendable {
  /// The time a packet takes from one end to the other.
  public let delay: Interval
  let limits: LinkLimits

  /// Bits a second each way; nil means unlimited.
  public var rate: Int64? { limits.rate }
  /// The longest packet it carries, in bytes, IP header included.
  public var mtu: Int { limits.mtu }
  /// Lost packets in a million.
  public var lossPerMillion: Int { limits.lossPerMillion }

  /// A packet waits at most this long for those before it; the next one is dropped.
  public static let longestQueue = Interval.milliseconds(100)
  public static let localDelay = Interval.milliseconds(1)
  public static let accessDelay = Interval.milliseconds(10)
}

/// A link's limits besides its delay: most links have none.
struct LinkLimits: Hashable, Sendable {
  /// Bits a second each way; nil means unlimited.
  var rate: Int64?
  /// The longest packet it carries, in bytes, IP header included. The default is unlimited: natsh's TCP does not cut
  /// its data into segments, and a beginner's long text should be one packet.
  var mtu = Int.max
  /// Lost packets in a million.
  var lossPerMillion = 0
  /// When the last packet queued so far has left, each way.
  var busyUntil = ByDirection(Instant.zero)
  var generator: SeededGenerator

  init(generator: SeededGenerator) {
    self.generator = generator
  }

  /// Whether a packet may be lost here, or have to wait.
  var matter: Bool { rate != nil || lossPerMillion > 0 }

  /// Puts `length` bytes on the link at `now`; returns when the last of them has left.
  mutating func put(_ length: Int, _ direction: Direction, at now: Instant) throws(DropReason) -> Instant {
    if lossPerMillion > 0, generator.below(1_000_000) < UInt64(lossPerMillion) { throw .loss }
    guard let rate else { return now }
    let start = max(busyUntil[direction], now)
    guard start - now <= Link.longestQueue else { throw .queueFull }
    let (whole, rest) = (Int64(length) * 8_000_000).quotientAndRemainder(dividingBy: rate)
    let left = start + Interval(microseconds: rest > 0 ? whole + 1 : whole)
    busyUntil[direction] = left
    return left
  }
}

/// The two ways over a link: up is towards the internet.
enum Direction: Hashable, Sendable {
  case up
  case down
}

/// One value for each way over a link.
struct ByDirection<Value: Hashable & Sendable>: Hashable, Sendable {
  var up: Value
  var down: Value

  init(_ value: Value) {
    up = value
    down = value
  }

  subscript(direction: Direction) -> Value {
    get { direction == .up ? up : down }
    _modify {
      if direction == .up { yield &up } else { yield &down }
    }
  }
}

/// Packets and their bytes, IP headers included.
public struct PacketCounter: Hashable, Sendable {
  public private(set) var packets = 0
  public private(set) var bytes = 0

  mutating func count(_ length: Int) {
    packets += 1
    bytes += length
  }
}
