// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// The rows of the translation table, in pages of 256.
///
/// Growing never moves what is there, so it never pauses; and a copy shares every page until one of the two copies
/// changes a row of it, so that keeping an old state of a large table costs what has changed since, not its size.
///
/// A page keeps the lines that all packets need together and apart from the details (see ``MappingRow``), both at
/// addresses that the processor's cache lines begin at. Swift's arrays promise no such alignment and check more than a
/// packet's time allows, hence raw memory: this file is the only one that touches it, a page is written only while nobody
/// else has it, and a row's number is always one that ``insert(_:_:)`` has returned.
struct RowTable: Sendable {
  /// A page's memory, freed with its last owner.
  private final class Page: @unchecked Sendable {
    let place: Place
    let capacity: Int

    init(capacity: Int) {
      self.capacity = capacity
      let lines = MemoryLayout<MappingRow>.stride * capacity
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: lines + MemoryLayout<RowDetails>.stride * capacity, alignment: 64)
      place = Place(
        rows: memory.bindMemory(to: MappingRow.self, capacity: capacity),
        details: (memory + lines).bindMemory(to: RowDetails.self, capacity: capacity))
    }

    /// A page with the first `count` rows of another. Rows are plain data, so that nothing is to be released.
    convenience init(capacity: Int, first count: Int, of other: borrowing Place) {
      self.init(capacity: capacity)
      place.rows.initialize(from: other.rows, count: count)
      place.details.initialize(from: other.details, count: count)
    }

    deinit { UnsafeMutableRawPointer(place.rows).deallocate() }
  }

  /// Where the rows of a page are.
  private struct Place: @unchecked Sendable {
    var rows: UnsafeMutablePointer<MappingRow>
    var details: UnsafeMutablePointer<RowDetails>
    /// The claim under which the page is known to be nobody else's.
    var owner = nobody

    static let nobody = UInt64.max
  }

  /// What a table that was not copied holds, so that one look tells of all pages that they are its own.
  ///
  /// A copy shares it. Whoever of the two notices first voids it for both, even once the other is gone: pages that were
  /// shared may still be. From then on each has a claim of its own, and looks at each page's owners before it writes to
  /// it under that claim for the first time.
  private final class Claim: Sendable {
    private static let issued = Atomic<UInt64>(0)
    let number = issued.add(1, ordering: .relaxed).newValue
    let isVoid = Atomic<Bool>(false)
  }

  private static let pageSize = 256
  /// The first page begins small and grows as a small array does: most networks' tables are short.
  private static let smallestPage = 4

  private var claim = Claim()
  private var pages: ContiguousArray<Page> = []
  /// The places of ``pages``, so that reading a row asks no object.
  private var places: ContiguousArray<Place> = []
  /// Rows, free ones included.
  private(set) var count = 0
  /// The first of the free rows, each of which leads to the next.
  private var firstFree = MappingRow.none

  var indices: Range<Int> { 0..<count }

  @inline(__always)
  subscript(number: Int) -> MappingRow {
    unsafeAddress { UnsafePointer(places[number >> 8].rows + (number & 255)) }
    unsafeMutableAddress {
      own(number >> 8)
      return places[number >> 8].rows + (number & 255)
    }
  }

  @inline(__always)
  subscript(details number: Int) -> RowDetails {
    unsafeAddress { UnsafePointer(places[number >> 8].details + (number & 255)) }
    unsafeMutableAddress {
      own(number >> 8)
      return places[number >> 8].details + (number & 255)
    }
  }

  /// What pages that are known to be the table's own are marked with; 0 where that must be looked at again.
  @inline(__always)
  mutating func currentClaim() -> UInt64 {
    isKnownUniquelyReferenced(&claim) && !claim.isVoid.load(ordering: .relaxed) ? claim.number : 0
  }

  /// Whether row `number` may be written to under a claim as it stands.
  @inline(__always)
  func isOwn(_ number: Int, _ claim: UInt64) -> Bool { places[number >> 8].owner == claim }

  /// A row that ``isOwn(_:_:)`` has been asked about.
  @inline(__always)
  subscript(own number: Int) -> MappingRow {
    unsafeAddress { UnsafePointer(places[number >> 8].rows + (number & 255)) }
    unsafeMutableAddress { places[number >> 8].rows + (number & 255) }
  }

  /// Makes sure that nobody else has the page, by copying it if need be.
  @inline(__always)
  private mutating func own(_ page: Int) {
    let claim = currentClaim()
    if places[page].owner != claim || claim == 0 { takeOver(page) }
  }

  @inline(never)
  private mutating func takeOver(_ page: Int) {
    if !isKnownUniquelyReferenced(&claim) || claim.isVoid.load(ordering: .relaxed) {
      claim.isVoid.store(true, ordering: .relaxed)
      claim = Claim()
    }
    if !isKnownUniquelyReferenced(&pages[page]) { replace(page, capacity: pages[page].capacity) }
    places[page].owner = claim.number
  }

  private mutating func replace(_ page: Int, capacity: Int) {
    let filled = min(count - page * Self.pageSize, Self.pageSize)
    pages[page] = Page(capacity: capacity, first: filled, of: places[page])
    places[page] = pages[page].place
  }

  /// Stores a row, in the place freed last or at the end; returns its number.
  mutating func insert(_ row: MappingRow, _ details: RowDetails) -> Int {
    var number = count
    if firstFree != MappingRow.none {
      number = Int(firstFree)
      firstFree = self[number].nextSharer
    } else {
      makeRoom()
      count += 1
    }
    self[number] = row
    self[details: number] = details
    return number
  }

  private mutating func makeRoom() {
    let page = count / Self.pageSize
    if page == pages.count {
      let new = Page(capacity: page == 0 ? Self.smallestPage : Self.pageSize)
      pages.append(new)
      places.append(new.place)
    } else if count % Self.pageSize == pages[page].capacity {
      replace(page, capacity: pages[page].capacity * 2)
    }
  }

  /// Frees row `number` for another.
  mutating func remove(_ number: Int) {
    self[number].traits = .isFree
    self[number].nextSharer = firstFree
    firstFree = Int32(number)
  }
}
