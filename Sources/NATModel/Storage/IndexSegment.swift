// SPDX-License-Identifier: GPL-3.0-or-later

/// A segment of a ``HashIndex``: entries in memory that begins with a cache line.
///
/// Who writes makes sure that nobody else has the segment; ``HashIndex`` is the only one who does.
final class IndexSegment: @unchecked Sendable {
  /// Entries as `hash << 32 | row + 1`, linear probing from the hash's low bits; 0 is free.
  let entries: UnsafeMutablePointer<UInt64>
  /// A power of two.
  let capacity: Int
  /// How many leading bits of the hash all its entries share.
  let depth: Int
  var count = 0

  init(capacity: Int, depth: Int) {
    self.capacity = capacity
    self.depth = depth
    let bytes = MemoryLayout<UInt64>.stride * capacity
    entries = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: UInt64.self, capacity: capacity)
    entries.initialize(repeating: 0, count: capacity)
  }

  deinit { UnsafeMutableRawPointer(entries).deallocate() }

  /// Three quarters are taken: more would make for long searches.
  var isFull: Bool { count * 4 >= capacity * 3 }

  /// An entry, where there is one.
  var anyEntry: UInt64? {
    (0..<capacity).first { entries[$0] != 0 }.map { entries[$0] }
  }

  /// Whether there are entries of different hashes: those of one would not part.
  var canPart: Bool {
    guard let entry = anyEntry else { return false }
    return (0..<capacity).contains { entries[$0] != 0 && entries[$0] >> 32 != entry >> 32 }
  }

  @inline(__always)
  func place(_ entry: UInt64) {
    count += 1
    let mask = capacity - 1
    var position = Int(entry >> 32) & mask
    while entries[position] != 0 { position = (position + 1) & mask }
    entries[position] = entry
  }

  @inline(__always)
  func position(of entry: UInt64) -> Int? {
    let mask = capacity - 1
    var position = Int(entry >> 32) & mask
    while entries[position] != 0 {
      if entries[position] == entry { return position }
      position = (position + 1) & mask
    }
    return nil
  }

  /// Takes out an entry and shifts back what probed past it, so that no tombstones pile up.
  @inline(__always)
  func remove(at position: Int) {
    count -= 1
    let mask = capacity - 1
    var hole = position
    var next = (hole + 1) & mask
    while entries[next] != 0 {
      let home = Int(entries[next] >> 32) & mask
      if (next - home) & mask >= (next - hole) & mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    entries[hole] = 0
  }
}
