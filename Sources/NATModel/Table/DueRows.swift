// SPDX-License-Identifier: GPL-3.0-or-later

/// The rows whose time may soon come, in the order of their ends: a binary heap.
///
/// An entry is not removed when its row lives on or is removed earlier; whoever takes the first checks whether it is
/// still valid.
struct DueRows: Sendable {
  struct Entry: Sendable, Comparable {
    var expiresAt: Instant
    var id: UInt32
    var row: Int32

    @inline(__always)
    static func < (left: Entry, right: Entry) -> Bool {
      left.expiresAt == right.expiresAt ? left.id < right.id : left.expiresAt < right.expiresAt
    }
  }

  /// In segments, so that growing does not pause.
  private var entries = PagedArray<Entry>()

  var count: Int { entries.count }

  var first: Entry? { entries.isEmpty ? nil : entries[0] }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var place = entries.count - 1
    while place > 0, entry < entries[(place - 1) / 2] {
      entries[place] = entries[(place - 1) / 2]
      place = (place - 1) / 2
    }
    entries[place] = entry
  }

  mutating func popFirst() -> Entry? {
    guard let last = entries.popLast() else { return nil }
    guard let first else { return last }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < last else { break }
      entries[place] = entries[child]
      place = child
    }
    entries[place] = last
    return first
  }
}
