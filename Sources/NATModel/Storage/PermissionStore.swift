// SPDX-License-Identifier: GPL-3.0-or-later

/// The remotes that rows were used towards, beyond each row's first, which the row holds itself.
///
/// A record is found by the row's outside endpoint and the remote, so that where several rows share an outside endpoint
/// the remote tells whose packet it is. For each remote address a row has one record more, without a port, so that
/// address-dependent filtering takes one look-up as well; where outside endpoints are shared, the records of all sharers
/// for one address are linked, and the index leads to the latest: many sharers cost no more than two.
struct PermissionStore: Sendable {
  struct Record: FreeableSlot {
    var remoteAddress: IPAddress
    var row: Int32
    /// The row's next record; for a free record the next free one.
    var next: Int32
    var remotePort: UInt16
    /// Whether it stands for every port of the address.
    var isAnyPort: Bool
    /// The neighbours among the sharers' records for the same address.
    var later = MappingRow.none
    var earlier = MappingRow.none
    var connection = ConnectionState()

    var nextFree: Int32 {
      get { next }
      set { next = newValue }
    }
  }

  private(set) var records = SegmentedArray<Record>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none

  private static let exactly: UInt64 = 0
  private static let anyPort: UInt64 = 1

  @inline(__always)
  private static func hash(
    _ transport: TransportProtocol, _ external: Endpoint, _ remote: Endpoint, _ tag: UInt64
  ) -> UInt32 {
    var hash = KeyHash()
    hash.combine(external.address, external.port, UInt64(transport.rawValue))
    hash.combine(remote.address, tag == exactly ? remote.port : 0, tag)
    return hash.value
  }

  /// The hash of the record that lets row `number` admit all of an address.
  private static func addressHash(_ number: Int, _ address: IPAddress) -> UInt32 {
    var hash = KeyHash()
    hash.combine(address, 0, UInt64(number) << 2 | 2)
    return hash.value
  }

  /// The record of `row` for exactly `remote`.
  func find(_ number: Int, of row: MappingRow, towards remote: Endpoint) -> Int? {
    index.first(Self.hash(row.transport, row.externalEndpoint, remote, Self.exactly)) {
      records[$0].row == Int32(number) && !records[$0].isAnyPort && records[$0].remotePort == remote.port
        && records[$0].remoteAddress == remote.address
    }
  }

  /// Whether row `number` has a record for any port of `remote`'s address.
  func admitsAddress(_ number: Int, remote: Endpoint) -> Bool {
    index.first(Self.addressHash(number, remote.address)) {
      records[$0].row == Int32(number) && records[$0].isAnyPort && records[$0].remoteAddress == remote.address
    } != nil
  }

  /// The row among those that share `external` which was used towards exactly `remote`.
  func claimant(
    _ transport: TransportProtocol, _ external: Endpoint, towards remote: Endpoint, in rows: RowTable
  ) -> Int? {
    record(transport, external, remote, isAnyPort: false, in: rows).map { Int(records[$0].row) }
  }

  /// The row among those that share `external` which was the last to turn to `remote`'s address.
  func lastToAddress(
    _ transport: TransportProtocol, _ external: Endpoint, towards remote: Endpoint, in rows: RowTable
  ) -> Int? {
    record(transport, external, Endpoint(remote.address, 0), isAnyPort: true, in: rows).map { Int(records[$0].row) }
  }

  /// The record of any row with the outside endpoint `external` that the index leads to.
  private func record(
    _ transport: TransportProtocol, _ external: Endpoint, _ remote: Endpoint, isAnyPort: Bool,
    in rows: RowTable
  ) -> Int? {
    index.first(Self.hash(transport, external, remote, isAnyPort ? Self.anyPort : Self.exactly)) { slot in
      let record = records[slot]
      guard record.isAnyPort == isAnyPort, record.remotePort == remote.port, record.remoteAddress == remote.address,
        record.row != MappingRow.none
      else { return false }
      let row = rows[Int(record.row)]
      return row.isOf(transport) && row.hasExternal(external)
    }
  }

