// SPDX-License-Identifier: GPL-3.0-or-later

/// The yardstick: the least that finding a mapping can cost. An open-addressing table of packed 64-bit keys and their
/// numbers in one array, at most half full, with nothing behind it: no expiry, no filter, no packet to rewrite.
struct BareLookUp {
  private struct Entry {
    var key: UInt64
    var value: UInt64
  }

  private var entries: [Entry]
  private let shift: UInt64

  /// Keys are never 0, which marks a free place.
  init(keys: [UInt64]) {
    var capacity = 16
    while capacity < keys.count * 2 { capacity *= 2 }
    entries = Array(repeating: Entry(key: 0, value: 0), count: capacity)
    shift = UInt64(64 - capacity.trailingZeroBitCount)
    for (value, key) in keys.enumerated() {
      var place = home(key)
      while entries[place].key != 0 { place = (place + 1) & (capacity - 1) }
      entries[place] = Entry(key: key, value: UInt64(value))
    }
  }

  @inline(__always)
  private func home(_ key: UInt64) -> Int {
    Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  /// The number of a key, or nil if it is absent.
  @inline(__always)
  func value(of key: UInt64) -> UInt64? {
    var place = home(key)
    while entries[place].key != 0 {
      if entries[place].key == key { return entries[place].value }
      place = (place + 1) & (entries.count - 1)
    }
    return nil
  }
}
