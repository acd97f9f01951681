// SPDX-License-Identifier: GPL-3.0-or-later

/// The lists of rows in the order they were filed, one per lifetime, and the rows whose time may soon come.
///
/// All rows in a list live equally long, so the order of use is the order of expiry. But moving a row to its list's end
/// with every packet would fetch its neighbours from far memory each time. So a list's time is cut into buckets of
/// between a thirty-second and a sixteenth of the lifetime, and a row is refiled only by its first packet in a bucket;
/// the others just write the row's new ``MappingRow/expiresAt``, which stays in the bucket. The row filed first is due
/// no earlier than its filing says and at most a bucket's length after that: when a filing's time comes, the row leaves
/// the list for ``due``, a heap, which has the exact order of the few that are next.
///
/// No step is longer than another: buckets are never opened as a whole, and each row leaves its list by its own filing.
/// Changed lifetimes apply to new rows, so each set of lifetimes in use has its own lists.
struct TimerLists: Sendable {
  struct List: Sendable {
    var length: Interval
    /// The binary logarithm of a bucket's microseconds.
    var bucketBits: Int64
    var head = MappingRow.none
    var tail = MappingRow.none
    /// No row of the list is due before this; ``Instant/never`` for an empty list.
    var headBound = Instant.never

    init(length: Interval) {
      self.length = length
      bucketBits = max(Int64(Int64.bitWidth - 1 - length.microseconds.leadingZeroBitCount) - 4, 0)
    }

    /// Whether both instants are in one bucket.
    @inline(__always)
    func isOneBucket(_ one: Instant, _ other: Instant) -> Bool {
      (one.microseconds ^ other.microseconds) &>> bucketBits == 0
    }

    /// The precision of a filing: the 65,536th part of a bucket.
    private var filingBits: Int64 { max(bucketBits - 16, 0) }

    /// The stored part of a filing for `due`.
    func filing(_ due: Instant) -> UInt16 { UInt16(truncatingIfNeeded: due.microseconds >> filingBits) }

    /// When a row with that filing is due at the earliest, given when it is due now, in the same bucket.
    func bound(_ expiresAt: Instant, filed: UInt16) -> Instant {
      let inBucket = Int64(filed) & (1 << (bucketBits - filingBits) - 1)
      return Instant(microseconds: (expiresAt.microseconds >> bucketBits) << bucketBits + inBucket << filingBits)
    }
  }

  /// A value in place of a row's previous neighbour: the row has left its list for ``due``.
  private static let isLinedUp: Int32 = -2
  /// Lists per set: a power of two with room for every class.
  private static let stride = 16

  private(set) var lists: ContiguousArray<List> = []
  private var due = DueRows()
  /// The rows in each set of lists.
  private var population: ContiguousArray<Int> = []
  /// The set that new rows join.
  private var current = 0
  /// No row is due before this.
  private(set) var earliest = Instant.never

  init(_ lifetimes: MappingLifetimes) {
    use(lifetimes)
  }

  /// Makes `lifetimes` apply to new rows.
  mutating func use(_ lifetimes: MappingLifetimes) {
    var lengths = LifetimeClass.allCases.map { $0.length(in: lifetimes) }
    lengths += Array(repeating: .zero, count: Self.stride - lengths.count)
    let sets = population.indices
    if let same = sets.first(where: { set in
      lists[set * Self.stride..<(set + 1) * Self.stride].map(\.length) == lengths
    }) {
      current = same
    } else if let unused = sets.first(where: { population[$0] == 0 }) {
      current = unused
      for (offset, length) in lengths.enumerated() { lists[unused * Self.stride + offset] = List(length: length) }
    } else {
      current = population.count
      population.append(0)
      lists.append(contentsOf: lengths.map { List(length: $0) })
    }
  }

  /// The list that a new row of `kind` joins.
  @inline(__always)
  func newRowList(_ kind: LifetimeClass) -> UInt16 {
    UInt16(truncatingIfNeeded: current * Self.stride + kind.rawValue)
  }

  /// The list of `kind` in the set that `list` belongs to.
  @inline(__always)
  func list(_ kind: LifetimeClass, besides list: UInt16) -> UInt16 {
    list & ~UInt16(Self.stride - 1) | UInt16(truncatingIfNeeded: kind.rawValue)
  }

