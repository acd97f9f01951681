// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Why a host did not send.
public enum HostError: Error, Hashable, Sendable {
  /// Only hosts put packets on the wire.
  case notAHost(String)
  /// The host has no address of the destination's family.
  case noAddress(AddressFamily, host: String)
  /// Nothing has been delivered that could be answered.
  case nothingToReplyTo
  /// There is a connection between these endpoints already.
  case alreadyConnected(local: Endpoint, remote: Endpoint)
  /// No host can send there, or no TCP can connect there (RFC 1122 §3.2.1.3, §4.2.3.10).
  case noDestination(IPAddress, TransportProtocol)
  /// Another program has the port.
  case portInUse(TransportProtocol, UInt16, host: String)
  /// There is no such connection.
  case notConnected(host: String, remote: Endpoint)
  /// The host closed such a connection first, and remembers it for so long.
  case inTimeWait(local: Endpoint, remote: Endpoint, left: Interval)

  /// The error's name in JSON.
  package var word: String {
    switch self {
    case .notAHost: "not-a-host"
    case .noAddress: "no-address"
    case .nothingToReplyTo: "nothing-to-reply-to"
    case .alreadyConnected: "already-connected"
    case .notConnected: "not-connected"
    case .inTimeWait: "in-time-wait"
    case .portInUse: "port-in-use"
    case .noDestination: "no-destination"
    }
  }
}

/// The fields of a packet's IP header that a sender chooses.
struct HeaderChoice: Hashable, Sendable {
  var timeToLive: UInt8 = 64
  var dontFragment = false

  func apply(to packet: inout Packet) {
    packet.timeToLive = timeToLive
    packet.dontFragment = dontFragment
  }
}

/// A host about to send: where its own part is kept, and the address that it sends from.
struct Sender: Sendable {
  let id: DeviceID
  let slot: Int
  let address: IPAddress
}

/// Packets that people have hosts send.
extension Network {
  /// Puts one packet on the wire; it waits for ``step()``.
  ///
  /// - Parameters:
  ///   - port: the port it is sent from; nil means the host's next ephemeral port.
  /// - Returns: the packet's number.
  @discardableResult
  public mutating func send(
    from id: DeviceID, port: UInt16? = nil, to destination: Endpoint, _ transport: TransportProtocol = .udp,
    payload: Payload = .empty, timeToLive: UInt8 = 64, dontFragment: Bool = false
  ) throws(HostError) -> Int {
    let header = HeaderChoice(timeToLive: timeToLive, dontFragment: dontFragment)
    let sender = try sender(id, towards: destination.address, transport)
    switch transport {
    case .icmp: return ping(from: sender, to: destination.address, identifier: port, payload: payload, header)
    case .tcp: return try sendSegment(from: sender, port: port, to: destination, payload: payload, header)
    case .udp:
      let local = port ?? hosts[sender.slot].takeEphemeral(.udp)
      let isUsed = hosts[sender.slot].lastUsed == LocalPort(transport: .udp, port: local)
      if !isUsed { hosts[sender.slot].use(.udp, local) }
      var packet = Packet(.udp, from: Endpoint(sender.address, local), to: destination, payload: payload)
      header.apply(to: &packet)
      return emit(packet, from: id)
    }
  }

  /// Puts a packet on the wire as it is, but from the host's own address.
  @discardableResult
  package mutating func resend(_ packet: Packet, from id: DeviceID) throws(HostError) -> Int {
    let sender = try sender(id, towards: packet.destination.address, packet.transport)
    var packet = packet
    packet.source.address = sender.address
    if packet.transport == .udp { hosts[sender.slot].use(.udp, packet.source.port) }
    return emit(packet, from: id)
  }

  /// Sends an ICMP echo request; the answer comes by itself.
  @discardableResult
  public mutating func ping(from id: DeviceID, to destination: IPAddress) throws(HostError) -> Int {
    let sender = try sender(id, towards: destination, .icmp)
    return ping(from: sender, to: destination, identifier: nil, payload: .filler(56), HeaderChoice())
  }

  private mutating func ping(
    from sender: Sender, to destination: IPAddress, identifier: UInt16?, payload: Payload, _ header: HeaderChoice
  ) -> Int {
    let identifier = hosts[sender.slot].takeIdentifier(identifier)
    var packet = Packet(
      .icmp, from: Endpoint(sender.address, identifier), to: Endpoint(destination, identifier), payload: payload)
    header.apply(to: &packet)
    packet.icmp = .echoRequest
    packet.icmpSequence = 1
    let number = emit(packet, from: sender.id)
    unanswered.ask(.ping, by: sender.id, packet: number, local: packet.source, remote: packet.destination)
    return number
  }

