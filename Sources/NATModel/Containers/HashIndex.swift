// SPDX-License-Identifier: GPL-3.0-or-later

/// An index from 32-bit hashes to row numbers: extendible hashing over small segments.
///
/// The caller checks whether a row is the one sought, so rows with any key share this one structure. A full segment
/// splits in two, which moves at most 896 entries: growing never pauses, and a copy shares all segments that neither
/// side has changed.
///
/// A look-up reads one slot of the directory, which gives the segment's memory and size, and then usually one cache
/// line.
struct HashIndex: Sendable {
  /// The segment for one value of the hash's first `depth` bits.
  private struct Slot: @unchecked Sendable {
    /// The segment's lines, kept alive by ``segments``.
    var lines: UnsafeMutableRawPointer
    /// The number of lines less one.
    var mask: UInt32
    /// The segment's place in ``segments``.
    var number: Int32
  }

  /// Beyond this depth a segment grows instead of splitting: low bits place an entry within it.
  private static let deepest = 22

  private var segments: ContiguousArray<IndexSegment>
  private var directory: ContiguousArray<Slot>
  /// 32 minus the number of hash bits that choose the directory's slot.
  private var shift: UInt64 = 32
  private(set) var count = 0

  /// Indexes begin as copies of this one: an empty one takes no memory of its own.
  private static let empty = HashIndex(IndexSegment(lineCount: 1, depth: 0))

  init() { self = Self.empty }

  private init(_ segment: IndexSegment) {
    segments = [segment]
    directory = [Slot(lines: segment.lines, mask: UInt32(segment.lineCount - 1), number: 0)]
  }

  @inline(__always)
  private func slot(_ hash: UInt32) -> Int { Int(UInt64(hash) &>> shift) }

  /// The first row under `hash` that is the one sought.
  @inline(__always)
  func first(_ hash: UInt32, where isSought: (Int) -> Bool) -> Int? {
    let slot = directory[slot(hash)]
    var number = hash
    while true {
      let line = IndexLine(slot.lines, Int(number & slot.mask))
      var candidates = line.candidates(hash)
      while candidates != 0 {
        let place = IndexLine.lowest(candidates)
        let row = Int(line.row(place))
        if line.hash(place) == hash, isSought(row) { return row }
        candidates &= candidates &- 1
      }
      if !line.isFull { return nil }
      number &+= 1
    }
  }

  mutating func insert(_ hash: UInt32, row: Int) {
    var number = Int(directory[slot(hash)].number)
    while segments[number].isFull {
      makeRoom(in: number)
      number = Int(directory[slot(hash)].number)
    }
    own(number)
    segments[number].place(hash, UInt32(row))
    count += 1
  }

  /// Removes the entry of `row` under `hash`; does nothing if there is none.
  mutating func remove(_ hash: UInt32, row: Int) {
    let number = Int(directory[slot(hash)].number)
    guard let (line, place) = segments[number].find(hash, UInt32(row)) else { return }
    own(number)
    segments[number].remove(line, place)
    count -= 1
  }

  /// Lets the entry of `row` under `hash` lead to `newRow`.
  mutating func replace(_ hash: UInt32, row: Int, with newRow: Int) {
    let number = Int(directory[slot(hash)].number)
    guard let (line, place) = segments[number].find(hash, UInt32(row)) else { return }
    own(number)
    segments[number].line(line).setRow(place, UInt32(newRow))
  }

  /// Makes sure that nobody else shares the segment, by copying it if need be.
  @inline(__always)
  private mutating func own(_ number: Int) {
    if !isKnownUniquelyReferenced(&segments[number]) { copy(number) }
  }

  @inline(never)
  private mutating func copy(_ number: Int) {
    let old = segments[number]
    let new = IndexSegment(lineCount: old.lineCount, depth: old.depth)
    new.copy(old)
    replace(number, with: new)
  }

  /// Replaces one segment by another and updates the directory's slots.
  private mutating func replace(_ number: Int, with new: IndexSegment) {
    let old = segments[number].lines
    segments[number] = new
    // The slots of a segment are one run, which any of its entries leads to; an empty segment is not worth a record of
    // its own, and is searched for.
    let start =
      new.anyHash.map { slot($0) & ~(run(new.depth) - 1) } ?? directory.firstIndex { $0.lines == old } ?? 0
    for slot in start..<start + run(new.depth) { lead(slot, to: number) }
  }

  /// How many slots lead to a segment of `depth`.
  private func run(_ depth: Int) -> Int { 1 << (32 - Int(shift) - depth) }

  private mutating func lead(_ slot: Int, to number: Int) {
    directory[slot] = Slot(
      lines: segments[number].lines, mask: UInt32(segments[number].lineCount - 1), number: Int32(number))
  }

  @inline(never)
  private mutating func makeRoom(in number: Int) {
    let old = segments[number]
    guard old.lineCount >= IndexSegment.largest, old.depth < Self.deepest, old.canPart else {
      let wider = IndexSegment(lineCount: old.lineCount * 2, depth: old.depth)
      old.eachEntry { wider.place($0, $1) }
      replace(number, with: wider)
      return
    }
    if old.depth == 32 - Int(shift) { widenDirectory() }
    let halves = [
      IndexSegment(lineCount: old.lineCount, depth: old.depth + 1),
      IndexSegment(lineCount: old.lineCount, depth: old.depth + 1),
    ]
    let bit = UInt32(31 - old.depth)
    old.eachEntry { halves[Int($0 >> bit & 1)].place($0, $1) }
    // The first half takes the old one's number and the second the next; the slots are one run, so both are.
    let first = old.anyHash.map { slot($0) } ?? 0
    let run = run(old.depth)
    let start = first & ~(run - 1)
    segments[number] = halves[0]
    segments.append(halves[1])
    for slot in start..<start + run / 2 { lead(slot, to: number) }
    for slot in start + run / 2..<start + run { lead(slot, to: segments.count - 1) }
  }

  private mutating func widenDirectory() {
    var wider = ContiguousArray<Slot>()
    wider.reserveCapacity(directory.count * 2)
    for slot in directory {
      wider.append(slot)
      wider.append(slot)
    }
    directory = wider
    shift -= 1
  }
}
