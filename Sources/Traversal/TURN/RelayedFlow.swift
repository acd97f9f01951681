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
