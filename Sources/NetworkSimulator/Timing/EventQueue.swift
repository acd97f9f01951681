// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Waiting items, ordered by due time and, at one time, by the order in which they were added.
///
/// Packets over links of one delay arrive in the order in which they left, and so do the timers of programs that all
/// wait equally long. So a few runs, each in order, hold nearly all waiting items: an item goes to the end of one, and
/// the next to come is at the front of one. An item that fits at the end of none (delays of many kinds, or links whose
/// own queues hold packets up) goes into a ``TimingWheel``.
struct EventQueue<Item: Sendable>: Sendable {
  private static var mostRuns: Int { 4 }

  private var runs: ContiguousArray<OrderedRun<Item>> = []
  private var wheel = TimingWheel()
  /// The items in the wheel by their numbers there.
  private var strays = PagedArray<Waiting<Item>>()
  private(set) var count = 0
  /// Items ever added.
  private var added = 0

  /// How often an item has been put at the end of a run or into a slot of the wheel: a machine-independent measure of
  /// work.
  var moves: Int { movesToRuns + wheel.moves }
  private var movesToRuns = 0

  /// When the next item is due; ``Instant/never`` if there is none.
  private(set) var nextDue = Instant.never

  mutating func add(_ item: Item, at due: Instant) {
    let waiting = Waiting(due: due, order: added, item: item)
    added += 1
    count += 1
    nextDue = min(nextDue, due)
    if let run = run(endingBy: due) {
      runs[run].append(waiting)
      movesToRuns += 1
    } else {
      let number = wheel.add(at: due)
      if number < strays.count { strays[number] = waiting } else { strays.append(waiting) }
    }
  }

  /// Removes the next item, if it is due by `limit`.
  mutating func next(until limit: Instant) -> Waiting<Item>? {
    guard nextDue <= limit, count > 0 else { return nil }
    count -= 1
    let run = firstRun
    let taken: Waiting<Item>
    if let stray = firstStray, run.map({ stray.isBefore(runs[$0].first) }) ?? true {
      _ = wheel.next(until: nextDue)
      taken = stray
    } else if let run {
      taken = runs[run].removeFirst()
    } else {
      return nil
    }
    noteNextDue()
    return taken
  }

  /// The next item of the wheel, if it is one of those that are due next.
  @inline(__always)
  private var firstStray: Waiting<Item>? {
    mutating get {
      guard wheel.count > 0, let number = wheel.first(until: nextDue) else { return nil }
      return strays[number]
    }
  }

  @inline(__always)
  private mutating func noteNextDue() {
    nextDue = wheel.count > 0 ? wheel.nextDue ?? .never : .never
    for run in runs.indices { nextDue = min(nextDue, runs[run].start) }
  }

  /// All items, the next one first.
  var pending: [Waiting<Item>] {
    (runs.flatMap(\.all) + wheel.pending.map { strays[$0.number] }).sorted { $0.isBefore($1) }
  }

  /// The run with the next item of all runs.
  @inline(__always)
  private var firstRun: Int? {
    var found: Int?
    for run in runs.indices where !runs[run].isEmpty {
      if let best = found, !runs[run].first.isBefore(runs[best].first) { continue }
      found = run
    }
    return found
  }

  /// The run whose last item is due by `due` and later than that of any other; a new run if there is none.
  @inline(__always)
  private mutating func run(endingBy due: Instant) -> Int? {
    var found: Int?
    for run in runs.indices where runs[run].end <= due {
      if let best = found, runs[run].end <= runs[best].end { continue }
      found = run
    }
    if found == nil { found = runs.firstIndex(where: \.isEmpty) }
    if found == nil, runs.count < Self.mostRuns {
      runs.append(OrderedRun())
      found = runs.count - 1
    }
    return found
  }
}

/// The wake-ups that programs want, by their own numbers.
package struct WakeUps: Sendable {
  private var queue = EventQueue<UInt32>()

  package init() {}

  /// When the next one is due; ``Instant/never`` if there is none.
  package private(set) var nextDue = Instant.never

  package mutating func add(_ number: UInt32, at due: Instant) {
    queue.add(number, at: due)
    nextDue = queue.nextDue
  }

  /// Removes the next one.
  package mutating func next() -> UInt32? {
    let number = queue.next(until: .never)?.item
    nextDue = queue.nextDue
    return number
  }
}
