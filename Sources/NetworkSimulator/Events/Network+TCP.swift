// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// TCP at the hosts: handshake, data, close and reset (RFC 9293 §3.5, §3.6, §3.10). Nothing is retransmitted.
extension Network {
  /// Opens a connection: the SYN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func connect(
    from id: DeviceID, port: UInt16? = nil, to remote: Endpoint
  ) throws(HostError) -> Int {
    let (slot, address) = try sender(id, towards: remote.address, .tcp)
    let local = Endpoint(address, port ?? hosts[slot].takeEphemeral(.tcp))
    let key = ConnectionKey(local: local, remote: remote)
    try checkUnconnected(key, slot)
    return openConnection(key, from: id, slot, payload: .empty, HeaderChoice())
  }

  /// Closes a connection: the FIN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func close(from id: DeviceID, port: UInt16? = nil, to remote: Endpoint) throws(HostError) -> Int {
    let (slot, address) = try sender(id, towards: remote.address, .tcp)
    guard let key = establishedConnection(slot, address, port: port, to: remote),
      var connection = hosts[slot].connections[key]
    else { throw .notConnected(host: details[id.index].name, remote: remote) }
    let number = emitSegment([.fin, .ack], on: key, connection, from: id)
    connection.state = .finWait
    connection.sendNext &+= 1
    hosts[slot].connections[key] = connection
    return number
  }

  /// Data on a connection, or a lone SYN where there is none.
  mutating func sendSegment(
    from id: DeviceID, _ slot: Int, _ address: IPAddress, port: UInt16?, to remote: Endpoint, payload: Payload,
    _ header: HeaderChoice
  ) throws(HostError) -> Int {
    if let key = establishedConnection(slot, address, port: port, to: remote) {
      return sendData(payload, on: key, from: id, slot, header, about: nil)
    }
    let local = Endpoint(address, port ?? hosts[slot].takeEphemeral(.tcp))
    let key = ConnectionKey(local: local, remote: remote)
    try checkUnconnected(key, slot)
    return openConnection(key, from: id, slot, payload: payload, header)
  }

  /// A connection that never opened, or whose end was lost on the way, does not stand in a new one's way: nothing is
  /// retransmitted, so it would for ever.
  private func checkUnconnected(_ key: ConnectionKey, _ slot: Int) throws(HostError) {
    switch hosts[slot].connections[key]?.state {
    case .established, .synReceived: throw .alreadyConnected(local: key.local, remote: key.remote)
    case .synSent, .finWait, .lastAck, nil: return
    }
  }

  /// The connection between the host and `remote`, from `port` where one is given, else the lowest.
  private func establishedConnection(
    _ slot: Int, _ address: IPAddress, port: UInt16?, to remote: Endpoint
  ) -> ConnectionKey? {
    if let port {
      let key = ConnectionKey(local: Endpoint(address, port), remote: remote)
      return hosts[slot].connections[key]?.state == .established ? key : nil
    }
    return hosts[slot].connections
      .filter { $0.value.state == .established && $0.key.remote == remote && $0.key.local.address == address }
      .map(\.key).min { $0.local.port < $1.local.port }
  }

  private mutating func openConnection(
    _ key: ConnectionKey, from id: DeviceID, _ slot: Int, payload: Payload, _ header: HeaderChoice
  ) -> Int {
    hosts[slot].use(.tcp, key.local.port)
    let start = UInt32(truncatingIfNeeded: hosts[slot].generator.next())
    var connection = Connection(state: .synSent, sendNext: start, receiveNext: 0)
    let number = emitSegment(.syn, on: key, connection, from: id, payload: payload, header: header)
    connection.sendNext &+= 1 &+ UInt32(payload.length)
    hosts[slot].connections[key] = connection
    unanswered.append(
      Unanswered(host: id, question: .connect, packet: number, local: key.local, remote: key.remote))
    return number
  }

  mutating func sendData(
    _ payload: Payload, on key: ConnectionKey, from id: DeviceID, _ slot: Int, _ header: HeaderChoice, about: Int?
  ) -> Int {
    guard var connection = hosts[slot].connections[key] else { return 0 }
    let number = emitSegment(
      [.psh, .ack], on: key, connection, from: id, payload: payload, header: header, about: about)
    connection.sendNext &+= UInt32(payload.length)
    hosts[slot].connections[key] = connection
    return number
  }

  @discardableResult
  private mutating func emitSegment(
    _ flags: TCPFlags, on key: ConnectionKey, _ connection: Connection, from id: DeviceID, payload: Payload = .empty,
    header: HeaderChoice = HeaderChoice(), about: Int? = nil
  ) -> Int {
    var packet = Packet(.tcp, from: key.local, to: key.remote, payload: payload)
    header.apply(to: &packet)
    packet.tcpFlags = flags
    packet.sequenceNumber = connection.sendNext
    packet.acknowledgementNumber = flags.contains(.ack) ? connection.receiveNext : 0
    return emit(packet, from: id, about: about)
  }

  mutating func receiveSegment(_ flight: Flight, _ slot: Int) {
    let packet = flight.packet(in: payloads)
    let key = ConnectionKey(local: packet.destination, remote: packet.source)
    guard let connection = hosts[slot].connections[key] else {
      receiveUnconnected(flight, key, slot)
      return
    }
    record(.delivered, of: flight)
    if connection.state == .synSent { settle(.connect, at: flight.to, local: key.local, remote: key.remote) }
    if packet.tcpFlags.contains(.rst) {
      hosts[slot].connections[key] = nil
      return
    }
    var next = connection
    next.receiveNext = packet.sequenceNumber &+ UInt32(packet.payload.length)
    if !packet.tcpFlags.isDisjoint(with: [.syn, .fin]) { next.receiveNext &+= 1 }
    advance(key, from: connection.state, to: next, flight, slot)
  }

  /// Moves a connection on by a segment that belongs to it.
  private mutating func advance(
    _ key: ConnectionKey, from state: Connection.State, to connection: Connection, _ flight: Flight, _ slot: Int
  ) {
    var next = connection
    let flags = flight.headers.tcpFlags
    switch state {
    case .synSent:
      if flags.contains([.syn, .ack]) {
        next.state = .established
        hosts[slot].connections[key] = next
        emitSegment(.ack, on: key, next, from: flight.to, about: flight.number)
      } else if flags.contains(.syn) {
        // Both sides opened at once (RFC 9293 §3.5): the SYN is sent again, with the other one acknowledged.
        next.state = .synReceived
        hosts[slot].connections[key] = next
        var again = next
        again.sendNext &-= 1
        emitSegment([.syn, .ack], on: key, again, from: flight.to, about: flight.number)
      } else if flags.contains(.ack) {
        // The other side is still in a connection that this one has forgotten (RFC 9293 §3.5.1).
        reset(flight.packet(in: payloads), flight)
      }
    case .synReceived:
      guard flags.contains(.ack) else {
        if flags.contains(.syn) { answerSYN(key, flight, slot) }
        return
      }
      next.state = .established
      if flags.contains(.syn) {
        hosts[slot].connections[key] = next
      } else {
        receiveOnEstablished(key, next, flight, slot)
      }
    case .established: receiveOnEstablished(key, next, flight, slot)
    case .finWait:
      hosts[slot].connections[key] = next
      guard flags.contains(.fin) else {
        if payloads[flight.contents].length > 0 {
          emitSegment(.ack, on: key, next, from: flight.to, about: flight.number)
        }
        return
      }
      // Where both sides closed at once, the acknowledgement of our own FIN is still to come.
      let isAcknowledged = flight.headers.acknowledgementNumber == next.sendNext
      next.state = .lastAck
      hosts[slot].connections[key] = isAcknowledged ? nil : next
      emitSegment(.ack, on: key, next, from: flight.to, about: flight.number)
    case .lastAck:
      if flags.contains(.syn), !flags.contains(.ack) {
        answerSYN(key, flight, slot)
      } else {
        let isAcknowledged = flags.contains(.ack) && flight.headers.acknowledgementNumber == next.sendNext
        hosts[slot].connections[key] = isAcknowledged ? nil : next
      }
    }
  }

  private mutating func receiveOnEstablished(
    _ key: ConnectionKey, _ connection: Connection, _ flight: Flight, _ slot: Int
  ) {
    let (flags, hasData) = (flight.headers.tcpFlags, payloads[flight.contents].length > 0)
    if hasData || flags.contains(.psh) { noteDelivery(flight) }
    if flags.contains(.fin) { return closePassively(key, connection, flight, slot) }
    if flags.contains(.syn) {
      // Not a part of this connection: it is told where the connection stands (RFC 5961 §4), and nothing changes.
      if let old = hosts[slot].connections[key] {
        emitSegment(.ack, on: key, old, from: flight.to, about: flight.number)
      }
      return
    }
    hosts[slot].connections[key] = connection
    if hasData { emitSegment(.ack, on: key, connection, from: flight.to, about: flight.number) }
  }

  /// The other side closes: its FIN is acknowledged with our own, since there is nothing left to send.
  private mutating func closePassively(_ key: ConnectionKey, _ connection: Connection, _ flight: Flight, _ slot: Int) {
    var next = connection
    emitSegment([.fin, .ack], on: key, next, from: flight.to, about: flight.number)
    next.state = .lastAck
    next.sendNext &+= 1
    hosts[slot].connections[key] = next
  }

  /// A segment that belongs to no connection.
  private mutating func receiveUnconnected(_ flight: Flight, _ key: ConnectionKey, _ slot: Int) {
    let packet = flight.packet(in: payloads)
    if packet.tcpFlags.contains(.syn), !packet.tcpFlags.contains(.ack) {
      if hosts[slot].accepts(.tcp, packet.destination.port) {
        record(.delivered, of: flight)
        answerSYN(key, flight, slot)
      } else {
        record(.dropped, .portClosed, of: flight)
        reset(packet, flight)
      }
      return
    }
    // The last acknowledgement of a close may come when all is forgotten.
    record(.dropped, .invalid, of: flight)
    if !packet.tcpFlags.contains(.rst) { reset(packet, flight) }
  }

  private mutating func answerSYN(_ key: ConnectionKey, _ flight: Flight, _ slot: Int) {
    let packet = flight.packet(in: payloads)
    let start = UInt32(truncatingIfNeeded: hosts[slot].generator.next())
    var connection = Connection(
      state: .synReceived, sendNext: start,
      receiveNext: packet.sequenceNumber &+ 1 &+ UInt32(packet.payload.length))
    emitSegment([.syn, .ack], on: key, connection, from: flight.to, about: flight.number)
    connection.sendNext &+= 1
    hosts[slot].connections[key] = connection
    hosts[slot].use(.tcp, key.local.port)
  }

  private mutating func reset(_ packet: Packet, _ flight: Flight) {
    emit(Self.reset(about: packet), from: flight.to, about: flight.number)
  }

  /// "There is no such connection" (RFC 9293 §3.5.2).
  static func reset(about packet: Packet) -> Packet {
    var reset = Packet(.tcp, from: packet.destination, to: packet.source)
    if packet.tcpFlags.contains(.ack) {
      reset.tcpFlags = .rst
      reset.sequenceNumber = packet.acknowledgementNumber
    } else {
      reset.tcpFlags = [.rst, .ack]
      var length = UInt32(packet.payload.length)
      for flag in [TCPFlags.syn, .fin] where packet.tcpFlags.contains(flag) { length &+= 1 }
      reset.acknowledgementNumber = packet.sequenceNumber &+ length
    }
    return reset
  }
}
