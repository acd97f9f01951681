// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Reads numbers in network order, one after the other; nil if the bytes end first.
struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type = Number.self) -> Number? {
    guard let part = bytes(Number.bitWidth / 8) else { return nil }
    return part.reduce(0) { ($0 &<< 8) | Number($1) }
  }
}
