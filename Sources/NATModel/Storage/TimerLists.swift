// SPDX-License-Identifier: GPL-3.0-or-later

/// The classes of lifetimes a mapping can be under.
enum LifetimeClass: Int, CaseIterable {
  case udp
  case udpStream
  case tcpEstablished
  case tcpTransitory
  case icmp
}

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

  private static let classes = LifetimeClass.allCases.count

  private(set) var lists: ContiguousArray<List> = []
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
    let lengths = LifetimeClass.allCases.map { kind in
      switch kind {
      case .udp: lifetimes.udp
      case .udpStream: lifetimes.udpStream ?? lifetimes.udp
      case .tcpEstablished: lifetimes.tcpEstablished
      case .tcpTransitory: lifetimes.tcpTransitory
      case .icmp: lifetimes.icmp
      }
    }
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

  /// Puts `row` at the end of `list`, due the list's length after `now`.
  @inline(__always)
  mutating func append(_ row: Int, to list: UInt16, at now: Instant, in rows: inout SegmentedArray<MappingRow>) {
    let tail = lists[Int(list)].tail
    let due = now + lists[Int(list)].length
    rows[row].timer = list
    rows[row].expiresAt = due
    rows[row].previous = tail
    rows[row].next = MappingRow.none
    if tail == MappingRow.none { lists[Int(list)].head = Int32(row) } else { rows[Int(tail)].next = Int32(row) }
    lists[Int(list)].tail = Int32(row)
    population[Int(list) / Self.classes] += 1
    if due < earliest { earliest = due }
  }

  @inline(__always)
  mutating func remove(_ row: Int, in rows: inout SegmentedArray<MappingRow>) {
    let (list, previous, next) = (Int(rows[row].timer), rows[row].previous, rows[row].next)
    if previous == MappingRow.none { lists[list].head = next } else { rows[Int(previous)].next = next }
    if next == MappingRow.none { lists[list].tail = previous } else { rows[Int(next)].previous = previous }
    population[list / Self.classes] -= 1
  }

  /// Starts `row`'s life anew, in the list of `kind` of its own set.
  @inline(__always)
  mutating func touch(_ row: Int, as kind: LifetimeClass, at now: Instant, in rows: inout SegmentedArray<MappingRow>) {
    let list = list(kind, besides: rows[row].timer)
    if lists[Int(list)].tail == Int32(row), rows[row].timer == list {
      rows[row].expiresAt = now + lists[Int(list)].length
      return
    }
    remove(row, in: &rows)
    append(row, to: list, at: now, in: &rows)
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
