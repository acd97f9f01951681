// SPDX-License-Identifier: GPL-3.0-or-later

/// An index from 32-bit hashes to row numbers: extendible hashing over small open-addressing segments.
///
/// An entry is a hash and a row number in one word; whether the row is the one sought is the caller's to see, so rows of
/// any key share this one structure. A full segment splits in two, which moves at most 1,024 entries: growing never
/// pauses, and a copy shares all segments that neither side has changed (see ``SegmentedArray``).
struct HashIndex: Sendable {
  private struct Segment: Sendable {
    /// Entries as `hash << 32 | row + 1`, linear probing from the hash's low bits; 0 is free.
    var entries: ContiguousArray<UInt64>
    var count = 0
    /// How many leading bits of the hash all its entries share.
    var depth: Int

    init(capacity: Int, depth: Int) {
      entries = ContiguousArray(repeating: 0, count: capacity)
      self.depth = depth
    }
  }

  private static let smallestCapacity = 8
  private static let largestCapacity = 1024
  /// Beyond this depth a segment grows instead of splitting: the low ten bits place an entry within it.
  private static let deepest = 22

  private var segments: ContiguousArray<Segment>
  /// The segment for each value of the hash's first `depth` bits.
  private var directory: ContiguousArray<Int32>
  private var depth = 0
  private(set) var count = 0

  init() {
    segments = [Segment(capacity: Self.smallestCapacity, depth: 0)]
    directory = [0]
  }

  @inline(__always)
  private func segmentNumber(_ hash: UInt32) -> Int {
    Int(directory[Int(UInt64(hash) >> UInt64(32 - depth))])
  }

  /// The first row under `hash` that is the one sought.
  @inline(__always)
  func first(_ hash: UInt32, where isSought: (Int) -> Bool) -> Int? {
    segments[segmentNumber(hash)].entries.withUnsafeBufferPointer { entries in
      let mask = entries.count - 1
      var position = Int(hash) & mask
      while true {
        let entry = entries[position]
        if entry == 0 { return nil }
        if UInt32(truncatingIfNeeded: entry >> 32) == hash {
          let row = Int(UInt32(truncatingIfNeeded: entry)) - 1
          if isSought(row) { return row }
        }
        position = (position + 1) & mask
      }
    }
  }

  mutating func insert(_ hash: UInt32, row: Int) {
    var number = segmentNumber(hash)
    while segments[number].count * 4 >= segments[number].entries.count * 3 {
      makeRoom(in: number)
      number = segmentNumber(hash)
    }
    Self.place(UInt64(hash) << 32 | UInt64(row + 1), in: &segments[number])
    count += 1
  }

  /// Takes out the entry of `row` under `hash`; nothing happens if there is none.
  mutating func remove(_ hash: UInt32, row: Int) {
    let number = segmentNumber(hash)
    guard let position = position(of: UInt64(hash) << 32 | UInt64(row + 1), in: number) else { return }
    count -= 1
    segments[number].count -= 1
    segments[number].entries.withUnsafeMutableBufferPointer { entries in
      // Backward shift: what probed past the hole moves into it, so no tombstones pile up.
      let mask = entries.count - 1
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

  /// Lets the entry of `row` under `hash` lead to `newRow`.
  mutating func replace(_ hash: UInt32, row: Int, with newRow: Int) {
    let number = segmentNumber(hash)
    guard let position = position(of: UInt64(hash) << 32 | UInt64(row + 1), in: number) else { return }
    segments[number].entries[position] = UInt64(hash) << 32 | UInt64(newRow + 1)
  }

  private func position(of entry: UInt64, in number: Int) -> Int? {
    segments[number].entries.withUnsafeBufferPointer { entries in
      let mask = entries.count - 1
      var position = Int(entry >> 32) & mask
      while entries[position] != 0 {
        if entries[position] == entry { return position }
        position = (position + 1) & mask
      }
      return nil
    }
  }

  private static func place(_ entry: UInt64, in segment: inout Segment) {
    segment.count += 1
    segment.entries.withUnsafeMutableBufferPointer { entries in
      let mask = entries.count - 1
      var position = Int(entry >> 32) & mask
      while entries[position] != 0 { position = (position + 1) & mask }
      entries[position] = entry
    }
  }

  private mutating func makeRoom(in number: Int) {
    let old = segments[number]
    // Entries of one hash would not part.
    let first = old.entries.first { $0 != 0 } ?? 0
    let canPart = old.entries.contains { $0 != 0 && $0 >> 32 != first >> 32 }
    guard old.entries.count >= Self.largestCapacity, old.depth < Self.deepest, canPart else {
      segments[number] = Segment(capacity: old.entries.count * 2, depth: old.depth)
      for entry in old.entries where entry != 0 { Self.place(entry, in: &segments[number]) }
      return
    }
    if old.depth == depth {
      var wider = ContiguousArray<Int32>()
      wider.reserveCapacity(directory.count * 2)
      for segment in directory {
        wider.append(segment)
        wider.append(segment)
      }
      directory = wider
      depth += 1
    }
    let bit = UInt64(1) << UInt64(63 - old.depth)
    var halves = (
      Segment(capacity: old.entries.count, depth: old.depth + 1),
      Segment(capacity: old.entries.count, depth: old.depth + 1)
    )
    for entry in old.entries where entry != 0 {
      if entry & bit == 0 { Self.place(entry, in: &halves.0) } else { Self.place(entry, in: &halves.1) }
    }
    let newNumber = segments.count
    segments[number] = halves.0
    segments.append(halves.1)
    // The directory slots that led to the old segment are one run; its second half now leads to the new one.
    let run = 1 << (depth - old.depth)
    let start = Int(first >> UInt64(64 - depth)) & ~(run - 1)
    for slot in start + run / 2..<start + run { directory[slot] = Int32(truncatingIfNeeded: newNumber) }
  }
}

/// Mixes the words of a key into the 32 bits that ``HashIndex`` files rows under.
struct KeyHash {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  mutating func combine(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    state = product.high ^ product.low
  }

  @inline(__always)
  mutating func combine(_ address: IPAddress, _ port: UInt16, _ tag: UInt64) {
    // IPv4's high half is zero, and its low half leaves the top 16 bits free for the port.
    if address.high != 0 { combine(address.high) }
    combine(address.low ^ UInt64(port) << 48 ^ tag << 40)
  }

  var value: UInt32 { UInt32(truncatingIfNeeded: state ^ state >> 32) }

  /// What is filed by an address alone.
  @inline(__always)
  static func value(of address: IPAddress) -> UInt32 {
    var hash = KeyHash()
    hash.combine(address, 0, 0)
    return hash.value
  }

  /// What is filed by a protocol and an outside endpoint.
  @inline(__always)
  static func value(of transport: TransportProtocol, _ external: Endpoint) -> UInt32 {
    var hash = KeyHash()
    hash.combine(external.address, external.port, UInt64(transport.rawValue))
    return hash.value
  }
}
