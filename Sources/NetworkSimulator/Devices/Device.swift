// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What every device has, whatever its kind: a name, a place, a link, and counters.
public struct Device: Sendable {
  /// A device's kind, and where its kind's own part is kept.
  enum Role: Hashable, Sendable {
    case internet
    case host(Int)
    case router(Int)
  }

  public let id: DeviceID
  /// As the learner wrote it; compared without case.
  public let name: String
  let role: Role
  /// What its link leads to: a router, or the internet. The internet's own is itself.
  public let parent: DeviceID
  public internal(set) var link: Link
  /// Whether it has been taken away; its name stays, for the hops that it made.
  public internal(set) var isRemoved = false

  public internal(set) var sent = PacketCounter()
  public internal(set) var forwarded = PacketCounter()
  public internal(set) var delivered = PacketCounter()
  public internal(set) var dropped = PacketCounter()

  public var isHost: Bool { if case .host = role { true } else { false } }
  public var isRouter: Bool { if case .router = role { true } else { false } }

  /// Packets that crossed its link towards the internet and from it.
  public var crossed: (up: PacketCounter, down: PacketCounter) { (link.crossed.up, link.crossed.down) }
}

/// Which ports of a host answer.
public enum PortPolicy: Hashable, Sendable {
  /// Every port takes what comes: a beginner's host.
  case open
  /// Only ports listened on or sent from; the others answer as a real host does.
  case bound
}

/// One protocol's port on a host.
struct LocalPort: Hashable, Sendable {
  var transport: TransportProtocol
  var port: UInt16
}

/// A computer's own part: its addresses, ports and TCP connections.
public struct Host: Sendable {
  /// One a family at most, IPv4 first.
  public internal(set) var addresses: [IPAddress]
  public internal(set) var portPolicy = PortPolicy.open
  var listening: Set<LocalPort> = []
  /// Ports sent from, which count as open.
  var used: Set<LocalPort> = []
  /// The last port put into ``used``; a stream of packets looks no further.
  var lastUsed: LocalPort?
  var nextEphemeral: UInt16 = 49_152
  /// The protocols all of whose ephemeral ports have been sent from.
  var exhausted: Set<TransportProtocol> = []
  var nextIdentifier: UInt16 = 1
  var connections: [ConnectionKey: Connection] = [:]
  /// The longest packet to an address, where an ICMP error has told (RFC 1191, RFC 8201).
  var pathMTU: [IPAddress: Int] = [:]
  var generator: SeededGenerator

  /// The address of `family`, if the host has one.
  public func address(_ family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }

  /// The ports listened on, in order.
  public var listeningPorts: [(transport: TransportProtocol, port: UInt16)] {
    listening.map { ($0.transport, $0.port) }.sorted { ($0.1, $0.0.rawValue) < ($1.1, $1.0.rawValue) }
  }

  /// The ports listened on or sent from, in order.
  public var openPorts: [UInt16] { Set(listening.union(used).map(\.port)).sorted() }

  /// Remembers that `port` was sent from.
  mutating func use(_ transport: TransportProtocol, _ port: UInt16) {
    let local = LocalPort(transport: transport, port: port)
    guard local != lastUsed else { return }
    lastUsed = local
    used.insert(local)
  }

  func accepts(_ transport: TransportProtocol, _ port: UInt16) -> Bool {
    if portPolicy == .open { return true }
    let local = LocalPort(transport: transport, port: port)
    return listening.contains(local) || used.contains(local)
  }

  /// The next port that the host has not sent from, from 49152 (RFC 6335 §6) round to 65535; the next one whatsoever
  /// when it has sent from them all.
  mutating func takeEphemeral(_ transport: TransportProtocol) -> UInt16 {
    var port = nextEphemeral
    if !exhausted.contains(transport) {
      var left = 16_384
      while left > 0, used.contains(LocalPort(transport: transport, port: port)) {
        port = port == .max ? 49_152 : port + 1
        left -= 1
      }
      if left == 0 { exhausted.insert(transport) }
    }
    nextEphemeral = port == .max ? 49_152 : port + 1
    return port
  }
}

/// A router's own part: its NAT, its inside network, and who is there.
public struct Router: Sendable {
  let id: DeviceID
  public internal(set) var nat: NAT
  /// The preset last chosen, `home` at first.
  public internal(set) var preset: NATPreset
  /// The outside addresses that are its own, IPv4 first; `set R addresses` adds to the NAT's, not to these.
  public let addresses: [IPAddress]
  /// The inside prefixes, IPv4 first, and the router's own address in each.
  public let prefixes: [IPPrefix]
  public let insideAddresses: [IPAddress]
  /// The devices inside by address, routers by their outside ones.
  var neighbors: [IPAddress: DeviceID] = [:]
  /// Prefixes further in that are reached as they are.
  var routes = RouteTable()
  /// No address below this place in the prefix is free.
  var firstFree: [UInt64]
  var generator: SeededGenerator
  /// The mappings that timed out and have been told of.
  var reportedExpired = 0

  /// The NAT with the router's own luck.
  mutating func translate(_ packet: inout Packet, from side: Side, at now: Instant, number: Int) -> Translation {
    nat.translate(&packet, from: side, at: now, number: number, using: &generator)
  }

  /// The same for a piece of a packet.
  mutating func translateFragment(
    _ packet: Packet, from side: Side, at now: Instant, number: Int
  ) -> [TranslatedFragment] {
    nat.translateFragment(packet, from: side, at: now, number: number, using: &generator)
  }

  func prefix(containing address: IPAddress) -> IPPrefix? { prefixes.first { $0.contains(address) } }
  /// The router's address that a device of `family` inside knows it by.
  func insideAddress(_ family: AddressFamily) -> IPAddress? { insideAddresses.first { $0.family == family } }
  func address(_ family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }
}
