// SPDX-License-Identifier: GPL-3.0-or-later

/// The ports of one outside address and protocol: which are taken, and where the next sequential one is sought.
struct PortSpace: Sendable {
  /// One bit a port; empty until the first is taken.
  private var words: ContiguousArray<UInt64> = []
  /// Where the next sequential search starts; nil before the first.
  var cursor: UInt16?

  func isTaken(_ port: UInt16) -> Bool {
    !words.isEmpty && words[Int(port) >> 6] >> UInt64(port & 63) & 1 == 1
  }

  mutating func take(_ port: UInt16) {
    if words.isEmpty { words = ContiguousArray(repeating: 0, count: 1024) }
    words[Int(port) >> 6] |= 1 << UInt64(port & 63)
  }

  mutating func free(_ port: UInt16) {
    guard !words.isEmpty else { return }
    words[Int(port) >> 6] &= ~(1 << UInt64(port & 63))
  }

  /// The first free port from `start` on, round through `range` once; with a parity only ports that are even (0) or
  /// odd (1). It reads whole words, so a full space costs a thousand reads, not 65,536.
  func firstFree(from start: UInt16, in range: ClosedRange<UInt16>, parity: UInt16? = nil) -> UInt16? {
    let start = range.contains(start) ? start : range.lowerBound
    return firstFree(within: start...range.upperBound, parity: parity)
      ?? (start > range.lowerBound ? firstFree(within: range.lowerBound...(start - 1), parity: parity) : nil)
  }

  private func firstFree(within range: ClosedRange<UInt16>, parity: UInt16?) -> UInt16? {
    let allowed: UInt64 =
      switch parity {
      case nil: .max
      case 0: 0x5555_5555_5555_5555
      default: 0xAAAA_AAAA_AAAA_AAAA
      }
    for word in Int(range.lowerBound) >> 6...Int(range.upperBound) >> 6 {
      var free = (words.isEmpty ? .max : ~words[word]) & allowed
      if word == Int(range.lowerBound) >> 6 { free &= .max << UInt64(range.lowerBound & 63) }
      if word == Int(range.upperBound) >> 6 { free &= .max >> UInt64(63 - range.upperBound & 63) }
      if free != 0 { return UInt16(word << 6 + free.trailingZeroBitCount) }
    }
    return nil
  }
}
