// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Prefixes, each with the device through which it is reached; the longest match wins.
///
/// A look-up takes one probe for each prefix length in use, however many prefixes have it.
struct RouteTable: Sendable {
  typealias Route = (prefix: IPPrefix, device: DeviceID)

  /// How many prefixes have a length.
  private struct Length: Sendable {
    var bits: Int
    var count: Int
  }

  private var devices = SharedDictionary<IPPrefix, DeviceID>()
  private var tree = PrefixTree()
  /// The lengths in use, the longest first.
  private var lengths: [Length] = []

  mutating func add(_ prefix: IPPrefix, through device: DeviceID) {
    if devices[prefix] == nil { count(prefix.length, 1) }
    devices[prefix] = device
    tree.add(prefix, of: device)
  }

  mutating func remove(_ prefix: IPPrefix) {
    guard devices[prefix] != nil else { return }
    devices[prefix] = nil
    tree.remove(prefix)
    count(prefix.length, -1)
  }

  private mutating func count(_ bits: Int, _ change: Int) {
    let place = lengths.firstIndex { $0.bits <= bits } ?? lengths.endIndex
    if place == lengths.endIndex || lengths[place].bits != bits {
      lengths.insert(Length(bits: bits, count: 0), at: place)
    }
    lengths[place].count += change
    if lengths[place].count == 0 { lengths.remove(at: place) }
  }

  func route(to address: IPAddress) -> Route? {
    for length in lengths {
      guard let prefix = IPPrefix(containing: address, length: length.bits) else { continue }
      if let device = devices[prefix] { return (prefix, device) }
    }
    return nil
  }

  func lookUp(_ address: IPAddress) -> DeviceID? { lengths.isEmpty ? nil : route(to: address)?.device }

  /// All routes, the longest prefixes first. This takes time in proportion to the table.
  var routes: [Route] {
    devices.pairs.map { ($0.key, $0.value) }.sorted {
      ($1.prefix.length, $0.prefix.address) < ($0.prefix.length, $1.prefix.address)
    }
  }

  /// The longest route that shares an address with `prefix` and is none of those `around` it.
  func overlap(with prefix: IPPrefix, otherThan around: [IPPrefix]) -> Route? {
    let others = tree.overlapping(prefix).filter { !around.contains($0.prefix) }
    return others.first { $0.prefix.length == others.last?.prefix.length }
  }
}