  /// Records that row `number` of `rows` was used towards `remote`.
  mutating func add(_ number: Int, towards remote: Endpoint, in rows: inout RowTable) {
    let row = rows[number]
    if row.firstRemote != remote { rows[number].traits.insert(.hasSeveralRemotes) }
    if rows[details: number].permissions == MappingRow.none || !admitsAddress(number, remote: remote) {
      let slot = insert(Endpoint(remote.address, 0), isAnyPort: true, number, in: &rows)
      index.insert(Self.addressHash(number, remote.address), row: slot)
      if row.traits.contains(.sharesPort) { link(slot, of: row, in: rows) }
    }
    let slot = insert(remote, isAnyPort: false, number, in: &rows)
    index.insert(Self.hash(row.transport, row.externalEndpoint, remote, Self.exactly), row: slot)
  }

  private mutating func insert(
    _ remote: Endpoint, isAnyPort: Bool, _ number: Int, in rows: inout RowTable
  ) -> Int {
    let record = Record(
      remoteAddress: remote.address, row: Int32(number), next: rows[details: number].permissions,
      remotePort: remote.port, isAnyPort: isAnyPort)
    let slot = records.fill(with: record, &firstFree)
    rows[details: number].permissions = Int32(slot)
    return slot
  }

  /// Puts the any-port record `slot` before those of the other sharers.
  private mutating func link(_ slot: Int, of row: MappingRow, in rows: RowTable) {
    let remote = Endpoint(records[slot].remoteAddress, 0)
    let hash = Self.hash(row.transport, row.externalEndpoint, remote, Self.anyPort)
    if let latest = record(row.transport, row.externalEndpoint, remote, isAnyPort: true, in: rows) {
      records[slot].earlier = Int32(latest)
      records[latest].later = Int32(slot)
      index.replace(hash, row: latest, with: slot)
    } else {
      index.insert(hash, row: slot)
    }
  }

  private mutating func unlink(_ slot: Int, of row: MappingRow) {
    let (later, earlier) = (records[slot].later, records[slot].earlier)
    if earlier != MappingRow.none { records[Int(earlier)].later = later }
    if later != MappingRow.none {
      records[Int(later)].earlier = earlier
      return
    }
    let remote = Endpoint(records[slot].remoteAddress, 0)
    let hash = Self.hash(row.transport, row.externalEndpoint, remote, Self.anyPort)
    if earlier == MappingRow.none {
      index.remove(hash, row: slot)
    } else {
      index.replace(hash, row: slot, with: Int(earlier))
    }
  }

  /// Forgets all records of row `number`, which is going.
  mutating func removeAll(of number: Int, in rows: RowTable) {
    var slot = rows[details: number].permissions
    guard slot != MappingRow.none else { return }
    let row = rows[number]
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      if record.isAnyPort {
        index.remove(Self.addressHash(number, record.remoteAddress), row: Int(slot))
        if row.traits.contains(.sharesPort) { unlink(Int(slot), of: row) }
      } else {
        let remote = Endpoint(record.remoteAddress, record.remotePort)
        index.remove(Self.hash(row.transport, row.externalEndpoint, remote, Self.exactly), row: Int(slot))
      }
      records[Int(slot)].row = MappingRow.none
      records.free(Int(slot), &firstFree)
      slot = record.next
    }
  }

  /// Lets record `slot`'s connection see a segment; returns whether it was and whether it now is established.
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

  /// The remotes recorded for row `number`, the oldest first.
  func remotes(of number: Int, in rows: RowTable) -> [Endpoint] {
    var remotes: [Endpoint] = []
    var slot = rows[details: number].permissions
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      if !record.isAnyPort { remotes.append(Endpoint(record.remoteAddress, record.remotePort)) }
      slot = record.next
    }
    return remotes.reversed()
  }
}
