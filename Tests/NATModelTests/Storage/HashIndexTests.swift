// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

@Suite("Hash index")
struct HashIndexTests {
  /// An index and the dictionary of lists that it must equal.
  private struct Pair {
    var index = HashIndex()
    var lists: [UInt32: [Int]] = [:]
    var entries: [(hash: UInt32, row: Int)] = []

    mutating func insert(_ hash: UInt32, _ row: Int) {
      index.insert(hash, row: row)
      lists[hash, default: []].append(row)
      entries.append((hash, row))
    }

    mutating func remove(at place: Int) {
      let entry = entries[place]
      entries.swapAt(place, entries.count - 1)
      entries.removeLast()
      index.remove(entry.hash, row: entry.row)
      lists[entry.hash]?.removeAll { $0 == entry.row }
    }

    mutating func replace(at place: Int, with row: Int) {
      let entry = entries[place]
      index.replace(entry.hash, row: entry.row, with: row)
      lists[entry.hash]?.removeAll { $0 == entry.row }
      lists[entry.hash, default: []].append(row)
      entries[place].row = row
    }

    /// All rows that the index leads to under `hash`.
    func rows(_ hash: UInt32) -> [Int] {
      var rows: [Int] = []
      _ = index.first(hash) { row in
        rows.append(row)
        return false
      }
      return rows
    }

    func differs(_ hash: UInt32) -> Bool { rows(hash).sorted() != lists[hash, default: []].sorted() }
  }

  /// How hashes are drawn: well mixed, few different ones, and ones that agree in the bits that place an entry.
  private static let kinds: [@Sendable (UInt64) -> UInt32] = [
    { UInt32(truncatingIfNeeded: $0) },
    { UInt32(truncatingIfNeeded: $0 % 500) },
    { UInt32(truncatingIfNeeded: $0) & 0xFFFF_F000 },
    { UInt32(truncatingIfNeeded: $0) & 0x0000_0FFF },
    { UInt32(truncatingIfNeeded: $0) | 0xFFFF_0000 },
  ]

  @Test(arguments: 0..<5)
  func randomWork(kind: Int) {
    var generator = SeededGenerator(seed: UInt64(kind))
    var pair = Pair()
    for row in 0..<2_500 {
      let place = pair.entries.isEmpty ? 0 : Int(generator.below(UInt64(pair.entries.count)))
      switch generator.below(10) {
      case 0,
        1 where !pair.entries.isEmpty:
        pair.remove(at: place)
      case 2 where !pair.entries.isEmpty: pair.replace(at: place, with: row)
      default: pair.insert(Self.kinds[kind](generator.next()), row)
      }
      if row % 500 == 0 { #expect(pair.index.count == pair.entries.count) }
    }
    #expect(!pair.lists.keys.contains { pair.differs($0) })
    let kept = pair
    while pair.entries.count > 10 { pair.remove(at: Int(generator.below(UInt64(pair.entries.count)))) }
    #expect(!pair.lists.keys.contains { pair.differs($0) } && pair.index.count == 10)
    #expect(!kept.lists.keys.contains { kept.differs($0) }, "a copy is not touched")
  }

  @Test func aHundredThousandEntries() {
    var generator = SeededGenerator(seed: 100_000)
    var pair = Pair()
    for row in 0..<100_000 { pair.insert(UInt32(truncatingIfNeeded: generator.next()), row) }
    for _ in 0..<30_000 { pair.remove(at: Int(generator.below(UInt64(pair.entries.count)))) }
    #expect(pair.index.count == 70_000)
    #expect(!pair.lists.keys.contains { pair.differs($0) })
  }

  /// A thousand equal hashes are slow, not wrong, and the entries beside them are found.
  @Test func equalHashes() {
    var pair = Pair()
    for row in 0..<1_200 { pair.insert(0xDEAD_BEEF, row) }
    for row in 1_200..<2_000 { pair.insert(UInt32(row) &* 2_654_435_761, row) }
    #expect(!pair.lists.keys.contains { pair.differs($0) } && pair.index.count == 2_000)
    #expect(pair.rows(0xDEAD_BEEF).count == 1_200)
    for _ in 0..<1_190 { pair.remove(at: 0) }
    #expect(!pair.lists.keys.contains { pair.differs($0) })
  }

  @Test func anAbsentEntryIsNotRemoved() {
    var index = HashIndex()
    index.insert(7, row: 1)
    index.remove(7, row: 2)
    index.remove(8, row: 1)
    index.replace(8, row: 1, with: 3)
    #expect(index.count == 1 && index.first(7) { $0 == 1 } == 1 && index.first(8) { _ in true } == nil)
  }
}
