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
  /// No host sends there, or no TCP connects there (RFC 1122 §3.2.1.3, §4.2.3.10).
  case noDestination(IPAddress, TransportProtocol)
  /// There is none.
  case notConnected(host: String, remote: Endpoint)
}

/// What a sender chooses of a packet's IP header.
struct HeaderChoice: Hashable, Sendable {
  var timeToLive: UInt8 = 64
  var dontFragment = false

  func apply(to packet: inout Packet) {
    packet.timeToLive = timeToLive
    packet.dontFragment = dontFragment
  }
}

/// What hosts do with packets, and what makes them send.
extension Network {
  /// Puts one packet on the wire; it waits for ``step()``.
  ///
  /// - Parameters:
  ///   - port: the port it is sent from; nil is the host's next ephemeral port.
  /// - Returns: the packet's number.
  @discardableResult
  public mutating func send(
    from id: DeviceID, port: UInt16? = nil, to destination: Endpoint, _ transport: TransportProtocol = .udp,
    payload: Payload = .empty, timeToLive: UInt8 = 64, dontFragment: Bool = false
  ) throws(HostError) -> Int {
    let header = HeaderChoice(timeToLive: timeToLive, dontFragment: dontFragment)
    let (slot, address) = try sender(id, towards: destination.address, transport)
    switch transport {
    case .icmp:
      return ping(from: id, slot, address, to: destination.address, identifier: port, payload: payload, header)
    case .tcp:
      return try sendSegment(from: id, slot, address, port: port, to: destination, payload: payload, header)
    case .udp:
      let local = port ?? hosts[slot].takeEphemeral(.udp)
      let isUsed = hosts[slot].lastUsed == LocalPort(transport: .udp, port: local)
      if !isUsed { hosts[slot].use(.udp, local) }
      var packet = Packet(.udp, from: Endpoint(address, local), to: destination, payload: payload)
      header.apply(to: &packet)
      return emit(packet, from: id)
    }
  }

  /// Sends an ICMP echo request; the answer comes by itself.
  @discardableResult
  public mutating func ping(from id: DeviceID, to destination: IPAddress) throws(HostError) -> Int {
    let (slot, address) = try sender(id, towards: destination, .icmp)
    return ping(from: id, slot, address, to: destination, identifier: nil, payload: .filler(56), HeaderChoice())
  }

  private mutating func ping(
    from id: DeviceID, _ slot: Int, _ address: IPAddress, to destination: IPAddress, identifier: UInt16?,
    payload: Payload, _ header: HeaderChoice
  ) -> Int {
    let identifier = identifier ?? hosts[slot].nextIdentifier
    hosts[slot].nextIdentifier = identifier == .max ? 1 : identifier + 1
    var packet = Packet(
      .icmp, from: Endpoint(address, identifier), to: Endpoint(destination, identifier), payload: payload)
    header.apply(to: &packet)
    packet.icmp = .echoRequest
    packet.icmpSequence = 1
    let number = emit(packet, from: id)
    unanswered.append(
      Unanswered(host: id, question: .ping, packet: number, local: packet.source, remote: packet.destination))
    return number
  }

  /// Answers the last packet delivered that can be answered.
  @discardableResult
  public mutating func reply(payload: Payload) throws(HostError) -> Int {
    guard let lastDelivered, case .host(let slot) = nodes[lastDelivered.host.index].role else {
      throw .nothingToReplyTo
    }
    let (number, id) = (lastDelivered.number, lastDelivered.host)
    let (local, remote) = (lastDelivered.destination, lastDelivered.source)
    if lastDelivered.transport == .tcp {
      let key = ConnectionKey(local: local, remote: remote)
      guard hosts[slot].connections[key]?.state == .established else {
        throw .notConnected(host: details[id.index].name, remote: remote)
      }
      return sendData(payload, on: key, from: id, slot, HeaderChoice(), about: number)
    }
    hosts[slot].use(.udp, local.port)
    return emit(Packet(.udp, from: local, to: remote, payload: payload), from: id, about: number)
  }

