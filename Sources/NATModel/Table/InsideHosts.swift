// SPDX-License-Identifier: GPL-3.0-or-later

/// A NAT's records of inside hosts, if it needs them: how many mappings each has, and which outside address it uses.
struct InsideHosts: Sendable {
  private struct Record: FreeableSlot {
    var address: IPAddress
    var mappings: Int
    /// The index of the outside address in the list.
    var external: Int
    /// The number of its block of ports; ``MappingRow/none`` for none.
    var block = MappingRow.none
    var nextFree = MappingRow.none
  }

  private var records = PagedArray<Record>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none
  /// The blocks in use of each outside address, a bit each.
  private var blocks: [Int: ContiguousArray<UInt64>] = [:]

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
    let (block, external) = (Int(records[record].block), records[record].external)
    if block >= 0 { blocks[external]?[block / 64] &= ~(1 << UInt64(block % 64)) }
    records.free(record, &firstFree)
  }

  /// The host's block; nil if it has none.
  func block(_ record: Int) -> Int? { records[record].block >= 0 ? Int(records[record].block) : nil }

  /// The first of `count` blocks of an outside address that is nobody's.
  func firstFreeBlock(of count: Int, on external: Int) -> Int? {
    guard let words = blocks[external] else { return count > 0 ? 0 : nil }
    let free = words.firstIndex { $0 != .max } ?? words.count
    let block = free < words.count ? free * 64 + (~words[free]).trailingZeroBitCount : free * 64
    return block < count ? block : nil
  }

  /// Makes `block` the host's, if it has none and the block is nobody's.
  mutating func take(_ block: Int, for record: Int) {
    guard records[record].block == MappingRow.none else { return }
    var words = blocks[records[record].external] ?? []
    while words.count <= block / 64 { words.append(0) }
    guard words[block / 64] >> UInt64(block % 64) & 1 == 0 else { return }
    words[block / 64] |= 1 << UInt64(block % 64)
    blocks[records[record].external] = words
    records[record].block = Int32(block)
  }

  /// The hosts that have blocks: their addresses, the outside addresses' places, and the blocks.
  var blockOwners: [(address: IPAddress, external: Int, block: Int)] {
    (0..<records.count).compactMap { slot in
      let record = records[slot]
      guard record.mappings > 0, record.block >= 0 else { return nil }
      return (record.address, record.external, Int(record.block))
    }
  }
}
