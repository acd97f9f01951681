// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// How one video stream is cut into packets: so many bits of payload a second, for so long, in pieces of 1,200 bytes.
public struct StreamPlan: Hashable, Sendable {
  /// Bytes of UDP payload: with headers, they fit into packets on every path (RFC 8200 §5 requires 1,280).
  public static let payloadLength = 1_200
  /// The most packets of one stream.
  public static let mostPackets = 900_000_000
  /// A packet's bits of payload times the microseconds of a second.
  private static let scale = Int64(payloadLength) * 8 * 1_000_000

  /// Bits of payload a second.
  public let bitsPerSecond: Int64
  public let duration: Interval
  /// The whole packets that the rate gives in the duration.
  public let packets: Int

  /// Nil if that would be more than ``mostPackets``, and for a rate or a duration that is not above zero.
  public init?(bitsPerSecond: Int64, duration: Interval) {
    guard bitsPerSecond > 0, duration > .zero else { return nil }
    let packets = Int128(bitsPerSecond) * Int128(duration.microseconds) / Int128(Self.scale)
    guard packets <= Int128(Self.mostPackets) else { return nil }
    self.bitsPerSecond = bitsPerSecond
    self.duration = duration
    self.packets = Int(packets)
  }

  /// When the packet after `count` others is sent, from the stream's start. Exact, so that no rate drifts.
  public func offset(after count: Int) -> Interval {
    Interval(microseconds: Int64(count) * Self.scale / bitsPerSecond)
  }

  /// The duration of the packets, each with the time until the next would come: the time to which the stream's rate
  /// applies.
  public var length: Interval { offset(after: packets) }

  /// The whole packets that the rate gives in `duration`.
  public func packets(in duration: Interval) -> Int {
    StreamPlan(bitsPerSecond: bitsPerSecond, duration: duration)?.packets ?? Self.mostPackets
  }

  /// The shortest plan of this rate with at least `count` packets.
  public func shortened(to count: Int) -> StreamPlan {
    let (length, rest) = (Int64(count) * Self.scale).quotientAndRemainder(dividingBy: bitsPerSecond)
    let shorter = Interval(microseconds: length + (rest > 0 ? 1 : 0))
    return StreamPlan(bitsPerSecond: bitsPerSecond, duration: min(shorter, duration)) ?? self
  }
}