  /// The host's part of `id` and its address of the family that `destination` is of.
  ///
  /// A host may send to all on its link or to a group, and the packet then ends at once, since nobody in natsh listens to
  /// either. To no host it sends nothing; and TCP speaks with one host.
  // Called out of line from a mutating function it would be given a copy of the whole network.
  @inline(__always)
  func sender(
    _ id: DeviceID, towards destination: IPAddress, _ transport: TransportProtocol
  ) throws(HostError) -> (slot: Int, IPAddress) {
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
    return (slot, address)
  }

  /// Sends a packet of a host's own making to wherever its destination lies.
  @discardableResult
  mutating func emit(_ packet: Packet, from id: DeviceID, about: Int? = nil) -> Int {
    let destination = packet.destination.address
    switch destination.scope {
    case .loopback: return dispatch(packet, from: id, to: .itself, about: about)
    case .unspecified, .multicast, .broadcast: return refuse(packet, .invalid, from: id, about: about)
    // It is looked for on the link alone, and natsh's devices have no such addresses (RFC 3927 §2.6.2).
    case .linkLocal: return refuse(packet, .noSuchHost, from: id, about: about)
    default: break
    }
    if case .host(let slot) = nodes[id.index].role, hosts[slot].has(destination) {
      return dispatch(packet, from: id, to: .itself, about: about)
    }
    switch nextHopOutside(destination, from: id) {
    case .success(let next): return dispatch(packet, from: id, to: next, about: about)
    case .failure(let reason): return refuse(packet, reason, from: id, about: about)
    }
  }

  /// Records a packet that gets no further than the host that sent it.
  private mutating func refuse(_ packet: Packet, _ reason: DropReason, from id: DeviceID, about: Int?) -> Int {
    let flight = begin(packet, at: id, about: about)
    record(.dropped, reason, of: flight)
    payloads.release(flight.contents)
    return flight.number
  }

  mutating func receive(_ flight: Flight, atHost slot: Int) {
    switch flight.headers.transport {
    case .udp: receiveDatagram(flight, slot)
    case .tcp: receiveSegment(flight, slot)
    case .icmp: receiveMessage(flight, slot)
    }
  }

  private mutating func receiveDatagram(_ flight: Flight, _ slot: Int) {
    guard hosts[slot].accepts(.udp, flight.headers.destination.port) else {
      record(.dropped, .portClosed, of: flight)
      let packet = flight.packet(in: payloads)
      if let error = Self.error(.portUnreachable, about: packet, from: packet.destination.address) {
        emit(error, from: flight.to, about: flight.number)
      }
      return
    }
    record(.delivered, of: flight)
    noteDelivery(flight)
    hasNewDelivery = keepsDeliveries
  }

  /// Remembers what a bare `reply` answers.
  mutating func noteDelivery(_ flight: Flight) {
    if let old = lastArrival { payloads.release(old.flight.contents) }
    payloads.retain(flight.contents)
    lastArrival = Arrival(flight: flight, time: clock)
  }

  private mutating func receiveMessage(_ flight: Flight, _ slot: Int) {
    record(.delivered, of: flight)
    switch flight.headers.icmp {
    case .echoRequest: emit(Self.echoReply(to: flight.packet(in: payloads)), from: flight.to, about: flight.number)
    case .echoReply:
      settle(.ping, at: flight.to, local: flight.headers.destination, remote: flight.headers.source)
    default:
      guard case .quote(let quoted) = payloads[flight.contents] else { return }
      if flight.headers.icmp == .fragmentationNeeded { learnMTU(flight.headers.icmpSequence, of: quoted, slot) }
      guard quoted.transport != .udp else { return }
      let question: Unanswered.Question = quoted.transport == .icmp ? .ping : .connect
      settle(question, at: flight.to, local: quoted.source, remote: quoted.destination)
    }
  }

  /// Crosses out what `host` asked of `remote` from `local`, and has been answered.
  mutating func settle(_ question: Unanswered.Question, at host: DeviceID, local: Endpoint, remote: Endpoint) {
    unanswered.removeAll {
      $0.host == host && $0.question == question && $0.local == local && $0.remote == remote
    }
  }
}
