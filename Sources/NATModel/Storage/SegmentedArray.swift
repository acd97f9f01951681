// SPDX-License-Identifier: GPL-3.0-or-later

/// A growing array kept in segments of 256 elements.
///
/// Growing never moves what is there, so it never pauses; and a copy shares every segment until one of the two copies
/// changes an element of it, so that keeping an old state of a large table costs what has changed since, not its size.
public struct SegmentedArray<Element: Sendable>: Sendable {
  @usableFromInline
  var segments: ContiguousArray<ContiguousArray<Element>> = []
  @usableFromInline
  var size = 0

  @inlinable
  public var count: Int { size }

  @inlinable
  public init() {}

  @inlinable
  public var isEmpty: Bool { segments.isEmpty }

  /// Adds an element at the end.
  @inlinable
  public mutating func append(_ element: Element) {
    if count & 255 == 0 {
      segments.append([])
      // The first segment grows as a small array does; later ones are worth their full size at once.
      if segments.count > 1 { segments[segments.count - 1].reserveCapacity(256) }
    }
    segments[count >> 8].append(element)
    size += 1
  }

  /// Takes out the last element.
  public mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    size -= 1
    let element = segments[count >> 8].removeLast()
    if count & 255 == 0 { segments.removeLast() }
    return element
  }

  @inlinable
  public subscript(index: Int) -> Element {
    get { segments[index >> 8][index & 255] }
    _modify { yield &segments[index >> 8][index & 255] }
  }
}

extension SegmentedArray: RandomAccessCollection, MutableCollection {
  @inlinable
  public var startIndex: Int { 0 }
  @inlinable
  public var endIndex: Int { count }
}
