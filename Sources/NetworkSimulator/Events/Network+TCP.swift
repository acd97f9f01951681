// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// TCP at the hosts: handshake, data, close and reset (RFC 9293 §3.5, §3.6, §3.10). Nothing is retransmitted.
extension Network {
  /// Opens a connection: the SYN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func connect(
    from id: DeviceID, port: UInt16? = nil, to remote: Endpoint
  ) throws(HostError) -> Int {
    let (slot, address) = try sender(id, towards: remote.address)
    let local = Endpoint(address, port ?? hosts[slot].takeEphemeral(.tcp))
    let key = ConnectionKey(local: local, remote: remote)
    if let connection = hosts[slot].connections[key], connection.state != .synSent {
      throw .alreadyConnected(local: local, remote: remote)
    }
    return openConnection(key, from: id, slot, payload: .empty, timeToLive: 64)
  }

  /// Closes a connection: the FIN goes on the wire, the rest comes by itself.
  @discardableResult
  public mutating func close(from id: DeviceID, port: UInt16? = nil, to remote: Endpoint) throws(HostError) -> Int {
    let (slot, address) = try sender(id, towards: remote.address)
    guard let key = establishedConnection(slot, address, port: port, to: remote),
      var connection = hosts[slot].connections[key]
    else { throw .notConnected(host: devices[id.index].name, remote: remote) }
    let number = emitSegment([.fin, .ack], on: key, connection, from: id)
    connection.state = .finWait
    connection.sendNext &+= 1
    hosts[slot].connections[key] = connection
    return number
  }

  /// Data on a connection, or a lone SYN where there is none.
  mutating func sendSegment(
    from id: DeviceID, _ slot: Int, _ address: IPAddress, port: UInt16?, to remote: Endpoint, payload: Payload,
    _ timeToLive: UInt8
  ) throws(HostError) -> Int {
    if let key = establishedConnection(slot, address, port: port, to: remote) {
      return sendData(payload, on: key, from: id, slot, timeToLive: timeToLive, about: nil)
    }
    let local = Endpoint(address, port ?? hosts[slot].takeEphemeral(.tcp))
    let key = ConnectionKey(local: local, remote: remote)
    if let connection = hosts[slot].connections[key], connection.state != .synSent {
      throw .alreadyConnected(local: local, remote: remote)
    }
    return openConnection(key, from: id, slot, payload: payload, timeToLive: timeToLive)
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
    _ key: ConnectionKey, from id: DeviceID, _ slot: Int, payload: Payload, timeToLive: UInt8
  ) -> Int {
    hosts[slot].used.insert(LocalPort(transport: .tcp, port: key.local.port))
    let start = UInt32(truncatingIfNeeded: hosts[slot].generator.next())
    var connection = Connection(state: .synSent, sendNext: start, receiveNext: 0)
    let number = emitSegment(.syn, on: key, connection, from: id, payload: payload, timeToLive: timeToLive)
    connection.sendNext &+= 1 &+ UInt32(payload.length)
    connection.synPacket = number
    hosts[slot].connections[key] = connection
    unanswered.append(Unanswered(host: id, question: .connect, packet: number))
    return number
  }

  mutating func sendData(
    _ payload: Payload, on key: ConnectionKey, from id: DeviceID, _ slot: Int, timeToLive: UInt8, about: Int?
  ) -> Int {
    guard var connection = hosts[slot].connections[key] else { return 0 }
    let number = emitSegment(
      [.psh, .ack], on: key, connection, from: id, payload: payload, timeToLive: timeToLive, about: about)
    connection.sendNext &+= UInt32(payload.length)
    hosts[slot].connections[key] = connection
    return number
  }

  @discardableResult
  private mutating func emitSegment(
    _ flags: TCPFlags, on key: ConnectionKey, _ connection: Connection, from id: DeviceID, payload: Payload = .empty,
    timeToLive: UInt8 = 64, about: Int? = nil
  ) -> Int {
    var packet = Packet(.tcp, from: key.local, to: key.remote, timeToLive: timeToLive, payload: payload)
    packet.tcpFlags = flags
    packet.sequenceNumber = connection.sendNext
    packet.acknowledgementNumber = flags.contains(.ack) ? connection.receiveNext : 0
    return emit(packet, from: id, about: about)
  }

  mutating func receiveSegment(_ flight: Flight, _ slot: Int) {
    let packet = flight.packet
    let key = ConnectionKey(local: packet.destination, remote: packet.source)
    guard let connection = hosts[slot].connections[key] else {
      receiveUnconnected(flight, key, slot)
      return
    }
    if packet.tcpFlags.contains(.rst) {
      record(.delivered, at: flight.to, packet, number: flight.number)
      settle(.connect, at: flight.to) { $0.number == connection.synPacket }
      hosts[slot].connections[key] = nil
      return
    }
    record(.delivered, at: flight.to, packet, number: flight.number)
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
    let flags = flight.packet.tcpFlags
    switch state {
    case .synSent:
      settle(.connect, at: flight.to) { $0.number == connection.synPacket }
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
      }
    case .synReceived:
      if flags.contains(.ack) { next.state = .established }
      hosts[slot].connections[key] = next
      if flags.contains(.fin) { closePassively(key, next, flight, slot) }
      if flags.contains(.syn), !flags.contains(.ack) { answerSYN(key, flight, slot) }
    case .established:
      if flags.contains(.fin) {
        closePassively(key, next, flight, slot)
      } else {
        hosts[slot].connections[key] = next
        let hasData = flight.packet.payload.length > 0
        if hasData || flags.contains(.psh) { lastDelivered = (flight.packet, flight.number, flight.to) }
        if hasData || flags.contains(.syn) {
          emitSegment(.ack, on: key, next, from: flight.to, about: flight.number)
        }
      }
    case .finWait:
      if flags.contains(.fin) {
        hosts[slot].connections[key] = nil
        emitSegment(.ack, on: key, next, from: flight.to, about: flight.number)
      } else {
        hosts[slot].connections[key] = next
      }
    case .lastAck:
      hosts[slot].connections[key] = flags.contains(.ack) ? nil : next
    }
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
    let packet = flight.packet
    if packet.tcpFlags.contains(.syn), !packet.tcpFlags.contains(.ack) {
      if hosts[slot].accepts(.tcp, packet.destination.port) {
        record(.delivered, at: flight.to, packet, number: flight.number)
        answerSYN(key, flight, slot)
      } else {
        record(.dropped, .portClosed, at: flight.to, packet, number: flight.number)
        reset(key, packet, flight)
      }
      return
    }
    // The last acknowledgement of a close may come when all is forgotten.
    record(.dropped, .invalid, at: flight.to, packet, number: flight.number)
    if !packet.tcpFlags.contains(.rst) { reset(key, packet, flight) }
  }

  private mutating func answerSYN(_ key: ConnectionKey, _ flight: Flight, _ slot: Int) {
    let packet = flight.packet
    let start = UInt32(truncatingIfNeeded: hosts[slot].generator.next())
    var connection = Connection(
      state: .synReceived, sendNext: start,
      receiveNext: packet.sequenceNumber &+ 1 &+ UInt32(packet.payload.length))
    emitSegment([.syn, .ack], on: key, connection, from: flight.to, about: flight.number)
    connection.sendNext &+= 1
    hosts[slot].connections[key] = connection
    hosts[slot].used.insert(LocalPort(transport: .tcp, port: key.local.port))
  }

  /// "There is no such connection" (RFC 9293 §3.5.2).
  private mutating func reset(_ key: ConnectionKey, _ packet: Packet, _ flight: Flight) {
    var reset = Packet(.tcp, from: key.local, to: key.remote)
    if packet.tcpFlags.contains(.ack) {
      reset.tcpFlags = .rst
      reset.sequenceNumber = packet.acknowledgementNumber
    } else {
      reset.tcpFlags = [.rst, .ack]
      let length = UInt32(packet.payload.length) &+ (packet.tcpFlags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
      reset.acknowledgementNumber = packet.sequenceNumber &+ length
    }
    emit(reset, from: flight.to, about: flight.number)
  }
}