  /// Opens a connection: the SYN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func connect(
    from id: DeviceID, port: UInt16? = nil, to remote: Endpoint
  ) throws(HostError) -> Int {
    let sender = try sender(id, towards: remote.address, .tcp)
    return try openConnection(from: sender, port: port, to: remote, payload: .empty, HeaderChoice())
  }

  /// Closes a connection: the FIN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func close(from id: DeviceID, port: UInt16? = nil, to remote: Endpoint) throws(HostError) -> Int {
    let sender = try sender(id, towards: remote.address, .tcp)
    guard
      let key = hosts[sender.slot].establishedConnection(from: sender.address, port: port, to: remote),
      let packet = hosts[sender.slot].close(key)
    else { throw .notConnected(host: details[id.index].name, remote: remote) }
    return emit(packet, from: id)
  }

  /// Sends data on a connection, or a lone SYN if there is none.
  private mutating func sendSegment(
    from sender: Sender, port: UInt16?, to remote: Endpoint, payload: Payload, _ header: HeaderChoice
  ) throws(HostError) -> Int {
    guard let key = hosts[sender.slot].establishedConnection(from: sender.address, port: port, to: remote) else {
      return try openConnection(from: sender, port: port, to: remote, payload: payload, header)
    }
    return emitSegments(of: payload, on: key, from: sender.id, sender.slot, header)
  }

  /// Sends data on an open connection.
  ///
  /// - Returns: the number of the first segment.
  private mutating func emitSegments(
    of payload: Payload, on key: ConnectionKey, from id: DeviceID, _ slot: Int, _ header: HeaderChoice = HeaderChoice(),
    about: Int? = nil
  ) -> Int {
    let first = packetNumber + 1
    for segment in hosts[slot].segments(carrying: payload, on: key, at: clock) {
      var segment = segment
      header.apply(to: &segment)
      emit(segment, from: id, about: about)
    }
    return first
  }

  private mutating func openConnection(
    from sender: Sender, port: UInt16?, to remote: Endpoint, payload: Payload, _ header: HeaderChoice
  ) throws(HostError) -> Int {
    let local = Endpoint(sender.address, port ?? hosts[sender.slot].takeEphemeral(.tcp))
    var packet = try hosts[sender.slot].open(
      ConnectionKey(local: local, remote: remote), payload: payload, at: clock)
    header.apply(to: &packet)
    let number = emit(packet, from: sender.id)
    unanswered.ask(.connect, by: sender.id, packet: number, local: local, remote: remote)
    return number
  }

  /// Answers the last packet delivered that can be answered.
  @discardableResult
  public mutating func reply(payload: Payload) throws(HostError) -> Int {
    guard let last = lastArrival, case .host(let slot) = nodes[last.host.index].role else { throw .nothingToReplyTo }
    guard last.transport == .tcp else {
      hosts[slot].use(.udp, last.local.port)
      return emit(
        Packet(.udp, from: last.local, to: last.remote, payload: payload), from: last.host, about: last.number)
    }
    let key = ConnectionKey(local: last.local, remote: last.remote)
    guard hosts[slot].connections[key]?.state == .established else {
      throw .notConnected(host: details[last.host.index].name, remote: last.remote)
    }
    return emitSegments(of: payload, on: key, from: last.host, slot, about: last.number)
  }

  /// The host's part of `id` and its address of `destination`'s family.
  ///
  /// A host may send to all on its link or to a group, and the packet then ends at once, since nobody in natsh listens
  /// to either. It never sends to an address of no host; and TCP connects to one host.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func sender(
    _ id: DeviceID, towards destination: IPAddress, _ transport: TransportProtocol
  ) throws(HostError) -> Sender {
    guard case .host(let slot) = nodes[id.index].role else { throw .notAHost(details[id.index].name) }
    guard let address = hosts[slot].address(destination.family) else {
      throw .noAddress(destination.family, host: details[id.index].name)
    }
    switch destination.scope {
    case .unspecified: throw .noDestination(destination, transport)
    case .multicast where transport == .tcp, .broadcast where transport == .tcp:
      throw .noDestination(destination, transport)
    default:
      if transport == .tcp, case .failure(.invalid) = nextHopOutside(destination, from: id) {
        throw .noDestination(destination, transport)
      }
    }
    return Sender(id: id, slot: slot, address: address)
  }

  /// Sends a packet made by a host to wherever its destination is.
  @discardableResult
  mutating func emit(_ packet: Packet, from id: DeviceID, about: Int? = nil) -> Int {
    if packet.transport == .tcp, case .host(let slot) = nodes[id.index].role, hosts[slot].retransmits {
      hosts[slot].noteSent(packet, at: clock)
      noteAwaiting(id, slot)
    }
    let destination = packet.destination.address
    switch destination.scope {
    case .loopback: return dispatch(packet, from: id, to: .itself, about: about)
    case .multicast where destination == PortControlSetting.discoveryGroup && hasDiscoveredRouter(id):
      return dispatch(packet, from: id, to: .up, about: about)
    case .multicast where hasGroup(destination, around: id): return emit(toGroup: packet, from: id, about: about)
    case .unspecified, .multicast, .broadcast: return recordUnsent(packet, .invalid, from: id, about: about)
    // It is looked for on the link alone, and natsh's devices have no such addresses (RFC 3927 §2.6.2).
    case .linkLocal: return recordUnsent(packet, .noSuchHost, from: id, about: about)
    default: break
    }
    if case .host(let slot) = nodes[id.index].role, hosts[slot].has(destination) {
      return dispatch(packet, from: id, to: .itself, about: about)
    }
    switch nextHopOutside(destination, from: id) {
    case .success(let next): return dispatch(packet, from: id, to: next, about: about)
    case .failure(let reason): return recordUnsent(packet, reason, from: id, about: about)
    }
  }

  /// Whether the router that a host stands behind hears those who look for one.
  private func hasDiscoveredRouter(_ id: DeviceID) -> Bool {
    guard case .router(let slot) = nodes[nodes[id.index].parent.index].role else { return false }
    return routers[slot].answersDiscovery
  }

  /// Records a packet that gets no further than the host that sent it.
  private mutating func recordUnsent(_ packet: Packet, _ reason: DropReason, from id: DeviceID, about: Int?) -> Int {
    let flight = begin(packet, at: id, about: about)
    record(.dropped, reason, of: flight)
    payloads.release(flight.contents)
    return flight.number
  }
}
