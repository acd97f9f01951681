// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Something that waits for its time.
struct Waiting<Item: Sendable>: Sendable {
  let due: Instant
  /// Which comes first of those that are due at one time.
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
/// Kept in blocks, of which copies share what neither changes, and in the order of use, so that the processor has the
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

  /// When the first item is due; ``Instant/never`` where there is none.
  private(set) var start = Instant.never
  /// When the item added last is or was due: an earlier one cannot be added.
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

  /// Takes out the first item; there must be one.
  @inline(__always)
  mutating func removeFirst() -> Waiting<Item> {
    let first = front[head]
    head += 1
    if head < front.count { start = front[head].due } else { advance() }
    return first
  }

  /// Lets the block behind the first, of which nothing is left, take its place.
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
