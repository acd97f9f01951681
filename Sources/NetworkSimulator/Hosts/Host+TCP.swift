// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A host's reaction to a segment.
struct SegmentOutcome: Sendable {
  /// Why the segment went no further; nil for one that was received.
  var dropped: DropReason?
  /// The segment sent back.
  var answer: Packet?
  /// Whether the connection is open now and was not before.
  var opens = false
  /// Other news in it for the port's owner.
  var news: Delivery.Content?
  /// Whether it answers a SYN of the host's own.
  var settlesConnect = false
  /// Whether a bare `reply` answers it.
  var isReplyable = false
}

/// TCP at a host: handshake, data, close and reset (RFC 9293 §3.5, §3.6, §3.10). What is sent again, if anything, is
/// ``Retransmission``'s matter.
///
/// A host is handed segments and returns segments to send; it knows nothing of the network around it.
extension Host {
  /// The SYN of a new connection, which may carry data.
  mutating func open(_ key: ConnectionKey, payload: Payload, at now: Instant) throws(HostError) -> Packet {
    switch connections[key]?.state {
    case .established, .synReceived: throw .alreadyConnected(local: key.local, remote: key.remote)
    case .timeWait:
      let left = (connections[key]?.until ?? now) - now
      if left > .zero { throw .inTimeWait(local: key.local, remote: key.remote, left: left) }
    // A connection that never opened, or whose end was lost on the way, does not block a new one: nothing is
    // retransmitted, so it would do so for ever.
    case .synSent, .finWait, .lastAck, nil: break
    }
    use(.tcp, key.local.port)
    let start = UInt32(truncatingIfNeeded: generator.next())
    var connection = Connection(state: .synSent, sendNext: start, receiveNext: 0)
    var packet = connection.segment(.syn, on: key, payload: payload)
    packet.maximumSegmentSize = announcedSegmentSize(key)
    connection.sendNext &+= 1 &+ UInt32(payload.length)
    connections[key] = connection
    return packet
  }

  /// The FIN of an open connection; nil if there is none.
  mutating func close(_ key: ConnectionKey) -> Packet? {
    guard var connection = connections[key], connection.state == .established else { return nil }
    let packet = connection.segment([.fin, .ack], on: key)
    connection.state = .finWait
    connection.sendNext &+= 1
    connections[key] = connection
    return packet
  }

  /// Data on an open connection, in segments that the other side takes; empty if there is no connection.
  mutating func segments(carrying payload: Payload, on key: ConnectionKey, at now: Instant) -> [Packet] {
    guard var connection = connections[key], connection.state == .established else { return [] }
    let packet = connection.segment([.psh, .ack], on: key, payload: payload)
    connection.sendNext &+= UInt32(payload.length)
    connections[key] = connection
    return packet.pieces(within: largestSegment(on: key, at: now))
  }

  /// The maximum segment size that a SYN announces (RFC 9293 §3.7.1).
  func announcedSegmentSize(_ key: ConnectionKey) -> UInt16 {
    linkMTU - min(linkMTU - 1, UInt16(key.local.address.family.headerLength) + 20)
  }

  /// The open connection with `remote`, from `port` if one is given, else the lowest.
  func establishedConnection(from address: IPAddress, port: UInt16?, to remote: Endpoint) -> ConnectionKey? {
    if let port {
      let key = ConnectionKey(local: Endpoint(address, port), remote: remote)
      return connections[key]?.state == .established ? key : nil
    }
    return
      connections
      .filter { $0.value.state == .established && $0.key.remote == remote && $0.key.local.address == address }
      .map(\.key).min { $0.local.port < $1.local.port }
  }

