// SPDX-License-Identifier: GPL-3.0-or-later

/// The rows of the translation table: the lines that all packets need, kept together, and the details apart from them
/// (see ``MappingRow``). A row's number is always one that ``insert(_:_:)`` has returned.
struct RowTable: Sendable {
  private var lines = PagedArray<MappingRow>()
  private var details = PagedArray<RowDetails>()
  /// The first of the free rows, each of which leads to the next.
  private var firstFree = MappingRow.none

  /// The numbers of all rows, free ones included.
  var indices: Range<Int> { 0..<lines.count }

  @inline(__always)
  subscript(number: Int) -> MappingRow {
    _read { yield lines[known: number] }
    _modify { yield &lines[known: number] }
  }

  @inline(__always)
  subscript(details number: Int) -> RowDetails {
    _read { yield details[known: number] }
    _modify { yield &details[known: number] }
  }

  /// A row that ``isOwn(_:_:)`` has approved.
  @inline(__always)
  subscript(own number: Int) -> MappingRow {
    _read { yield lines[own: number] }
    _modify { yield &lines[own: number] }
  }

  /// See ``PagedArray/currentClaim()``.
  @inline(__always)
  mutating func currentClaim() -> UInt64 { lines.currentClaim() }

  @inline(__always)
  func isOwn(_ number: Int, _ claim: UInt64) -> Bool { lines.isOwn(number, claim) }

  /// Stores a row, in the place freed last or at the end; returns its number.
  mutating func insert(_ row: MappingRow, _ details: RowDetails) -> Int {
    guard firstFree != MappingRow.none else {
      lines.append(row)
      self.details.append(details)
      return lines.count - 1
    }
    let number = Int(firstFree)
    firstFree = self[number].nextSharer
    self[number] = row
    self[details: number] = details
    return number
  }

  /// Frees row `number` for another.
  mutating func remove(_ number: Int) {
    self[number].traits = .isFree
    self[number].nextSharer = firstFree
    firstFree = Int32(number)
  }
}
