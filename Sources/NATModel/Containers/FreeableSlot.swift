// SPDX-License-Identifier: GPL-3.0-or-later

/// An element that, while its place in a ``PagedArray`` is free, leads to the next free place: the list of free places
/// takes no memory of its own. The array's owner keeps the list's first place, `MappingRow.none` for an empty one.
protocol FreeableSlot: Sendable {
  var nextFree: Int32 { get set }
}

extension PagedArray where Element: FreeableSlot {
  /// Puts an element into the place freed last, or at the end if none is free; returns its place.
  @inline(__always)
  mutating func fill(with element: Element, _ firstFree: inout Int32) -> Int {
    guard firstFree != MappingRow.none else {
      append(element)
      return count - 1
    }
    let slot = Int(firstFree)
    firstFree = self[slot].nextFree
    self[slot] = element
    return slot
  }

  /// Frees a place; its contents stay until it is filled again.
  @inline(__always)
  mutating func free(_ slot: Int, _ firstFree: inout Int32) {
    self[slot].nextFree = firstFree
    firstFree = Int32(slot)
  }
}
