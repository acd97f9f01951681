// SPDX-License-Identifier: GPL-3.0-or-later

/// The IPv6 addresses that rows and permissions name, each with a number of 32 bits, so that they take no more space
/// and time there than IPv4 addresses do.
struct AddressBook: Sendable {
  private struct Entry: FreeableSlot {
    var address: IPAddress
    /// How many rows and permissions name it.
    var uses: Int
    var nextFree = MappingRow.none
  }

  /// The number of every address that is not named anywhere.
  static let unknown: UInt32 = 0

  private var entries = PagedArray<Entry>()
  private var index = HashIndex()
  private var firstFree = MappingRow.none

  private func slot(of address: IPAddress) -> Int? {
    index.first(KeyHash.value(of: address)) { entries[$0].uses > 0 && entries[$0].address == address }
  }

  // Looking up changes nothing. But Swift gives a non-mutating method a copy of the whole value if the caller may
  // change it, and every packet passes here.
  @inline(never)
  mutating func number(of address: IPAddress) -> UInt32 {
    slot(of: address).map { UInt32($0) + 1 } ?? Self.unknown
  }

  @inline(never)
  func address(_ number: UInt32) -> IPAddress { entries[Int(number) - 1].address }

  /// Counts another use of an address; returns its number.
  private mutating func name(_ address: IPAddress) -> UInt32 {
    if let known = slot(of: address) {
      entries[known].uses += 1
      return UInt32(known) + 1
    }
    let slot = entries.fill(with: Entry(address: address, uses: 1), &firstFree)
    index.insert(KeyHash.value(of: address), row: slot)
    return UInt32(slot) + 1
  }

  /// Counts one use less of an address; the last one frees its number.
  private mutating func forget(_ number: UInt32) {
    let slot = Int(number) - 1
    entries[slot].uses -= 1
    guard entries[slot].uses == 0 else { return }
    index.remove(KeyHash.value(of: entries[slot].address), row: slot)
    entries.free(slot, &firstFree)
  }
}

/// Turns endpoints into words, and back.
extension AddressBook {
  @inline(__always)
  mutating func word(_ endpoint: Endpoint) -> EndpointWord {
    let address = endpoint.address
    return EndpointWord(address.isIPv4 ? address.ipv4Bits : number(of: address), endpoint.port)
  }

  @inline(__always)
  func endpoint(_ word: EndpointWord, _ family: AddressFamily) -> Endpoint {
    Endpoint(family == .ipv4 ? IPAddress(ipv4: word.address) : address(word.address), word.port)
  }

  /// The word of an endpoint with another use.
  mutating func name(_ endpoint: Endpoint) -> EndpointWord {
    let address = endpoint.address
    return EndpointWord(address.isIPv4 ? address.ipv4Bits : name(address), endpoint.port)
  }

  /// Counts one use less of an endpoint.
  mutating func forget(_ word: EndpointWord, _ family: AddressFamily) {
    if family == .ipv6 { forget(word.address) }
  }
}
