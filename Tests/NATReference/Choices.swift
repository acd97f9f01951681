// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The source of a random life's choices: a seed, or bytes that a fuzzer varies to reach what it has not seen yet.
package struct Choices: Sendable {
  private enum Source: Sendable {
    case seed(SeededGenerator)
    case bytes(ArraySlice<UInt8>)
  }

  private var source: Source

  package init(seed: UInt64) {
    source = .seed(SeededGenerator(seed: seed))
  }

  /// A choice among up to 256 takes one byte, among more two; when none is left, every choice is the first one.
  package init(bytes: ArraySlice<UInt8>) {
    source = .bytes(bytes)
  }

  /// Whether all bytes have been used; a seed's choices never end.
  package var isSpent: Bool {
    if case .bytes(let bytes) = source { bytes.isEmpty } else { false }
  }

  /// A number from 0 up to, not including, `bound`; 0 when `bound` is 0.
  package mutating func below(_ bound: UInt64) -> UInt64 {
    switch source {
    case .seed(var generator):
      let number = generator.below(bound)
      source = .seed(generator)
      return number
    case .bytes(var bytes):
      var number = UInt64(bytes.popFirst() ?? 0)
      if bound > 256 { number = number << 8 | UInt64(bytes.popFirst() ?? 0) }
      source = .bytes(bytes)
      return bound == 0 ? 0 : number % bound
    }
  }

  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(below(UInt64(elements.count)))]
  }

  /// One of the elements; nil if there are none.
  package mutating func pick<Element>(from elements: [Element]) -> Element? {
    elements.isEmpty ? nil : pick(elements)
  }
}
