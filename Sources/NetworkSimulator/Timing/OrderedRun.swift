// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// An item waiting for its time.
struct Waiting<Item: Sendable>: Sendable {
  let due: Instant
  /// The order among items due at one time.
  let order: Int
  let item: Item

  /// Whether it comes before `other`.
  @inline(__always)
  func isBefore(_ other: Waiting) -> Bool {
    due < other.due || due == other.due && order < other.order
  }
}

/// Items in the order in which they are due: new ones come last, the first is taken out.
///
/// Kept in blocks, which copies share unless one changes them, and in the order of use, so that the processor has the
/// next one at hand however many there are.
struct OrderedRun<Item: Sendable>: Sendable {
  private typealias Block = ContiguousArray<Waiting<Item>>

  private static var blockSize: Int { 256 }

  /// The first items, from `head` on.
  private var front: Block = []
  private var head = 0
  /// Full blocks between the first and the last items.
  private var between: ContiguousArray<Block> = []
  /// The last items, which new ones join.
  private var back: Block = []

  /// When the first item is due; ``Instant/never`` if there is none.
  private(set) var start = Instant.never
  /// The due time of the item added last: an earlier item cannot be added.
  private(set) var end = Instant(microseconds: .min)

  var isEmpty: Bool {
    @inline(__always) get { head == front.count }
  }

  /// The first item; there must be one.
  var first: Waiting<Item> {
    @inline(__always) get { front[head] }
  }

  @inline(__always)
  mutating func append(_ waiting: Waiting<Item>) {
    back.append(waiting)
    end = waiting.due
    if isEmpty {
      advance()
    } else if back.count == Self.blockSize {
      between.append(back)
      back = Block()
      back.reserveCapacity(Self.blockSize)
    }
  }

  /// Removes the first item; there must be one.
  @inline(__always)
  mutating func removeFirst() -> Waiting<Item> {
    let first = front[head]
    head += 1
    if head < front.count { start = front[head].due } else { advance() }
    return first
  }

  /// Replaces the first block, which is used up, by the next.
  private mutating func advance() {
    head = 0
    front.removeAll(keepingCapacity: true)
    if between.isEmpty {
      swap(&front, &back)
    } else {
      front = between.removeFirst()
    }
    start = front.first?.due ?? .never
  }

  /// All items, the next one first.
  var all: [Waiting<Item>] { Array(front.dropFirst(head)) + between.joined() + back }
}
