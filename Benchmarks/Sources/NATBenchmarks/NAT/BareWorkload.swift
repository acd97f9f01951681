// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The yardstick at a size, and keys of it in random order.
final class BareWorkload {
  private let table: BareLookUp
  /// All keys, shuffled.
  private var keys: [UInt64]
  private var place = 0

  init(size: Int) {
    var luck = SeededGenerator(seed: 2)
    keys = (0..<size).map { Self.key(of: $0) }
    table = BareLookUp(keys: keys)
    keys.shuffle(using: &luck)
  }

  /// Look-ups in one measurement.
  static func batch(of size: Int) -> Int { min(Workload.batch, size) }

  /// Keys without the order of the flows' endpoints, which would suit the bare table's hash too well.
  private static func key(of flow: Int) -> UInt64 {
    var scrambler = SeededGenerator(seed: UInt64(flow))
    return scrambler.next() | 1
  }

  /// Looks up a batch of keys; returns their number, or fewer if one was not found.
  ///
  /// - Parameter chained: whether each look-up begins only when the one before it has ended. Otherwise the processor waits
  ///   for the memory of several at once, as it partly can with packets too.
  func lookUp(chained: Bool) -> Int {
    let count = Self.batch(of: keys.count)
    if place + count > keys.count { place = 0 }
    defer { place += count }
    return Self.lookUp(table, keys, place..<place + count, chained: chained)
  }

  private static func lookUp(_ table: BareLookUp, _ keys: [UInt64], _ places: Range<Int>, chained: Bool) -> Int {
    var found = 0
    if !chained {
      for place in places where table.value(of: keys[place]) != nil { found += 1 }
      return found
    }
    // Numbers are small, so this is always 0, which the processor cannot know in advance.
    var afterThePrevious: UInt64 = 0
    for place in places {
      guard let value = table.value(of: keys[place] ^ afterThePrevious) else { continue }
      afterThePrevious = value >> 63
      found += 1
    }
    return found
  }
}
