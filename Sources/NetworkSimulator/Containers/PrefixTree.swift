// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Prefixes and the device that has each, by their bits: which of them share an address with another prefix is found on
/// the way along that one's bits. A copy with one prefix more shares all but that prefix's own bits, so that the deepest
/// of nested routers costs no more than the first.
struct PrefixTree: Sendable {
  typealias Entry = (prefix: IPPrefix, device: DeviceID)

  private final class Node: Sendable {
    let zero: Node?
    let one: Node?
    /// Whose the prefix is that ends here; nil where none does.
    let device: DeviceID?

    init(zero: Node?, one: Node?, device: DeviceID?) {
      self.zero = zero
      self.one = one
      self.device = device
    }
  }

  private var ipv4: Node?
  private var ipv6: Node?

  /// Those that share an address with `prefix`, the shortest first, and of one length the lowest address first: at most one
  /// a length that contains it, which costs its bits, and all that it contains, which costs theirs.
  func overlapping(_ prefix: IPPrefix) -> [Entry] {
    var found: [Entry] = []
    var node = root(prefix.family)
    for place in 0..<prefix.length {
      guard let current = node else { return found }
      if let device = current.device, let outer = IPPrefix(containing: prefix.address, length: place) {
        found.append((outer, device))
      }
      node = Self.bit(place, of: prefix.address) ? current.one : current.zero
    }
    guard let node else { return found }
    var inside: [Entry] = []
    Self.collect(node, at: prefix.address, length: prefix.length, into: &inside)
    inside.sort { ($0.prefix.length, $0.prefix.address) < ($1.prefix.length, $1.prefix.address) }
    return found + inside
  }

  private static func collect(_ node: Node, at address: IPAddress, length: Int, into found: inout [Entry]) {
    if let device = node.device, let prefix = IPPrefix(containing: address, length: length) {
      found.append((prefix, device))
    }
    if let zero = node.zero { collect(zero, at: address, length: length + 1, into: &found) }
    if let one = node.one {
      let places = UInt64(address.family.bitWidth - 1 - length)
      let half = IPAddress(
        uncheckedHigh: address.high | (places < 64 ? 0 : 1 << (places - 64)),
        low: address.low | (places < 64 ? 1 << places : 0))
      collect(one, at: half, length: length + 1, into: &found)
    }
  }

  mutating func add(_ prefix: IPPrefix, of device: DeviceID) { put(device, at: prefix) }

  mutating func remove(_ prefix: IPPrefix) { put(nil, at: prefix) }

  private func root(_ family: AddressFamily) -> Node? { family == .ipv4 ? ipv4 : ipv6 }

  private mutating func put(_ device: DeviceID?, at prefix: IPPrefix) {
    if prefix.family == .ipv4 {
      ipv4 = Self.putting(device, at: prefix, from: 0, in: ipv4)
    } else {
      ipv6 = Self.putting(device, at: prefix, from: 0, in: ipv6)
    }
  }

  private static func putting(_ device: DeviceID?, at prefix: IPPrefix, from place: Int, in node: Node?) -> Node? {
    var (zero, one, own) = (node?.zero, node?.one, node?.device)
    if place == prefix.length {
      own = device
    } else if bit(place, of: prefix.address) {
      one = putting(device, at: prefix, from: place + 1, in: one)
    } else {
      zero = putting(device, at: prefix, from: place + 1, in: zero)
    }
    return zero == nil && one == nil && own == nil ? nil : Node(zero: zero, one: one, device: own)
  }

  private static func bit(_ place: Int, of address: IPAddress) -> Bool {
    if address.isIPv4 { return address.ipv4Bits >> UInt32(31 - place) & 1 == 1 }
    return (place < 64 ? address.high >> UInt64(63 - place) : address.low >> UInt64(127 - place)) & 1 == 1
  }
}
