// SPDX-License-Identifier: GPL-3.0-or-later

/// A NAT's records of inside hosts, if it needs them: how many mappings each has, and which outside address it uses.
struct InsideHosts: Sendable {
  private struct Record: FreeableSlot {
    var address: IPAddress
    var mappings: Int
    /// The index of the outside address in the list.
    var external: Int
    var nextFree = MappingRow.none
  }

  private var records = PagedArray<Record>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none

  /// The record of the host at `address`.
  func find(_ address: IPAddress) -> Int? {
    index.first(KeyHash.value(of: address)) { records[$0].address == address && records[$0].mappings > 0 }
  }

  func mappingCount(_ record: Int) -> Int { records[record].mappings }
  func external(_ record: Int) -> Int { records[record].external }

  /// Counts another mapping of `address`; a new host is paired with the outside address `external`.
  mutating func add(_ address: IPAddress, external: Int) -> Int32 {
    if let known = find(address) {
      records[known].mappings += 1
      return Int32(known)
    }
    let slot = records.fill(with: Record(address: address, mappings: 1, external: external), &firstFree)
    index.insert(KeyHash.value(of: address), row: slot)
    return Int32(slot)
  }

  /// Counts one mapping fewer; the last one ends the pairing.
  mutating func remove(_ record: Int) {
    records[record].mappings -= 1
    guard records[record].mappings == 0 else { return }
    index.remove(KeyHash.value(of: records[record].address), row: record)
    records.free(record, &firstFree)
  }
}
