// SPDX-License-Identifier: GPL-3.0-or-later

/// The remotes towards which rows were used, beyond each row's first, which is in the row itself.
///
/// A record is found by the row's outside endpoint and the remote, so that if several rows share an outside endpoint
/// the remote shows whose packet it is. For each remote address a row has another record, without a port, so that
/// address-dependent filtering also takes only one look-up; if outside endpoints are shared, the records of all sharers
/// for one address are linked, and the index leads to the latest: many sharers cost no more than two.
struct PermissionStore: Sendable {
  struct Record: FreeableSlot {
    /// Without a port if it stands for every port.
    var remote: EndpointWord
    var row: Int32
    /// The row's next record; for a free record the next free one.
    var next: Int32
    /// The neighbours among the sharers' records for the same address.
    var later = MappingRow.none
    var earlier = MappingRow.none
    /// Whether it stands for every port of the address.
    var isAnyPort: Bool
    var connection = ConnectionState()

    var nextFree: Int32 {
      get { next }
      set { next = newValue }
    }
  }

  // Look-up methods are mutating here and in NAT, though they change nothing: see AddressBook.
  private(set) var records = PagedArray<Record>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none

  /// The hash of a record of any row with the outside endpoint.
  @inline(__always)
  private static func hash(_ outside: OutsideKey, _ remote: EndpointWord, isAnyPort: Bool) -> UInt32 {
    var hash = KeyHash()
    hash.combine(outside.bits)
    hash.combine(remote.bits | (isAnyPort ? 1 : 0))
    return hash.value
  }

  /// The hash of the record by which row `number` admits all of an address.
  private static func addressHash(_ number: Int, _ remote: EndpointWord) -> UInt32 {
    var hash = KeyHash()
    hash.combine(remote.withoutPort.bits)
    hash.combine(UInt64(number))
    return hash.value
  }

  /// The record of row `number`, which has the outside endpoint, for exactly `remote`.
  @inline(never)
  mutating func find(_ number: Int, _ outside: OutsideKey, towards remote: EndpointWord) -> Int? {
    index.first(Self.hash(outside, remote, isAnyPort: false)) {
      records[$0].row == Int32(number) && !records[$0].isAnyPort && records[$0].remote == remote
    }
  }

  /// Whether row `number` has a record for any port of `remote`'s address.
  @inline(never)
  mutating func admitsAddress(_ number: Int, _ remote: EndpointWord) -> Bool {
    index.first(Self.addressHash(number, remote)) {
      records[$0].row == Int32(number) && records[$0].isAnyPort && records[$0].remote == remote.withoutPort
    } != nil
  }

  /// The row, among those sharing the outside endpoint, that was used towards exactly `remote`.
  mutating func claimant(_ outside: OutsideKey, towards remote: EndpointWord, in rows: RowTable) -> Int? {
    record(outside, remote, isAnyPort: false, in: rows).map { Int(records[$0].row) }
  }

  /// The row, among those sharing the outside endpoint, that was the last used towards `remote`'s address.
  mutating func lastToAddress(_ outside: OutsideKey, towards remote: EndpointWord, in rows: RowTable) -> Int? {
    record(outside, remote.withoutPort, isAnyPort: true, in: rows).map { Int(records[$0].row) }
  }

  /// The record of any row with the outside endpoint to which the index leads.
  private mutating func record(
    _ outside: OutsideKey, _ remote: EndpointWord, isAnyPort: Bool, in rows: RowTable
  ) -> Int? {
    index.first(Self.hash(outside, remote, isAnyPort: isAnyPort)) { slot in
      let record = records[slot]
      guard record.isAnyPort == isAnyPort, record.remote == remote, record.row != MappingRow.none else { return false }
      return rows[Int(record.row)].outsideKey == outside
    }
  }

  /// Records that row `number` of `rows` was used towards `remote`.
  mutating func add(
    _ number: Int, towards remote: Endpoint, in rows: inout RowTable, _ addresses: inout AddressBook
  ) {
    let outside = rows[number].outsideKey
    let word = addresses.word(remote)
    if !rows[number].isTowards(word) { rows[number].traits.insert(.hasSeveralRemotes) }
    if rows[details: number].permissions == MappingRow.none || !admitsAddress(number, word) {
      let anyPort = addresses.name(Endpoint(remote.address, 0))
      let slot = insert(anyPort, isAnyPort: true, number, in: &rows)
      index.insert(Self.addressHash(number, anyPort), row: slot)
      if rows[number].traits.contains(.sharesPort) { link(slot, outside, in: rows) }
    }
    let exactly = addresses.name(remote)
    let slot = insert(exactly, isAnyPort: false, number, in: &rows)
    index.insert(Self.hash(outside, exactly, isAnyPort: false), row: slot)
  }

