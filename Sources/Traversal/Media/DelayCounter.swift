// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Delays of packets, each with the number of packets that took it: exact, and its size depends on the number of
/// different delays, not of packets.
public struct DelayCounter: Hashable, Sendable {
  private var counts: [Interval: Int] = [:]
  /// The delay counted last, whose packets are not in `counts` yet: neighbours in a stream usually take equally long.
  private var last = Interval.zero
  private var lastCount = 0
  /// Delays counted.
  public private(set) var total = 0

  mutating func count(_ delay: Interval) {
    total += 1
    if delay != last {
      flush()
      last = delay
    }
    lastCount += 1
  }

  /// Adds the counts of `other`.
  mutating func add(_ other: DelayCounter) {
    flush()
    var other = other
    other.flush()
    total += other.total
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  private mutating func flush() {
    if lastCount > 0 { counts[last, default: 0] += lastCount }
    lastCount = 0
  }

  /// The least, the median and the largest; nil if none was counted. For an even number, the median is the lower one.
  public var summary: DelaySummary? {
    var all = self
    all.flush()
    let sorted = all.counts.sorted { $0.key < $1.key }
    guard let least = sorted.first, let most = sorted.last else { return nil }
    var below = 0
    let middle = sorted.first { entry in
      below += entry.value
      return below > (total - 1) / 2
    }
    return DelaySummary(minimum: least.key, median: middle?.key ?? most.key, maximum: most.key)
  }
}

/// The delay of the middle packet, and the least and greatest.
public struct DelaySummary: Hashable, Sendable {
  public var minimum: Interval
  public var median: Interval
  public var maximum: Interval
}
