// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Measures the rate of the data that a relay passes on.
///
/// Data comes in bursts: a call, silence, another call. Each byte counts for the time since the packet before it, so the
/// first packet of a burst counts for none, and the pause before it for nothing.
struct RelayedFlow: Hashable, Sendable {
  /// The longest time between two packets of one stream.
  static let pause = Interval.seconds(2)

  private(set) var bytes = CarriedTraffic.Bytes.zero
  private(set) var length = Interval.zero
  private var last: Instant?

  mutating func count(incoming: Int, outgoing: Int, at now: Instant) {
    defer { last = now }
    guard let last, now - last <= Self.pause else { return }
    length = length + (now - last)
    bytes.incoming += Int64(incoming)
    bytes.outgoing += Int64(outgoing)
  }
}

extension STUNMessage {
  /// Whether a datagram is a message of STUN, by its first bits and the number that distinguishes it (RFC 8489 §5).
  static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= headerLength, let first = bytes.first, first < 0x40 else { return false }
    return bytes.dropFirst(4).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == magicCookie
  }
}
