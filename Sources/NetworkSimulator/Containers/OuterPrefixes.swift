// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The networks of a router and of all those further out, with which an inner one must not overlap: a trie of their
/// bits. A copy with another network shares everything except that network's own bits, so the deepest router costs no
/// more than the first.
struct OuterPrefixes: Sendable {
  private final class Node: Sendable {
    let zero: Node?
    let one: Node?
    /// Whether a prefix ends here, and contains everything below.
    let isPrefix: Bool

    init(zero: Node?, one: Node?, isPrefix: Bool) {
      self.zero = zero
      self.one = one
      self.isPrefix = isPrefix
    }
  }

  private var ipv4: Node?
  private var ipv6: Node?

  /// Whether any of them shares an address with `prefix`.
  func overlap(_ prefix: IPPrefix) -> Bool {
    var node = prefix.family == .ipv4 ? ipv4 : ipv6
    for place in 0..<prefix.length {
      guard let current = node else { return false }
      if current.isPrefix { return true }
      node = Self.bit(place, of: prefix.address) ? current.one : current.zero
    }
    return node != nil
  }

  mutating func add(_ prefix: IPPrefix) {
    if prefix.family == .ipv4 {
      ipv4 = Self.adding(prefix, from: 0, to: ipv4)
    } else {
      ipv6 = Self.adding(prefix, from: 0, to: ipv6)
    }
  }

  private static func adding(_ prefix: IPPrefix, from place: Int, to node: Node?) -> Node {
    if place == prefix.length { return Node(zero: node?.zero, one: node?.one, isPrefix: true) }
    let isOne = bit(place, of: prefix.address)
    let below = adding(prefix, from: place + 1, to: isOne ? node?.one : node?.zero)
    return Node(
      zero: isOne ? node?.zero : below, one: isOne ? below : node?.one, isPrefix: node?.isPrefix ?? false)
  }

  private static func bit(_ place: Int, of address: IPAddress) -> Bool {
    if address.isIPv4 { return address.ipv4Bits >> UInt32(31 - place) & 1 == 1 }
    return (place < 64 ? address.high >> UInt64(63 - place) : address.low >> UInt64(127 - place)) & 1 == 1
  }
}
