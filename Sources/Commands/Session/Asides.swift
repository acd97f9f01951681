// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Lines that are saved but not undone, each with the number of entries that it came after.
///
/// `undo` moves those after its goal to there. The move is noted rather than done, since going back a step at a time
/// would move the same ones every time, and `redo` has to put them back.
struct Asides: Sendable {
  private struct Item: Sendable {
    var entries: Int
    /// Nil notes that everything before was moved to `entries` at most.
    var line: String?
    /// For a note: whether what was undone has been given up, so that nothing moves back any more.
    var isSettled = false
  }

  private var items = PagedArray<Item>()

  /// Lines and notes; a count to pass to ``removeLast(_:)`` and ``placed(from:)``.
  var count: Int { items.count }

  mutating func append(_ line: String, after entries: Int) {
    items.append(Item(entries: entries, line: line))
  }

  mutating func removeLast(_ count: Int) {
    for _ in 0..<count { _ = items.popLast() }
  }

  /// Moves the lines after more than `entries` entries to there.
  mutating func goBack(to entries: Int) {
    guard let last = items.last else { return }
    if last.line == nil, !last.isSettled {
      items[items.count - 1].entries = min(last.entries, entries)
    } else if last.entries > entries {
      items.append(Item(entries: entries, line: nil))
    }
  }

  /// Moves back the lines that were moved when the entries from `start` on were undone, now that there are `entries` of
  /// them again.
  mutating func goForward(from start: Int, to entries: Int) {
    guard let last = items.last, last.line == nil, !last.isSettled, last.entries == start else { return }
    items[items.count - 1].entries = entries
  }

  /// Leaves everything where it is: undone commands will not be redone.
  mutating func settle() {
    if let last = items.last, last.line == nil { items[items.count - 1].isSettled = true }
  }

  /// Forgets the lines after `entries` entries or more.
  mutating func removeAll(from entries: Int) {
    var least = Int.max
    while let item = items.last {
      least = min(least, item.entries)
      guard item.line == nil || least >= entries else { return note(least) }
      _ = items.popLast()
    }
  }

  /// Puts a note back that was taken off on the way to an item that it applies to.
  private mutating func note(_ entries: Int) {
    if let last = items.last, last.entries > entries { items.append(Item(entries: entries, line: nil)) }
  }

  /// The lines from item `first` on, in order, with the entries that they come after now.
  func placed(from first: Int = 0) -> [(entries: Int, line: String)] {
    var placed: [(entries: Int, line: String)] = []
    var least = Int.max
    for index in (first..<items.count).reversed() {
      least = min(least, items[index].entries)
      if let line = items[index].line { placed.append((least, line)) }
    }
    return placed.reversed()
  }
}
