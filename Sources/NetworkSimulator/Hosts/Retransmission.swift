// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The segments of a connection that have not been acknowledged, and when the oldest is sent again (RFC 6298).
struct Retransmission: Sendable {
  /// The first timeout, and the shortest (RFC 6298 §2.1, §2.4).
  static let shortest = Interval.seconds(1)
  /// How often a segment is sent again before the connection is given up: as often as Linux sends a SYN, for 127
  /// seconds. RFC 9293 §3.8.3 wants at least 100 seconds, and three minutes for a SYN.
  static let mostAttempts = 6

  /// The oldest first, each as it was sent.
  var segments: [Packet] = []
  var timeout = Self.shortest
  /// ``Instant/never`` if nothing is waiting.
  var due = Instant.never
  /// How often the oldest has been sent again.
  var attempts = 0
  /// When the oldest was sent first.
  var since = Instant.zero
  /// The round-trip time, smoothed, and its variation; nil before the first measurement.
  private var smoothed: Int64?
  private var variation: Int64 = 0
  /// The segment that is being timed: its end, and when it left. One that was sent again is not (Karn's rule, §3).
  private var timed: (end: UInt32, at: Instant)?

  mutating func add(_ segment: Packet, at now: Instant) {
    if segments.isEmpty {
      (due, since) = (now + timeout, now)
    }
    segments.append(segment)
    if timed == nil, attempts == 0 { timed = (segment.sequenceEnd, now) }
  }

  /// Takes out what is acknowledged by `number`; the timer begins again for the rest (§5.2, §5.3).
  mutating func acknowledge(_ number: UInt32, at now: Instant) {
    let left = segments.filter { Self.isAfter($0.sequenceEnd, number) }
    guard left.count < segments.count else { return }
    segments = left
    if let timed, !Self.isAfter(timed.end, number) {
      measure((now - timed.at).microseconds)
      self.timed = nil
    }
    attempts = 0
    timeout = computedTimeout
    (due, since) = left.isEmpty ? (.never, now) : (now + timeout, now)
  }

  /// The oldest segment is sent again, and the next time later (§5.4 to §5.6).
  mutating func backOff(at now: Instant) {
    attempts += 1
    timed = nil
    timeout = timeout + timeout
    due = now + timeout
  }

  private mutating func measure(_ sample: Int64) {
    guard let old = smoothed else {
      (smoothed, variation) = (sample, sample / 2)
      return
    }
    variation = (3 * variation + abs(old - sample)) / 4
    smoothed = (7 * old + sample) / 8
  }

  private var computedTimeout: Interval {
    guard let smoothed else { return Self.shortest }
    return max(Self.shortest, Interval(microseconds: smoothed + 4 * variation))
  }

  /// Whether sequence number `left` comes after `right`.
  static func isAfter(_ left: UInt32, _ right: UInt32) -> Bool { Int32(bitPattern: left &- right) > 0 }
}

extension Packet {
  /// The sequence numbers that a segment takes up.
  var sequenceLength: UInt32 {
    var length = UInt32(truncatingIfNeeded: payload.length)
    for flag in [TCPFlags.syn, .fin] where tcpFlags.contains(flag) { length &+= 1 }
    return length
  }

  /// The sequence number after the segment's last.
  var sequenceEnd: UInt32 { sequenceNumber &+ sequenceLength }
}

extension Host {
  /// Whether it waits for the acknowledgement of anything that it would send again.
  var awaitsAcknowledgement: Bool { retransmissions.values.contains { !$0.segments.isEmpty } }

  /// The connection whose oldest segment is sent again next.
  var nextRetransmission: (key: ConnectionKey, due: Instant)? {
    let next = retransmissions.filter { $0.value.due < .never }.min {
      ($0.value.due, $0.key.local.port, $0.key.remote.port) < ($1.value.due, $1.key.local.port, $1.key.remote.port)
    }
    return next.map { ($0.key, $0.value.due) }
  }

  /// Remembers a segment that has been sent, if it takes up sequence numbers and is a connection's.
  mutating func noteSent(_ packet: Packet, at now: Instant) {
    let key = ConnectionKey(local: packet.source, remote: packet.destination)
    guard connections[key] != nil, packet.sequenceLength > 0, !packet.tcpFlags.contains(.rst) else { return }
    var entry = retransmissions[key] ?? Retransmission()
    // A SYN begins anew; anything else may be a segment that was sent before.
    if packet.tcpFlags.contains(.syn), entry.segments.first?.sequenceNumber != packet.sequenceNumber {
      entry = Retransmission()
    }
    guard !entry.segments.contains(where: { $0.sequenceNumber == packet.sequenceNumber }) else { return }
    entry.add(packet, at: now)
    retransmissions[key] = entry
  }

  /// Takes note of what a segment acknowledges.
  mutating func noteAcknowledged(by packet: Packet, on key: ConnectionKey, at now: Instant) {
    // An acknowledgement of what has not been sent is of another connection.
    guard packet.tcpFlags.contains(.ack), retransmissions[key] != nil, let connection = connections[key],
      !Retransmission.isAfter(packet.acknowledgementNumber, connection.sendNext)
    else { return }
    retransmissions[key]?.acknowledge(packet.acknowledgementNumber, at: now)
  }

  /// The oldest unacknowledged segment of a connection, cut to what is known to fit by now.
  mutating func segmentToSendAgain(on key: ConnectionKey, at now: Instant) -> Packet? {
    guard let entry = retransmissions[key], let oldest = entry.segments.first else { return nil }
    let pieces = oldest.pieces(within: largestSegment(on: key, at: now))
    retransmissions[key]?.segments.replaceSubrange(0..<1, with: pieces)
    retransmissions[key]?.backOff(at: now)
    return pieces.first
  }

  /// The most data that fits into a segment towards a connection's other end: what that takes, and what is known of the
  /// path (RFC 1191 §6.4).
  func largestSegment(on key: ConnectionKey, at now: Instant) -> Int {
    let agreed = Int(connections[key]?.largestSegment ?? .max)
    guard let path = pathMTU[key.remote.address], path.until > now else { return agreed }
    return max(min(agreed, path.length - key.remote.address.family.headerLength - 20), 1)
  }
}

extension Packet {
  /// Cuts a segment's data into segments of at most `limit` bytes.
  func pieces(within limit: Int) -> [Packet] {
    guard payload.length > limit, limit > 0 else { return [self] }
    var offset = 0
    return payload.pieces(of: limit).map { piece in
      var segment = self
      segment.payload = piece
      segment.sequenceNumber = sequenceNumber &+ UInt32(truncatingIfNeeded: offset)
      offset += piece.length
      if offset < payload.length { segment.tcpFlags.subtract([.fin, .psh]) }
      return segment
    }
  }
}

extension Payload {
  /// The payload in pieces of `length` bytes, the last perhaps shorter.
  func pieces(of length: Int) -> [Payload] {
    if case .filler(let count) = self {
      return stride(from: 0, to: count, by: length).map { .filler(min(length, count - $0)) }
    }
    guard let bytes else { return [self] }
    return stride(from: 0, to: bytes.count, by: length).map {
      Payload(bytes: bytes[$0..<min($0 + length, bytes.count)])
    }
  }
}