  /// Handles a segment.
  mutating func receive(segment packet: Packet, at now: Instant) -> SegmentOutcome {
    let key = ConnectionKey(local: packet.destination, remote: packet.source)
    guard let connection = connections[key] else { return receiveUnconnected(packet, key) }
    defer { if retransmits, connections[key] == nil { retransmissions[key] = nil } }
    if connection.state == .timeWait { return receiveInTimeWait(packet, key, connection, at: now) }
    if retransmits {
      noteAcknowledged(by: packet, on: key, at: now)
      if Self.isOutOfOrder(packet, connection) { return SegmentOutcome(answer: connection.segment(.ack, on: key)) }
    }
    var outcome = SegmentOutcome(settlesConnect: connection.state == .synSent)
    if packet.tcpFlags.contains(.rst) {
      connections[key] = nil
      outcome.news = .reset
      return outcome
    }
    var next = connection
    next.receiveNext = packet.sequenceNumber &+ UInt32(packet.payload.length)
    if !packet.tcpFlags.isDisjoint(with: [.syn, .fin]) { next.receiveNext &+= 1 }
    if packet.tcpFlags.contains(.syn) {
      let least: UInt16 = key.local.address.isIPv4 ? 536 : 1_220
      next.largestSegment = packet.maximumSegmentSize ?? least
    }
    advance(key, from: connection, to: next, by: packet, &outcome)
    if connections[key]?.state == .timeWait { connections[key]?.until = now + timeWait }
    return outcome
  }

  /// Whether a segment is not the next one of an open connection: it came before, or one before it is missing.
  private static func isOutOfOrder(_ packet: Packet, _ connection: Connection) -> Bool {
    switch connection.state {
    case .established, .finWait, .lastAck:
      packet.sequenceLength > 0 && packet.tcpFlags.isDisjoint(with: [.syn, .rst])
        && packet.sequenceNumber != connection.receiveNext
    case .synSent, .synReceived, .timeWait: false
    }
  }

  /// Handles a segment of a connection that was closed a while ago (RFC 9293 §3.10.7.4, RFC 6191).
  private mutating func receiveInTimeWait(
    _ packet: Packet, _ key: ConnectionKey, _ connection: Connection, at now: Instant
  ) -> SegmentOutcome {
    if connection.until <= now {
      connections[key] = nil
      return receiveUnconnected(packet, key)
    }
    let flags = packet.tcpFlags
    if flags.contains(.rst) {
      // It is gone at once, for good or ill (RFC 1337).
      connections[key] = nil
    } else if flags.contains(.syn), !flags.contains(.ack) {
      // A new connection may take its place only if none of its numbers can be mistaken for an old one.
      if Retransmission.isAfter(packet.sequenceNumber, connection.receiveNext) {
        return SegmentOutcome(answer: answerSYN(packet, key))
      }
      return SegmentOutcome(dropped: .timeWait, answer: connection.segment(.ack, on: key))
    } else if flags.contains(.fin) {
      connections[key]?.until = now + timeWait
      return SegmentOutcome(answer: connection.segment(.ack, on: key))
    }
    return SegmentOutcome()
  }

  /// Moves a connection on by a segment that belongs to it.
  private mutating func advance(
    _ key: ConnectionKey, from connection: Connection, to following: Connection, by packet: Packet,
    _ outcome: inout SegmentOutcome
  ) {
    var next = following
    let flags = packet.tcpFlags
    switch connection.state {
    case .synSent:
      if flags.contains([.syn, .ack]) {
        next.state = .established
        connections[key] = next
        outcome.answer = next.segment(.ack, on: key)
        outcome.opens = true
      } else if flags.contains(.syn) {
        // Both sides opened at once (RFC 9293 §3.5): the SYN is sent again, with an acknowledgement of the other one.
        next.state = .synReceived
        connections[key] = next
        var again = next
        again.sendNext &-= 1
        var answer = again.segment([.syn, .ack], on: key)
        answer.maximumSegmentSize = announcedSegmentSize(key)
        outcome.answer = answer
      } else if flags.contains(.ack) {
        // The other side is still in a connection that this one has forgotten (RFC 9293 §3.5.1).
        outcome.answer = packet.reset
      }
    case .synReceived:
      guard flags.contains(.ack) else {
        guard flags.contains(.syn) else { return }
        outcome.answer = next == connection ? answerAgain(connection, key) : answerSYN(packet, key)
        return
      }
      next.state = .established
      outcome.opens = true
      if flags.contains(.syn) {
        connections[key] = next
      } else {
        receiveOnEstablished(packet, key, next, &outcome)
      }
    case .established: receiveOnEstablished(packet, key, next, &outcome)
    case .finWait:
      connections[key] = next
      guard flags.contains(.fin) else {
        if packet.payload.length > 0 { outcome.answer = next.segment(.ack, on: key) }
        return
      }
      // If both sides closed at once, the acknowledgement of our own FIN is still to come.
      let isAcknowledged = packet.acknowledgementNumber == next.sendNext
      next.state = isAcknowledged ? .timeWait : .lastAck
      connections[key] = isAcknowledged && timeWait == .zero ? nil : next
      outcome.answer = next.segment(.ack, on: key)
      outcome.news = .closed
    case .lastAck:
      if flags.contains(.syn), !flags.contains(.ack) {
        outcome.answer = answerSYN(packet, key)
      } else {
        let isAcknowledged = flags.contains(.ack) && packet.acknowledgementNumber == next.sendNext
        connections[key] = isAcknowledged ? nil : next
      }
    case .timeWait: break
    }
  }

