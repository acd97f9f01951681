// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Which ports of a host answer.
public enum PortPolicy: Hashable, Sendable {
  /// Every port accepts packets: a beginner's host.
  case open
  /// Only ports listened on or sent from; the others answer as a real host does.
  case bound
}

/// A computer's own part: its addresses, ports and TCP connections.
public struct Host: Sendable {
  /// At most one per family.
  let ipv4: IPAddress?
  let ipv6: IPAddress?
  /// Additional addresses at which packets reach it; it sends from them only on request.
  public internal(set) var alternateAddresses: [IPAddress] = []
  public internal(set) var portPolicy = PortPolicy.open
  /// Whether its packets are made and taken outside the simulation.
  var hasStackOutside = false
  var listening = PortSet()
  /// The ports whose packets have a receiver: a program, or whoever drives the network.
  var owners = PortOwners()
  /// Ports sent from, which count as open.
  var used = PortSet()
  /// The last port put into ``used``; enough for a stream of packets.
  var lastUsed: LocalPort?
  var nextEphemeral: UInt16 = 49_152
  /// The protocols all of whose ephemeral ports have been sent from.
  var exhausted: Set<TransportProtocol> = []
  var nextIdentifier: UInt16 = 1
  var connections: [ConnectionKey: Connection] = [:]
  /// Whether its TCP sends again what is not acknowledged, and takes data only in order.
  public internal(set) var retransmits = false
  var retransmissions: [ConnectionKey: Retransmission] = [:]
  /// How long it remembers a connection that it closed first (RFC 9293 §3.6.1); zero is not at all.
  public internal(set) var timeWait = Interval.zero
  /// The longest packet that its link takes.
  var linkMTU = UInt16.max
  /// The longest packet to an address, if an ICMP error has reported it (RFC 1191, RFC 8201).
  var pathMTU: [IPAddress: PathMTU] = [:]
  var generator: SeededGenerator

  init(addresses: [IPAddress], generator: SeededGenerator) {
    ipv4 = addresses.first(where: \.isIPv4)
    ipv6 = addresses.first { !$0.isIPv4 }
    self.generator = generator
  }

  /// At most one per family, IPv4 first.
  public var addresses: [IPAddress] { [ipv4, ipv6].compactMap(\.self) }
  /// The address of `family`, if the host has one.
  public func address(_ family: AddressFamily) -> IPAddress? { family == .ipv4 ? ipv4 : ipv6 }

  /// Whether `address` is one of its own.
  func has(_ address: IPAddress) -> Bool {
    address == ipv4 || address == ipv6 || !alternateAddresses.isEmpty && alternateAddresses.contains(address)
  }

  /// The ports listened on, in order.
  public var listeningPorts: [(transport: TransportProtocol, port: UInt16)] {
    listening.all.map { ($0.transport, $0.port) }.sorted { ($0.1, $0.0.rawValue) < ($1.1, $1.0.rawValue) }
  }

  /// The ports listened on or sent from, in order.
  public var openPorts: [UInt16] { Set((listening.all + used.all).map(\.port)).sorted() }

  /// Remembers that `port` was sent from.
  mutating func use(_ transport: TransportProtocol, _ port: UInt16) {
    let local = LocalPort(transport: transport, port: port)
    guard local != lastUsed else { return }
    lastUsed = local
    used.insert(local)
  }

  /// Closes a program's port, whether or not it has sent from there.
  mutating func giveUp(_ local: LocalPort) {
    owners.remove(local)
    used.remove(local)
    if lastUsed == local { lastUsed = nil }
  }

  // If called out of line from a mutating function, it would be given a copy of the whole host.
  @inline(__always)
  func accepts(_ transport: TransportProtocol, _ port: UInt16) -> Bool {
    if portPolicy == .open { return true }
    let local = LocalPort(transport: transport, port: port)
    return listening.contains(local) || used.contains(local) || owners[local] != nil
  }

  /// Takes the identifier for the host's next ping, or notes the one that was chosen.
  mutating func takeIdentifier(_ chosen: UInt16?) -> UInt16 {
    let identifier = chosen ?? nextIdentifier
    nextIdentifier = identifier == .max ? 1 : identifier + 1
    return identifier
  }

  /// The next port that the host has not sent from, from 49152 (RFC 6335 §6) round to 65535; simply the next one if it
  /// has sent from them all.
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
