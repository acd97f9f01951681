// SPDX-License-Identifier: GPL-3.0-or-later

/// A growing array kept in pages of 256 elements, for what every packet asks for.
///
/// Growing never moves what is there, so it never pauses; and a copy shares every page until one of the two copies
/// changes an element of it, so that keeping an old state of a large network costs what has changed since, not its size.
///
/// A page begins where one of the processor's cache lines does, so that an element of 64 bytes is one line, and is reached
/// without asking who else has it. Swift's arrays promise neither, hence raw memory: no other file of the simulator
/// touches it, a page is written only while nobody else has it, and an index is checked.
struct PagedArray<Element: Sendable>: Sendable {
  /// A page's memory, freed with its last owner.
  private final class Page: @unchecked Sendable {
    let elements: UnsafeMutablePointer<Element>
    let capacity: Int
    var count = 0

    init(capacity: Int) {
      self.capacity = capacity
      elements = UnsafeMutableRawPointer.allocate(
        byteCount: MemoryLayout<Element>.stride * capacity, alignment: Swift.max(64, MemoryLayout<Element>.alignment)
      ).bindMemory(to: Element.self, capacity: capacity)
    }

    /// A page with the elements of another.
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

  /// Where a page's elements are.
  private struct Place: @unchecked Sendable {
    var elements: UnsafeMutablePointer<Element>
  }

  private static var pageSize: Int { 256 }
  /// The first page begins small and grows as a small array does: most networks are small.
  private static var smallestPage: Int { 4 }

  private var pages: ContiguousArray<Page> = []
  /// The places of ``pages``, so that reading an element asks no object.
  private var places: ContiguousArray<Place> = []
  private(set) var count = 0

  @inline(__always)
  subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return UnsafePointer(places[index >> 8].elements + (index & 255))
    }
    unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      own(index >> 8)
      return places[index >> 8].elements + (index & 255)
    }
  }

  /// Adds an element at the end.
  mutating func append(_ element: Element) {
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
    count += 1
  }

  /// Makes sure that nobody else has the page, by copying it if need be.
  @inline(__always)
  private mutating func own(_ page: Int) {
    if !isKnownUniquelyReferenced(&pages[page]) { replace(page, capacity: pages[page].capacity) }
  }

  private mutating func add(_ page: Page) {
    pages.append(page)
    places.append(Place(elements: page.elements))
  }

  @inline(never)
  private mutating func replace(_ page: Int, capacity: Int) {
    let new = Page(capacity: capacity, copying: pages[page])
    pages[page] = new
    places[page] = Place(elements: new.elements)
  }

  /// How many pages this and an older copy do not share.
  func pagesUnshared(with other: PagedArray) -> Int {
    pages.indices.count { $0 >= other.pages.count || pages[$0] !== other.pages[$0] }
  }
}

extension PagedArray: RandomAccessCollection {
  var startIndex: Int { 0 }
  var endIndex: Int { count }
}
