// SPDX-License-Identifier: GPL-3.0-or-later

/// The lists of rows in order of last use, one a lifetime.
///
/// All rows of a list live equally long, so the list is in order of expiry without sorting: touching a row moves it to
/// the end, and only heads can be due. Changed lifetimes hold for new rows, so each set of lifetimes in use has lists
/// of its own.
struct TimerLists: Sendable {
  struct List: Sendable {
    var length: Interval
    var head = MappingRow.none
    var tail = MappingRow.none
  }

  /// A row's neighbours in its list. They are apart from the rows, so that a row's coming to its list's end does not
  /// fetch the rows around it from far memory.
  private struct Link: Sendable {
    var previous: Int32
    var next: Int32
  }

  private static let classes = LifetimeClass.allCases.count

  private(set) var lists: ContiguousArray<List> = []
  /// One a row, at the row's number.
  private var links = SegmentedArray<Link>()
  /// The rows in each set of lists.
  private var population: ContiguousArray<Int> = []
  /// The set that new rows join.
  private var current = 0
  /// No row is due before this.
  var earliest = Instant.never

  init(_ lifetimes: MappingLifetimes) {
    use(lifetimes)
  }

  /// Makes `lifetimes` those of new rows.
  mutating func use(_ lifetimes: MappingLifetimes) {
    let lengths = LifetimeClass.allCases.map { $0.length(in: lifetimes) }
    let sets = population.indices
    if let same = sets.first(where: { set in
      lists[set * Self.classes..<(set + 1) * Self.classes].map(\.length) == lengths
    }) {
      current = same
    } else if let unused = sets.first(where: { population[$0] == 0 }) {
      current = unused
      for (offset, length) in lengths.enumerated() { lists[unused * Self.classes + offset] = List(length: length) }
    } else {
      current = population.count
      population.append(0)
      lists.append(contentsOf: lengths.map { List(length: $0) })
    }
  }

  /// The list that a new row of `kind` joins.
  @inline(__always)
  func newRowList(_ kind: LifetimeClass) -> UInt16 {
    UInt16(truncatingIfNeeded: current * Self.classes + kind.rawValue)
  }

  /// The list of `kind` in the set that `list` belongs to.
  @inline(__always)
  func list(_ kind: LifetimeClass, besides list: UInt16) -> UInt16 {
    list - list % UInt16(Self.classes) + UInt16(kind.rawValue)
  }

  /// Puts `row`, numbered `number`, at the end of `list`, due the list's length after `now`.
  @inline(__always)
  mutating func append(_ number: Int, _ row: inout MappingRow, to list: UInt16, at now: Instant) {
    let due = now + lists[Int(list)].length
    row.timer = list
    row.expiresAt = due
    let tail = lists[Int(list)].tail
    let link = Link(previous: tail, next: MappingRow.none)
    while links.count <= number { links.append(Link(previous: MappingRow.none, next: MappingRow.none)) }
    links[number] = link
    if tail == MappingRow.none { lists[Int(list)].head = Int32(number) } else { links[Int(tail)].next = Int32(number) }
    lists[Int(list)].tail = Int32(number)
    population[Int(list) / Self.classes] += 1
    if due < earliest { earliest = due }
  }

  /// Takes the row numbered `number` out of `list`.
  @inline(__always)
  mutating func remove(_ number: Int, from list: UInt16) {
    let link = links[number]
    if link.previous == MappingRow.none {
      lists[Int(list)].head = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next == MappingRow.none {
      lists[Int(list)].tail = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
    population[Int(list) / Self.classes] -= 1
  }

  /// How long rows in `list` live.
  @inline(__always)
  func length(of list: UInt16) -> Interval { lists[Int(list)].length }

  /// Starts the life of `row`, numbered `number`, anew, in the list of `kind` of its own set.
  @inline(__always)
  mutating func touch(_ number: Int, _ row: inout MappingRow, as kind: LifetimeClass, at now: Instant) {
    let list = list(kind, besides: row.timer)
    if row.timer == list {
      Self.moveToEnd(number, of: &lists[Int(list)], &links)
      row.expiresAt = now + lists[Int(list)].length
    } else {
      remove(number, from: row.timer)
      append(number, &row, to: list, at: now)
    }
  }

  /// Moves the row numbered `number` to the end of the list it is in already.
  @inline(__always)
  private static func moveToEnd(_ number: Int, of list: inout List, _ links: inout SegmentedArray<Link>) {
    let tail = list.tail
    if tail == Int32(number) { return }
    let link = links[number]
    links[number] = Link(previous: tail, next: MappingRow.none)
    links[Int(tail)].next = Int32(number)
    links[Int(link.next)].previous = link.previous
    if link.previous == MappingRow.none {
      list.head = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    list.tail = Int32(number)
  }

  /// The row that is due first, and `earliest` brought up to date.
  mutating func firstDue(in rows: SegmentedArray<MappingRow>) -> Int? {
    var first: Int?
    earliest = .never
    for list in lists where list.head != MappingRow.none {
      let due = rows[Int(list.head)].expiresAt
      if due < earliest {
        earliest = due
        first = Int(list.head)
      }
    }
    return first
  }
}
