// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// A router's NAT as the laboratory rebuilds it: its behaviour and addresses, but not its table.
struct NATUnderTest: Sendable {
  /// The router's name.
  var name: String
  var behavior: NATBehavior
  /// The outside IPv4 addresses, the router's own first; not empty.
  var external: [IPAddress]
  /// The senders of packets through it, by address.
  var addresses: [Party: IPAddress] = [:]

  /// - Parameter prefix: the router's inside network; the laboratory's insiders are there if it has room.
  init(name: String, behavior: NATBehavior, external: [IPAddress], inside prefix: IPPrefix?) {
    self.name = name
    self.behavior = behavior
    self.external = external
    let inside = Self.places(
      [10, 11], in: prefix.map(\.address) ?? Self.customaryPrefix, isUsable: { prefix?.isHostAddress($0) ?? true })
    let insiders = inside ?? Self.places([10, 11], in: Self.customaryPrefix, isUsable: { _ in true }) ?? []
    let isFree = { (address: IPAddress) in !external.contains(address) && prefix?.contains(address) != true }
    let outsiders = Self.documentationPrefixes.lazy.compactMap { Self.places([10, 77], in: $0, isUsable: isFree) }.first
    for (party, address) in zip(Party.allCases, insiders + (outsiders ?? [])) { addresses[party] = address }
  }

  /// The same with settings changed, as `set` would.
  func with(_ values: [PropertyValue]) -> NATUnderTest {
    var changed = self
    for value in values { value.apply(to: &changed.behavior) }
    return changed
  }

  private static let customaryPrefix = IPAddress(ipv4: 0xC0A8_0100)  // 192.168.1.0
  /// TEST-NET-1, -2 and -3 (RFC 5737): one of them is free of the router's own addresses.
  private static let documentationPrefixes = [0xC000_0200, 0xC633_6400, 0xCB00_7100].map { IPAddress(ipv4: $0) }

  private static func places(
    _ numbers: [UInt64], in network: IPAddress, isUsable: (IPAddress) -> Bool
  ) -> [IPAddress]? {
    let found = numbers.map { IPAddress(uncheckedHigh: network.high, low: network.low + $0) }
    return network.isIPv4 && found.allSatisfy(isUsable) ? found : nil
  }
}

/// Those who take part in the laboratory's experiments.
enum Party: String, CaseIterable, Sendable {
  /// Two computers inside.
  case pc
  case laptop
  /// Two on the internet: one that insiders talk to, and one they may not know.
  case server
  case stranger
}
