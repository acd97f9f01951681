// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A router's own part: its NAT, its inside network, and the devices there.
public struct Router: Sendable {
  let id: DeviceID
  public internal(set) var nat: NAT
  /// The preset last chosen, `home` at first.
  public internal(set) var preset: NATPreset
  /// The outside addresses that are its own, IPv4 first; `set R addresses` adds to the NAT's, not to these.
  public internal(set) var addresses: [IPAddress]
  /// The inside prefixes, IPv4 first, and the router's own address in each.
  public let prefixes: [IPPrefix]
  public let insideAddresses: [IPAddress]
  /// Those prefixes and all further out, and whose they are.
  let outer: PrefixTree
  /// How it is found from a router further in.
  let place: NestingPlace
  /// The devices inside by address, routers by their outside ones.
  var neighbors = SharedDictionary<IPAddress, DeviceID>()
  /// Whether a router further in has, or once had, a network that is reached untranslated.
  var hasRoutesInside = false
  /// No address below this place in the prefix is free.
  var firstFree: [UInt64]
  var generator: SeededGenerator
  /// What hosts may ask of it; nil where it never let them.
  var services: RouterServices?
  /// Whether it hears those who look for a router.
  var answersDiscovery: Bool { services?.setting.speaks(.upnp) == true }
  /// Whether it lowers the maximum segment size in SYNs to what its links carry.
  public internal(set) var clampsSegmentSize = false
  /// Rules that drop packets.
  public internal(set) var filters: [RouterFilter] = []
  /// How far TCP connections are, if the router resets idle ones.
  var streams: [StreamKey: StreamPlace] = [:]
  /// The number of timed-out mappings that have been reported.
  var reportedExpired = 0
  /// The time at which it will be asked for timed-out mappings: no later than the first of them.
  var alarm = Instant.never

  /// Translates with the router's own random numbers.
  mutating func translate(_ packet: inout Packet, from side: Side, at now: Instant, number: Int) -> Translation {
    if nat.readsText {
      return nat.translateThroughGateways(&packet, from: side, at: now, number: number, using: &generator)
    }
    return nat.translate(&packet, from: side, at: now, number: number, using: &generator)
  }

  /// The same for a piece of a packet.
  mutating func translateFragment(
    _ packet: Packet, from side: Side, at now: Instant, number: Int
  ) -> [TranslatedFragment] {
    nat.translateFragment(packet, from: side, at: now, number: number, using: &generator)
  }

  func prefix(containing address: IPAddress) -> IPPrefix? { prefixes.first { $0.contains(address) } }
  /// The router's address by which a device of `family` inside knows it.
  func insideAddress(_ family: AddressFamily) -> IPAddress? { insideAddresses.first { $0.family == family } }
  func address(_ family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }
}