  /// The SYN+ACK once more, for a SYN that came once more.
  private func answerAgain(_ connection: Connection, _ key: ConnectionKey) -> Packet {
    var again = connection
    again.sendNext &-= 1
    var answer = again.segment([.syn, .ack], on: key)
    answer.maximumSegmentSize = announcedSegmentSize(key)
    return answer
  }

  private mutating func receiveOnEstablished(
    _ packet: Packet, _ key: ConnectionKey, _ connection: Connection, _ outcome: inout SegmentOutcome
  ) {
    let (flags, hasData) = (packet.tcpFlags, packet.payload.length > 0)
    outcome.isReplyable = hasData || flags.contains(.psh)
    if flags.contains(.fin) {
      // The other side closes: its FIN is acknowledged with our own, since there is nothing left to send.
      var next = connection
      outcome.answer = next.segment([.fin, .ack], on: key)
      outcome.news = .closed
      next.state = .lastAck
      next.sendNext &+= 1
      connections[key] = next
      return
    }
    if flags.contains(.syn) {
      // Not a part of this connection: the answer says where the connection is (RFC 5961 §4), and nothing changes.
      outcome.answer = connections[key]?.segment(.ack, on: key)
      return
    }
    connections[key] = connection
    guard hasData else { return }
    outcome.answer = connection.segment(.ack, on: key)
    outcome.news = .data(packet.payload)
  }

  /// Handles a segment without a connection.
  private mutating func receiveUnconnected(_ packet: Packet, _ key: ConnectionKey) -> SegmentOutcome {
    if packet.tcpFlags.contains(.syn), !packet.tcpFlags.contains(.ack) {
      guard accepts(.tcp, packet.destination.port) else {
        return SegmentOutcome(dropped: .portClosed, answer: packet.reset)
      }
      return SegmentOutcome(answer: answerSYN(packet, key))
    }
    // The last acknowledgement of a close may come when everything is forgotten.
    return SegmentOutcome(dropped: .invalid, answer: packet.tcpFlags.contains(.rst) ? nil : packet.reset)
  }

  private mutating func answerSYN(_ packet: Packet, _ key: ConnectionKey) -> Packet {
    let start = UInt32(truncatingIfNeeded: generator.next())
    var connection = Connection(
      state: .synReceived, sendNext: start,
      receiveNext: packet.sequenceNumber &+ 1 &+ UInt32(packet.payload.length))
    connection.largestSegment = packet.maximumSegmentSize ?? (key.local.address.isIPv4 ? 536 : 1_220)
    var answer = connection.segment([.syn, .ack], on: key)
    answer.maximumSegmentSize = announcedSegmentSize(key)
    connection.sendNext &+= 1
    connections[key] = connection
    use(.tcp, key.local.port)
    return answer
  }
}

extension Connection {
  /// The next segment of the connection.
  fileprivate func segment(_ flags: TCPFlags, on key: ConnectionKey, payload: Payload = .empty) -> Packet {
    var packet = Packet(.tcp, from: key.local, to: key.remote, payload: payload)
    packet.tcpFlags = flags
    packet.sequenceNumber = sendNext
    packet.acknowledgementNumber = flags.contains(.ack) ? receiveNext : 0
    return packet
  }
}

extension Packet {
  /// "There is no such connection", in answer to this segment (RFC 9293 §3.5.2).
  var reset: Packet {
    var reset = Packet(.tcp, from: destination, to: source)
    if tcpFlags.contains(.ack) {
      reset.tcpFlags = .rst
      reset.sequenceNumber = acknowledgementNumber
    } else {
      reset.tcpFlags = [.rst, .ack]
      var length = UInt32(payload.length)
      for flag in [TCPFlags.syn, .fin] where tcpFlags.contains(flag) { length &+= 1 }
      reset.acknowledgementNumber = sequenceNumber &+ length
    }
    return reset
  }
}
