// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A video stream that a program sends, and what it hears of the other end's.
struct MediaStream: Sendable {
  var plan: StreamPlan
  /// The sender's number for it (SSRC).
  var number: UInt32
  /// Nil before its first piece.
  var startedAt: Instant?
  private(set) var sent = 0
  private(set) var received = 0
  private(set) var delays = DelayCounter()

  init(_ plan: StreamPlan, number: UInt32 = 0, at start: Instant? = nil) {
    self.plan = plan
    self.number = number
    startedAt = start
  }

  /// The piece that is due, and how long until the next one is; nil at the end.
  mutating func next(at now: Instant) -> (piece: RTPPacket, wait: Interval?)? {
    guard sent < plan.packets else { return nil }
    let start = startedAt ?? now
    startedAt = start
    let piece = RTPPacket(stream: number, sequence: sent, sentAt: now, length: StreamPlan.payloadLength)
    sent += 1
    return (piece, sent < plan.packets ? start + plan.offset(after: sent) - now : nil)
  }

  mutating func count(_ piece: RTPPacket, at now: Instant) {
    received += 1
    delays.count(piece.delay(at: now))
  }
}

/// A program that has found a way to another host, by which a call can go.
protocol StreamCarrier: HostProgram {
  /// The number of the timer that the stream's pieces go by.
  static var streamTimer: Int { get }
  var stream: MediaStream? { get set }
  /// Whom the way leads to.
  var peerName: String { get }
  /// Whether it is open at this moment.
  var hasWay: Bool { get }
  /// Which way it is, as far as it is known.
  var way: TrafficReport.Way { get }

  /// Sends a piece on the way; where there is none at the moment, the piece is lost.
  mutating func carry(_ piece: RTPPacket, _ host: inout ProgramContext)
}

extension StreamCarrier {
  /// Begins to send a stream.
  mutating func beginStream(_ plan: StreamPlan, _ host: inout ProgramContext) {
    stream = MediaStream(plan, number: UInt32(truncatingIfNeeded: host.generator.next()), at: host.now)
    host.setTimer(Self.streamTimer, after: .zero, .pressing)
  }

  /// Sends the next piece, and sees to it that the one after it will be sent.
  mutating func sendPiece(_ host: inout ProgramContext) {
    guard let (piece, wait) = stream?.next(at: host.now) else { return }
    if let wait { host.setTimer(Self.streamTimer, after: wait, .pressing) }
    carry(piece, &host)
  }

  /// Takes a piece of the other end's stream; false if the payload is something else.
  mutating func hear(_ payload: Payload, at now: Instant) -> Bool {
    guard let piece = RTPPacket(payload) else { return false }
    stream?.count(piece, at: now)
    return true
  }
}