  /// How long rows in `list` live.
  @inline(__always)
  func length(of list: UInt16) -> Interval { lists[Int(list)].length }

  /// Files the new row `number` in `list`, due the list's length after `now`.
  mutating func add(_ number: Int, to list: UInt16, at now: Instant, in rows: inout RowTable) {
    population[Int(list) / Self.stride] += 1
    append(number, to: list, due: now + lists[Int(list)].length, in: &rows)
  }

  /// Removes row `number`, which is going, from its list.
  mutating func remove(_ number: Int, in rows: inout RowTable) {
    population[Int(rows[number].timer) / Self.stride] -= 1
    unlink(number, in: &rows)
  }

  /// The effect of a renewed lifetime on a row of `kind`: its list and when it is then due; and whether, being in that
  /// list and bucket already, it need not be refiled.
  @inline(__always)
  func lease(
    _ row: MappingRow, as kind: LifetimeClass, at now: Instant
  ) -> (list: UInt16, due: Instant, isFiled: Bool) {
    let number = list(kind, besides: row.timer)
    let list = lists[Int(number)]
    let due = now + list.length
    return (number, due, number == row.timer && list.isOneBucket(row.expiresAt, due))
  }

  /// Refiles row `number`.
  @inline(never)
  mutating func refile(_ number: Int, to list: UInt16, due: Instant, in rows: inout RowTable) {
    unlink(number, in: &rows)
    append(number, to: list, due: due, in: &rows)
  }

  private mutating func append(_ number: Int, to list: UInt16, due: Instant, in rows: inout RowTable) {
    let filed = lists[Int(list)].filing(due)
    let tail = lists[Int(list)].tail
    rows[number].timer = list
    rows[number].expiresAt = due
    rows[number].filed = filed
    rows[number].previousInList = tail
    rows[number].nextInList = MappingRow.none
    lists[Int(list)].tail = Int32(number)
    guard tail == MappingRow.none else {
      rows[Int(tail)].nextInList = Int32(number)
      return
    }
    lists[Int(list)].head = Int32(number)
    let bound = lists[Int(list)].bound(due, filed: filed)
    lists[Int(list)].headBound = bound
    if bound < earliest { earliest = bound }
  }

  private mutating func unlink(_ number: Int, in rows: inout RowTable) {
    let list = Int(rows[number].timer)
    let (previous, next) = (rows[number].previousInList, rows[number].nextInList)
    if previous == Self.isLinedUp {
      // The heap's entry for it is stale from now on.
      rows[number].previousInList = MappingRow.none
      return
    }
    if next == MappingRow.none {
      lists[list].tail = previous
    } else {
      rows[Int(next)].previousInList = previous
    }
    guard previous == MappingRow.none else {
      rows[Int(previous)].nextInList = next
      return
    }
    lists[list].head = next
    lists[list].headBound =
      next == MappingRow.none
      ? .never : lists[list].bound(rows[Int(next)].expiresAt, filed: rows[Int(next)].filed)
  }

  /// The row that is due first, if it is by `now`: in the order of their ends, and of their numbers if they end
  /// together. If there is none, ``earliest`` is brought up to date.
  mutating func firstDue(by now: Instant, in rows: inout RowTable) -> Int? {
    while true {
      var (first, bound) = (0, Instant.never)
      for list in lists.indices where lists[list].headBound < bound { (first, bound) = (list, lists[list].headBound) }
      let next = due.first?.expiresAt ?? .never
      if next < bound {
        earliest = next
        guard next <= now, let entry = due.popFirst() else { return nil }
        let number = Int(entry.row)
        let isStale =
          rows[number].previousInList != Self.isLinedUp || rows[number].expiresAt != entry.expiresAt
          || rows[number].id != entry.id
        if !isStale { return number }
      } else {
        earliest = bound
        guard bound <= now, bound != .never else { return nil }
        let number = Int(lists[first].head)
        unlink(number, in: &rows)
        rows[number].previousInList = Self.isLinedUp
        due.insert(DueRows.Entry(expiresAt: rows[number].expiresAt, id: rows[number].id, row: Int32(number)))
      }
    }
  }
}
