// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Sending a capture's packets from a host, at their pace.
struct Replay {
  /// Millionths of the capture's own pace.
  static let ownPace: Int64 = 1_000_000

  let host: DeviceID
  let speed: Int64
  /// Only packets from there; nil for all.
  let sender: IPAddress?
  /// At most so many packets of the file.
  let limit: Int
  /// What of the wait for the packet after those is done, in events.
  let eventsAfter: Int

  private(set) var sent = 0
  private(set) var read = 0
  private(set) var skipped = SkippedFrames()
  private(set) var damage: CaptureFault?
  private(set) var wasStopped = false
  /// The events of the wait in which it was stopped.
  private(set) var eventsBeforeStop = 0
  private(set) var digest = FrameDigest()

  init(host: DeviceID, speed: Int64, sender: IPAddress?, limit: Int, eventsAfter: Int) {
    self.host = host
    self.speed = speed
    self.sender = sender
    self.limit = limit
    self.eventsAfter = eventsAfter
  }

  /// Reads on and sends until the file ends, becomes bad, or the monitor stops it.
  mutating func run(_ reader: inout CaptureReader, in session: inout Session) throws(CommandError) {
    let start = session.clock
    var first: Int64?
    while read < limit || eventsAfter > 0 {
      if read & 1_023 == 1_023, session.monitor?.goesOn(.reading, read) == false {
        wasStopped = true
        return
      }
      let frame: CapturedFrame
      do throws(CaptureFault) {
        guard let next = try reader.next() else { return }
        frame = next
      } catch {
        damage = error
        return
      }
      guard let packet = packet(in: frame) else {
        count(frame)
        continue
      }
      let began = first ?? frame.time
      first = began
      let due = start + delay(from: began, to: frame.time)
      guard due <= Session.endOfTime else { throw CommandError(.endOfTime) }
      guard read < limit else {
        (eventsBeforeStop, wasStopped) = session.handleEvents(until: due, atMost: eventsAfter)
        return
      }
      if due > session.clock, !wait(until: due, in: &session) { return }
      count(frame)
      send(packet, in: &session)
    }
  }

  private mutating func count(_ frame: CapturedFrame) {
    digest.add(frame)
    read += 1
  }

  /// The packet of a frame that is to be sent; another one's reason is counted.
  private mutating func packet(in frame: CapturedFrame) -> Packet? {
    let packet: Packet
    do throws(CapturedFrame.Uselessness) {
      packet = try frame.packet()
    } catch {
      skipped.count(error)
      return nil
    }
    if let sender, packet.source.address != sender {
      skipped.countOther()
      return nil
    }
    return packet
  }

  /// The time between two packets, at the speed. What is older than the first packet comes at once.
  private func delay(from first: Int64, to time: Int64) -> Interval {
    let (distance, overflow) = time.subtractingReportingOverflow(first)
    guard !overflow else { return Interval(microseconds: time > first ? Session.endOfTime.microseconds : 0) }
    let nanoseconds = UInt64(max(distance, 0))
    let (high, low) = nanoseconds.multipliedFullWidth(by: 1_000)
    let divisor = UInt64(speed)
    guard high < divisor else { return Interval(microseconds: Session.endOfTime.microseconds) }
    let microseconds = divisor.dividingFullWidth((high, low)).quotient
    return Interval(microseconds: Int64(min(microseconds, UInt64(Session.endOfTime.microseconds))))
  }

  /// Lets everything that is due happen; false if the monitor stopped it.
  private mutating func wait(until due: Instant, in session: inout Session) -> Bool {
    let (events, stopped) = session.handleEvents(until: due)
    if stopped {
      wasStopped = true
      eventsBeforeStop = events
      return false
    }
    session.network.moveClock(to: due)
    return true
  }

  private mutating func send(_ packet: Packet, in session: inout Session) {
    do throws(HostError) {
      try session.network.resend(packet, from: host)
      sent += 1
    } catch {
      skipped.countUnsendable()
    }
  }
}

/// What of a capture has not been sent, and why.
struct SkippedFrames: Sendable {
  private(set) var reasons: [(word: String, words: String, count: Int)] = []

  mutating func count(_ reason: CapturedFrame.Uselessness) { count(reason.word, reason.words) }

  /// A packet of somebody else.
  mutating func countOther() { count("other-sender", said("from another address")) }

  /// A packet to an address that the host cannot send to.
  mutating func countUnsendable() { count("not-sendable", said("to an address to which the host cannot send")) }

  private mutating func count(_ word: String, _ words: String) {
    if let index = reasons.firstIndex(where: { $0.words == words }) {
      reasons[index].count += 1
    } else if reasons.count < Self.most {
      reasons.append((word, words, 1))
    } else {
      reasons[Self.most - 1].count += 1
    }
  }

  /// A file may claim to have links of thousands of types.
  private static let most = 32
}

/// A number that tells whether the frames of a file are the same as before (FNV-1a).
struct FrameDigest: Hashable, Sendable {
  private var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ frame: CapturedFrame) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: frame.time >> shift)) }
    for byte in frame.bytes { add(byte) }
  }

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(byte) }
  }

  /// As a number.
  var number: UInt64 { value }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// As it is typed: 16 hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
