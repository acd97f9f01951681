// SPDX-License-Identifier: GPL-3.0-or-later

/// The ports of one outside address and protocol: which are taken, whose they are, and where the search for the next
/// sequential one starts.
///
/// A mapping is found by its outside port without any search. Ports are kept in segments, so that few of them take
/// little memory, and a copy shares the segments that neither side has changed.
struct PortSpace: Sendable {
  /// Ports per segment of ``users``.
  private static let segment = 256

  /// The row of each port, or ``MappingRow/none``; a segment is empty until the first of its ports is used, and so is
  /// the whole.
  private var users: ContiguousArray<ContiguousArray<Int32>> = []
  /// One bit per port; empty until the first is taken.
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

  /// The row that has a port as its outside port; if there are several, the first.
  @inline(__always)
  func row(of port: UInt16) -> Int? {
    let (segment, place) = (Int(port) / Self.segment, Int(port) % Self.segment)
    guard !users.isEmpty, !users[segment].isEmpty else { return nil }
    let row = users[segment][place]
    return row == MappingRow.none ? nil : Int(row)
  }

  /// Gives a port to a row, or to none.
  mutating func setRow(_ row: Int32, of port: UInt16) {
    let (segment, place) = (Int(port) / Self.segment, Int(port) % Self.segment)
    if users.isEmpty { users = ContiguousArray(repeating: [], count: 65_536 / Self.segment) }
    if users[segment].isEmpty { users[segment] = ContiguousArray(repeating: MappingRow.none, count: Self.segment) }
    users[segment][place] = row
  }

  /// The first free port from `start` on, once round `range`; with a parity, only ports that are even (0) or odd (1).
  /// It reads whole words, so a full space costs a thousand reads, not 65,536.
  func firstFree(from start: UInt16, in range: ClosedRange<UInt16>, parity: UInt16? = nil) -> UInt16? {
    let start = range.contains(start) ? start : range.lowerBound
    return firstFree(within: start...range.upperBound, parity: parity)
      ?? (start > range.lowerBound ? firstFree(within: range.lowerBound...(start - 1), parity: parity) : nil)
  }

  /// How many ports of `range` are taken.
  func takenCount(in range: ClosedRange<UInt16>) -> Int { words.isEmpty ? 0 : range.count { isTaken($0) } }

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
