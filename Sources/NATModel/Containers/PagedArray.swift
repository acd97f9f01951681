// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// A growing array kept in pages of 256 elements, for data that every packet needs.
///
/// Growing never moves existing elements, so it never pauses; and a copy shares every page until one of the two copies
/// changes an element of it, so keeping an old state of something large costs only the changes since, not its size.
///
/// A page is aligned with the processor's cache lines, so that an element of 64 bytes is one line, and is reached
/// without checking who else has it. Swift's arrays promise neither, hence raw memory: only this file and
/// ``IndexSegment`` touch any, and a page is written only while nobody else has it.
public struct PagedArray<Element: Sendable>: Sendable {
  /// A page's memory, freed with its last owner.
  @usableFromInline
  final class Page: @unchecked Sendable {
    @usableFromInline let elements: UnsafeMutablePointer<Element>
    @usableFromInline let capacity: Int
    @usableFromInline var count = 0

    @usableFromInline
    init(capacity: Int) {
      self.capacity = capacity
      elements = UnsafeMutableRawPointer.allocate(
        byteCount: MemoryLayout<Element>.stride * capacity, alignment: Swift.max(64, MemoryLayout<Element>.alignment)
      ).bindMemory(to: Element.self, capacity: capacity)
    }

    /// A page with the elements of another.
    @usableFromInline
    convenience init(capacity: Int, copying other: Page) {
      self.init(capacity: capacity)
      elements.initialize(from: other.elements, count: other.count)
      count = other.count
    }

    deinit {
      elements.deinitialize(count: count)
      UnsafeMutableRawPointer(elements).deallocate()
    }
  }

  /// The address of a page's elements.
  @usableFromInline
  struct Place: @unchecked Sendable {
    @usableFromInline var elements: UnsafeMutablePointer<Element>
    /// The claim under which the page is known to belong to nobody else.
    @usableFromInline var owner = PageClaim.nobody

    @inlinable
    init(_ page: Page) { elements = page.elements }
  }

  @inlinable static var pageSize: Int { 256 }
  /// The first page begins small and grows as a small array does: most networks and tables are small.
  @inlinable static var smallestPage: Int { 4 }

  @usableFromInline var claim = PageClaim.first
  @usableFromInline var pages: ContiguousArray<Page> = []
  /// The places of ``pages``, so that reading an element involves no object.
  @usableFromInline var places: ContiguousArray<Place> = []
  @usableFromInline var filled = 0
  @inlinable public var count: Int { filled }

  public init() {}

  /// Reads and writes the element at an index, which is checked.
  // Other modules would reach an addressor through an accessor made for it, which is not inlined: hence coroutines
  // here.
  @inlinable
  public subscript(index: Int) -> Element {
    @inline(__always)
    _read {
      precondition(index >= 0 && index < count)
      yield places[index >> 8].elements[index & 255]
    }
    @inline(__always)
    _modify {
      precondition(index >= 0 && index < count)
      own(index >> 8)
      yield &places[index >> 8].elements[index & 255]
    }
  }

  /// The same for an index that is known to be valid, having come from this array.
  @inline(__always)
  subscript(known index: Int) -> Element {
    unsafeAddress { UnsafePointer(places[index >> 8].elements + (index & 255)) }
    unsafeMutableAddress {
      own(index >> 8)
      return places[index >> 8].elements + (index & 255)
    }
  }

  /// The same for an index that ``isOwn(_:_:)`` has approved.
  @inline(__always)
  subscript(own index: Int) -> Element {
    unsafeAddress { UnsafePointer(places[index >> 8].elements + (index & 255)) }
    unsafeMutableAddress { places[index >> 8].elements + (index & 255) }
  }

  /// Adds an element at the end.
  @inlinable
  public mutating func append(_ element: Element) {
    let page = count >> 8
    if page == pages.count {
      add(Page(capacity: page == 0 ? Self.smallestPage : Self.pageSize))
    } else if count & 255 == pages[page].capacity {
      replace(page, capacity: pages[page].capacity * 2)
    } else {
      own(page)
    }
    (places[page].elements + (count & 255)).initialize(to: element)
    pages[page].count += 1
    filled += 1
  }

  /// Removes the last element.
  @inlinable
  public mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    filled -= 1
    let page = count >> 8
    own(page)
    pages[page].count -= 1
    let last = (places[page].elements + (count & 255)).move()
    if count & 255 == 0 {
      pages.removeLast()
      places.removeLast()
    }
    return last
  }

  /// The mark of pages that are known to be the array's own; 0 if that must be checked again.
  @inlinable
  @inline(__always)
  mutating func currentClaim() -> UInt64 {
    isKnownUniquelyReferenced(&claim) && !claim.isVoid.load(ordering: .relaxed) ? claim.number : 0
  }

  /// Whether the element at `index` may be written under the present claim.
  @inline(__always)
  func isOwn(_ index: Int, _ claim: UInt64) -> Bool { places[index >> 8].owner == claim }

  /// Makes sure that nobody else shares the page, by copying it if need be.
  @inlinable
  @inline(__always)
  mutating func own(_ page: Int) {
    let claim = currentClaim()
    if places[page].owner != claim || claim == 0 { takeOver(page) }
  }

  @inlinable
  @inline(never)
  mutating func takeOver(_ page: Int) {
    if currentClaim() == 0 {
      claim.isVoid.store(true, ordering: .relaxed)
      claim = PageClaim()
    }
    if !isKnownUniquelyReferenced(&pages[page]) { replace(page, capacity: pages[page].capacity) }
    places[page].owner = claim.number
  }

  @inlinable
  mutating func add(_ page: Page) {
    pages.append(page)
    places.append(Place(page))
  }

  @inlinable
  @inline(never)
  mutating func replace(_ page: Int, capacity: Int) {
    pages[page] = Page(capacity: capacity, copying: pages[page])
    places[page] = Place(pages[page])
  }

  /// How many pages this and an older copy do not share.
  public func pagesUnshared(with other: PagedArray) -> Int {
    pages.indices.count { $0 >= other.pages.count || pages[$0] !== other.pages[$0] }
  }
}

extension PagedArray: RandomAccessCollection, MutableCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
}

/// The claim of an array that was not copied, so that one look shows that all its pages are its own.
///
/// A copy shares it. Whichever of the two notices first voids it for both, even once the other is gone: pages that were
/// shared may still be. From then on each has a claim of its own, and checks each page's owners before it writes to it
/// under that claim for the first time.
@usableFromInline
final class PageClaim: Sendable {
  private static let issued = Atomic<UInt64>(0)
  @usableFromInline let number: UInt64
  @usableFromInline let isVoid = Atomic<Bool>(false)

  /// The claim of every new array: it never belongs to one array alone, and so is replaced by the first write.
  @usableFromInline static let first = PageClaim()

  /// A number that no claim has.
  @usableFromInline static var nobody: UInt64 { .max }

  @usableFromInline
  init() { number = Self.issued.add(1, ordering: .relaxed).newValue }
}
