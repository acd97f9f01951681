// SPDX-License-Identifier: GPL-3.0-or-later

/// A segment of a ``HashIndex``: a power of two of lines, each with room for seven entries.
///
/// An entry is in its home line, which the hash's low bits choose, or, if that is full, in the next line that is not. A
/// line is 64 bytes aligned with the processor's cache lines, so that a look-up usually fetches one; and all its
/// entries are compared at once by their tags, so the time does not depend on which of the seven it is.
///
/// Whoever writes makes sure that nobody else shares the segment; ``HashIndex`` is the only writer.
final class IndexSegment: @unchecked Sendable {
  let lines: UnsafeMutableRawPointer
  /// A power of two, at most ``largest``.
  let lineCount: Int
  /// How many leading bits of the hash all its entries share.
  let depth: Int
  var count = 0

  static let largest = 128

  init(lineCount: Int, depth: Int) {
    self.lineCount = lineCount
    self.depth = depth
    lines = .allocate(byteCount: lineCount * IndexLine.size, alignment: IndexLine.size)
    for number in 0..<lineCount { line(number).clear() }
  }

  deinit { lines.deallocate() }

  /// Copies everything from another segment of the same size.
  func copy(_ other: IndexSegment) {
    lines.copyMemory(from: other.lines, byteCount: lineCount * IndexLine.size)
    count = other.count
  }

  @inline(__always)
  func line(_ number: Int) -> IndexLine { IndexLine(lines, number & (lineCount - 1)) }

  /// More would mean full lines and long searches.
  var isFull: Bool { count * 16 >= lineCount * IndexLine.capacity * 13 }

  /// Calls `body` with each entry's hash and row.
  func eachEntry(_ body: (UInt32, UInt32) -> Void) {
    for number in 0..<lineCount {
      let line = line(number)
      for place in 0..<IndexLine.capacity where line.isTaken(place) { body(line.hash(place), line.row(place)) }
    }
  }

  /// The hash of any entry; nil if there is none.
  var anyHash: UInt32? {
    for number in 0..<lineCount {
      let line = line(number)
      for place in 0..<IndexLine.capacity where line.isTaken(place) { return line.hash(place) }
    }
    return nil
  }

  /// Whether there are entries with different hashes: those with the same one could not be separated.
  var canPart: Bool {
    guard let first = anyHash else { return false }
    var canPart = false
    eachEntry { hash, _ in if hash != first { canPart = true } }
    return canPart
  }

  func place(_ hash: UInt32, _ row: UInt32) {
    count += 1
    var number = Int(hash)
    while true {
      let line = line(number)
      if let place = line.freePlace {
        line.set(place, hash, row)
        return
      }
      number += 1
    }
  }

  /// An entry's place: its line's number and its place there.
  func find(_ hash: UInt32, _ row: UInt32) -> (line: Int, place: Int)? {
    var number = Int(hash)
    while true {
      let line = line(number)
      for place in 0..<IndexLine.capacity
      where line.isTaken(place) && line.hash(place) == hash && line.row(place) == row {
        return (number, place)
      }
      if !line.isFull { return nil }
      number += 1
    }
  }

  /// Removes an entry, and moves back those that had to go past its line, so that no tombstones pile up.
  func remove(_ number: Int, _ place: Int) {
    count -= 1
    var (hole, holePlace) = (number, place)
    var wasFull = line(hole).isFull
    line(hole).free(holePlace)
    var next = hole + 1
    // Entries can have gone only past full lines.
    while wasFull {
      let line = line(next)
      wasFull = line.isFull
      if let moved = Self.wanderer(in: line, next, past: hole, lineCount) {
        self.line(hole).set(holePlace, line.hash(moved), line.row(moved))
        line.free(moved)
        (hole, holePlace) = (next, moved)
      }
      next += 1
    }
  }

  /// An entry of line `number` that went past line `hole` on its way.
  private static func wanderer(in line: IndexLine, _ number: Int, past hole: Int, _ lineCount: Int) -> Int? {
    let mask = lineCount - 1
    return (0..<IndexLine.capacity).first { place in
      line.isTaken(place) && (number - Int(line.hash(place))) & mask >= (number - hole) & mask
    }
  }
}

/// A line of an ``IndexSegment``: seven tags of a byte in one word, whose eighth byte is never free, then seven rows,
/// then seven hashes. A tag is seven bits of the hash with the highest bit set; 0 is a free place.
struct IndexLine {
  static let size = 64
  static let capacity = 7

  private let start: UnsafeMutableRawPointer

  @inline(__always)
  init(_ lines: UnsafeMutableRawPointer, _ number: Int) { start = lines + number &* Self.size }

  private static let rows = 8
  private static let hashes = rows + 4 * capacity
  private static let noFreePlace: UInt64 = 1 << 56
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  @inline(__always) private var tags: UInt64 { start.load(as: UInt64.self) }

  @inline(__always)
  private static func tag(_ hash: UInt32) -> UInt64 { UInt64(hash >> 7 & 0x7F | 0x80) }

  func clear() { start.storeBytes(of: Self.noFreePlace, as: UInt64.self) }

  /// The highest bits of the bytes that are 0: exact for the lowest, while one above it may be mistaken for one.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

  /// The places whose tag is that of `hash`, and perhaps others: one bit each, at eight times the place and seven.
  @inline(__always)
  func candidates(_ hash: UInt32) -> UInt64 { Self.zeroBytes(tags ^ (Self.tag(hash) &* Self.ones)) }

  /// The place of the lowest bit of ``candidates(_:)``.
  @inline(__always)
  static func lowest(_ candidates: UInt64) -> Int { candidates.trailingZeroBitCount &>> 3 }

  @inline(__always) var isFull: Bool { Self.zeroBytes(tags) == 0 }

  var freePlace: Int? {
    let free = Self.zeroBytes(tags)
    return free == 0 ? nil : Self.lowest(free)
  }

  func isTaken(_ place: Int) -> Bool { tags >> UInt64(8 * place) & 0x80 != 0 }

  @inline(__always)
  func row(_ place: Int) -> UInt32 { start.load(fromByteOffset: Self.rows &+ 4 &* place, as: UInt32.self) }

  @inline(__always)
  func hash(_ place: Int) -> UInt32 { start.load(fromByteOffset: Self.hashes &+ 4 &* place, as: UInt32.self) }

  func set(_ place: Int, _ hash: UInt32, _ row: UInt32) {
    let shift = UInt64(8 * place)
    start.storeBytes(of: tags & ~(0xFF << shift) | Self.tag(hash) << shift, as: UInt64.self)
    start.storeBytes(of: hash, toByteOffset: Self.hashes + 4 * place, as: UInt32.self)
    setRow(place, row)
  }

  func setRow(_ place: Int, _ row: UInt32) {
    start.storeBytes(of: row, toByteOffset: Self.rows + 4 * place, as: UInt32.self)
  }

  func free(_ place: Int) {
    start.storeBytes(of: tags & ~(0xFF << UInt64(8 * place)), as: UInt64.self)
  }
}
