// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The ports at which a peer may be, each once, in a random order that needs no memory.
struct GuessedPorts: Hashable, Sendable {
  /// The ports that a NAT hands out: all but the well-known ones (RFC 4787 §4.2.1).
  static let range: ClosedRange<UInt16> = 1_024...65_535

  private let start: Int
  private let stride: Int
  /// How many have been drawn.
  private(set) var drawn = 0

  init(using generator: inout SeededGenerator) {
    start = Int(generator.below(UInt64(Self.range.count)))
    // Whoever goes round in steps that have no divisor in common with the number of places comes to every place.
    var step = 0
    repeat {
      step = Int(generator.below(UInt64(Self.range.count)))
    } while Self.hasCommonDivisor(step, Self.range.count)
    stride = step
  }

  private static func hasCommonDivisor(_ one: Int, _ other: Int) -> Bool {
    var (one, other) = (one, other)
    while other > 0 { (one, other) = (other, one % other) }
    return one > 1
  }

  private func port(_ number: Int) -> UInt16 {
    Self.range.lowerBound + UInt16((start + number * stride) % Self.range.count)
  }

  /// The next port; after all of them the first one again.
  mutating func next() -> UInt16 {
    defer { drawn += 1 }
    return port(drawn)
  }

  /// The place of a port among those drawn, counted from 1; nil if it was not drawn.
  func number(of port: UInt16) -> Int? {
    (0..<drawn).first { self.port($0) == port }.map { $0 + 1 }
  }
}
