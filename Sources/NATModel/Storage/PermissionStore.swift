// SPDX-License-Identifier: GPL-3.0-or-later

/// The remotes that rows were used towards, beyond each row's first, which the row holds itself.
///
/// A record is found by the row's outside endpoint and the remote, so that where several rows share an outside endpoint
/// the remote tells whose packet it is. For each remote address there is one record more, without a port, so that
/// address-dependent filtering takes one look-up as well.
struct PermissionStore: Sendable {
  struct Record: Sendable {
    var remoteAddress: IPAddress
    var row: Int32
    /// The row's next record; for a free record the next free one.
    var next: Int32
    var remotePort: UInt16
    /// Whether it stands for every port of the address.
    var isAnyPort: Bool
    var connection = ConnectionState()
  }

  private(set) var records = SegmentedArray<Record>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none

  private static func hash(_ row: MappingRow, _ remote: Endpoint, anyPort: Bool) -> UInt32 {
    hash(row.transport, row.externalEndpoint, remote, anyPort: anyPort)
  }

  @inline(__always)
  private static func hash(
    _ transport: TransportProtocol, _ external: Endpoint, _ remote: Endpoint, anyPort: Bool
  ) -> UInt32 {
    var hash = KeyHash()
    hash.combine(external.address, external.port, UInt64(transport.rawValue))
    hash.combine(remote.address, anyPort ? 0 : remote.port, anyPort ? 1 : 0)
    return hash.value
  }

  /// The record of `row` for exactly `remote`.
  func find(_ number: Int, of row: MappingRow, towards remote: Endpoint) -> Int? {
    index.first(Self.hash(row, remote, anyPort: false)) {
      records[$0].row == Int32(number) && !records[$0].isAnyPort && records[$0].remotePort == remote.port
        && records[$0].remoteAddress == remote.address
    }
  }

  /// Whether `row` has a record for any port of `remote`'s address.
  func admitsAddress(_ number: Int, of row: MappingRow, remote: Endpoint) -> Bool {
    index.first(Self.hash(row, remote, anyPort: true)) {
      records[$0].row == Int32(number) && records[$0].isAnyPort && records[$0].remoteAddress == remote.address
    } != nil
  }

  /// The row among those that share `external` which was used towards exactly `remote`.
  func claimant(
    _ transport: TransportProtocol, _ external: Endpoint, towards remote: Endpoint,
    in rows: SegmentedArray<MappingRow>
  ) -> Int? {
    let record = index.first(Self.hash(transport, external, remote, anyPort: false)) {
      let record = records[$0]
      guard !record.isAnyPort, record.remotePort == remote.port, record.remoteAddress == remote.address else {
        return false
      }
      let row = rows[Int(record.row)]
      return row.transport == transport && row.externalEndpoint == external
    }
    return record.map { Int(records[$0].row) }
  }

  /// Records that row `number` was used towards `remote`; returns the record.
  @discardableResult
  mutating func add(_ number: Int, of row: inout MappingRow, towards remote: Endpoint) -> Int {
    if !admitsAddress(number, of: row, remote: remote) {
      insert(number, of: &row, towards: Endpoint(remote.address, 0), anyPort: true)
    }
    return insert(number, of: &row, towards: remote, anyPort: false)
  }

  @discardableResult
  private mutating func insert(
    _ number: Int, of row: inout MappingRow, towards remote: Endpoint, anyPort: Bool
  ) -> Int {
    let record = Record(
      remoteAddress: remote.address, row: Int32(number), next: row.permissions, remotePort: remote.port,
      isAnyPort: anyPort)
    let slot: Int
    if firstFree == MappingRow.none {
      slot = records.count
      records.append(record)
    } else {
      slot = Int(firstFree)
      firstFree = records[slot].next
      records[slot] = record
    }
    row.permissions = Int32(slot)
    index.insert(Self.hash(row, remote, anyPort: anyPort), row: slot)
    return slot
  }

  /// Forgets all records of `row`, which is going.
  mutating func removeAll(of row: MappingRow) {
    var slot = row.permissions
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      let remote = Endpoint(record.remoteAddress, record.remotePort)
      index.remove(Self.hash(row, remote, anyPort: record.isAnyPort), row: Int(slot))
      records[Int(slot)].next = firstFree
      records[Int(slot)].row = MappingRow.none
      firstFree = slot
      slot = record.next
    }
  }

  /// Lets record `slot`'s connection see a segment; returns whether it was and whether it now is established.
  mutating func see(_ flags: TCPFlags, outbound: Bool, record slot: Int) -> (was: Bool, now: Bool) {
    let was = records[slot].connection.isEstablished
    records[slot].connection.see(flags, outbound: outbound)
    return (was, records[slot].connection.isEstablished)
  }

  /// The remotes recorded for `row`, the oldest first.
  func remotes(of row: MappingRow) -> [Endpoint] {
    var remotes: [Endpoint] = []
    var slot = row.permissions
    while slot != MappingRow.none {
      let record = records[Int(slot)]
      if !record.isAnyPort { remotes.append(Endpoint(record.remoteAddress, record.remotePort)) }
      slot = record.next
    }
    return remotes.reversed()
  }
}