  private mutating func insert(
    _ remote: EndpointWord, isAnyPort: Bool, _ number: Int, in rows: inout RowTable
  ) -> Int {
    let record = Record(
      remote: remote, row: Int32(number), next: rows[details: number].permissions, isAnyPort: isAnyPort)
    let slot = records.fill(with: record, &firstFree)
    rows[details: number].permissions = Int32(slot)
    return slot
  }

  /// Puts the any-port record `slot` before those of the other sharers.
  private mutating func link(_ slot: Int, _ outside: OutsideKey, in rows: RowTable) {
    let remote = records[slot].remote
    let hash = Self.hash(outside, remote, isAnyPort: true)
    if let latest = record(outside, remote, isAnyPort: true, in: rows) {
      records[slot].earlier = Int32(latest)
      records[latest].later = Int32(slot)
      index.replace(hash, row: latest, with: slot)
    } else {
      index.insert(hash, row: slot)
    }
  }

  private mutating func unlink(_ slot: Int, _ outside: OutsideKey) {
    let (later, earlier) = (records[slot].later, records[slot].earlier)
    if earlier != MappingRow.none { records[Int(earlier)].later = later }
    if later != MappingRow.none {
      records[Int(later)].earlier = earlier
      return
    }
    let hash = Self.hash(outside, records[slot].remote, isAnyPort: true)
    if earlier == MappingRow.none {
      index.remove(hash, row: slot)
    } else {
      index.replace(hash, row: slot, with: Int(earlier))
    }
  }

  /// Forgets all records of row `number`, which is being removed.
  mutating func removeAll(of number: Int, in rows: RowTable, _ addresses: inout AddressBook) {
    var slot = rows[details: number].permissions
    guard slot != MappingRow.none else { return }
    let (outside, family) = (rows[number].outsideKey, rows[number].outsideFamily)
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      if record.isAnyPort {
        index.remove(Self.addressHash(number, record.remote), row: Int(slot))
        if rows[number].traits.contains(.sharesPort) { unlink(Int(slot), outside) }
      } else {
        index.remove(Self.hash(outside, record.remote, isAnyPort: false), row: Int(slot))
      }
      addresses.forget(record.remote, family)
      records[Int(slot)].row = MappingRow.none
      records.free(Int(slot), &firstFree)
      slot = record.next
    }
  }

  /// Shows a segment to the connection of record `slot`; returns whether it was and whether it now is established.
  mutating func see(_ flags: TCPFlags, outbound: Bool, record slot: Int) -> (was: Bool, now: Bool) {
    let was = records[slot].connection.isOpen
    records[slot].connection.see(flags, outbound: outbound)
    return (was, records[slot].connection.isOpen)
  }

  /// The TCP connections recorded for row `number`.
  func connections(of number: Int, in rows: RowTable) -> [ConnectionState] {
    var connections: [ConnectionState] = []
    var slot = rows[details: number].permissions
    while slot != MappingRow.none {
      connections.append(records[Int(slot)].connection)
      slot = records[Int(slot)].next
    }
    return connections
  }

  /// The remotes recorded for row `number` with which a connection is open, the oldest first.
  func openConnections(of number: Int, in rows: RowTable) -> [EndpointWord] {
    recorded(of: number, in: rows).filter(\.connection.isOpen).map(\.remote)
  }

  /// The remotes recorded for row `number`, the oldest first.
  func remotes(of number: Int, in rows: RowTable) -> [EndpointWord] { recorded(of: number, in: rows).map(\.remote) }

  /// The remotes recorded for row `number`, each with its TCP connection, the oldest first.
  func recorded(of number: Int, in rows: RowTable) -> [(remote: EndpointWord, connection: ConnectionState)] {
    var recorded: [(remote: EndpointWord, connection: ConnectionState)] = []
    var slot = rows[details: number].permissions
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      if !record.isAnyPort { recorded.append((record.remote, record.connection)) }
      slot = record.next
    }
    return recorded.reversed()
  }
}
