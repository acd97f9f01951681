// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A TCP connection between an inside host and a remote, or something like one.
///
/// Sequence numbers are always those that a router expects that has seen the same segments: natsh goes by flags, the
/// kernel by windows as well, and they are compared only where both can judge.
struct Conversation {
  let inside: Endpoint
  let remote: Endpoint
  /// The inside's endpoint as seen from outside, once anything got there.
  private(set) var outside: Endpoint?
  /// The sequence number after all that a side has sent and that got through.
  private var next: [Side: UInt32]
  /// Whether the outside has said, since the inside last asked, from which number it counts and how much it takes.
  private var outsideCounts = false
  /// The same of the inside, since the outside last asked or answered.
  private var insideCounts = false
  /// Whether a side has reset the connection, and the inside has not asked again. Later segments are passed and mostly
  /// not counted.
  private var isBroken = false
  /// Whether the inside has answered a request from outside: then the outside's answer is passed and not counted.
  private var insideHasAnswered = false
  /// The number of the plan's segments already sent.
  private var done = 0
  private let plan: [Move]

  typealias Move = (side: Side, flags: TCPFlags, length: Int)

  init(inside: Endpoint, remote: Endpoint, generator: inout SeededGenerator) {
    self.inside = inside
    self.remote = remote
    // The outside counts from a little below 0, which is where the kernel has it before it has said anything: so what
    // the inside acknowledges is right either way.
    next = [
      .inside: UInt32(truncatingIfNeeded: generator.next() >> 40),
      .outside: 0 &- 60_000 &+ UInt32(generator.below(20_000)),
    ]
    plan = Self.plans[Int(generator.below(UInt64(Self.plans.count)))]
  }

  /// Conversations as they should be, and as they sometimes are.
  private static let plans: [[Move]] = {
    let open: [Move] = [(.inside, .syn, 0), (.outside, [.syn, .ack], 0), (.inside, .ack, 0)]
    let both: [Move] = [
      (.inside, .syn, 0), (.outside, .syn, 0), (.inside, [.syn, .ack], 0), (.outside, [.syn, .ack], 0),
    ]
    let talk: [Move] = [
      (.inside, [.psh, .ack], 5), (.outside, .ack, 0), (.outside, [.psh, .ack], 9), (.inside, .ack, 0),
    ]
    let close: [Move] = [
      (.inside, [.fin, .ack], 0), (.outside, .ack, 0), (.outside, [.fin, .ack], 0), (.inside, .ack, 0),
    ]
    let closed: [Move] = [
      (.outside, [.fin, .ack], 0), (.inside, .ack, 0), (.inside, [.fin, .ack], 0), (.outside, .ack, 0),
    ]
    let crossed: [Move] = [
      (.inside, [.fin, .ack], 0), (.outside, [.fin, .ack], 0), (.inside, .ack, 0), (.outside, .ack, 0),
    ]
    let again: [Move] = open + talk
    return [
      open + talk + close + again, open + talk + closed + again, open + close + again, open + talk + crossed + again,
      both + [(.inside, .ack, 0)] + talk + close, talk + close, Array(talk.dropFirst(1)) + close,
      open + [(.outside, .rst, 0)] + again, open + talk + [(.inside, .rst, 0)] + again,
      [(.inside, .syn, 0), (.outside, [.rst, .ack], 0)] + again, [(.inside, .syn, 0), (.inside, .rst, 0)] + again,
      open + talk + close + [(.outside, .syn, 0)] + again,
    ]
  }()

  private static let anything: [TCPFlags] = [
    .syn, [.syn, .ack], .ack, .ack, [.psh, .ack], [.fin, .ack], .rst, [.rst, .ack], .fin, [], [.syn, .fin],
    [.syn, .rst], [.ack, .urg], [.syn, .ece, .cwr],
  ]

  /// The plan's next segment or, now and then, an arbitrary one.
  mutating func choose(generator: inout SeededGenerator) -> Move {
    if outside == nil || generator.below(100) >= 16, done < plan.count {
      done += 1
      let move = plan[done - 1]
      return move.side == .outside && outside == nil ? (.inside, .syn, 0) : move
    }
    let flags = Self.anything[Int(generator.below(UInt64(Self.anything.count)))]
    let hasData = flags.contains(.ack) && flags.isDisjoint(with: [.syn, .rst]) && generator.below(4) == 0
    return (generator.below(2) == 0 || outside == nil ? .inside : .outside, flags, hasData ? 7 : 0)
  }

  /// The router has forgotten it, and given its outside endpoint to another.
  mutating func lose() {
    outside = nil
    (outsideCounts, insideCounts) = (false, false)
    done = 0
  }

  /// Whether the other side has said how much it takes from this one.
  private func hasWindow(_ side: Side) -> Bool { side == .inside ? outsideCounts : insideCounts }

  func segment(from side: Side, _ flags: TCPFlags, length: Int) -> Packet {
    let ends = side == .inside ? (inside, remote) : (remote, outside ?? Endpoint(World.outside, inside.port))
    // Earlier segments are passed and not counted, and a router would later not know what is acknowledged.
    let carries = length > 0 && (outside == nil || hasWindow(side))
    var packet = Packet(.tcp, from: ends.0, to: ends.1, payload: carries ? .filler(length) : .empty)
    packet.tcpFlags = flags
    // A request, repeated or new, comes before what follows.
    packet.sequenceNumber = number(side) &- (flags.contains(.syn) ? 1 : 0)
    if flags.contains(.ack) { packet.acknowledgementNumber = number(side.other) }
    return packet
  }

  private func number(_ side: Side) -> UInt32 { next[side] ?? 0 }

  mutating func passed(_ packet: Packet, from side: Side, outside: Endpoint) {
    if side == .inside, packet.tcpFlags.contains(.syn), !packet.tcpFlags.contains(.ack) { isBroken = false }
    if packet.tcpFlags.contains(.rst) {
      isBroken = true
      (outsideCounts, insideCounts) = (false, false)
    }
    if !isBroken { learnWindows(packet, from: side) }
    if self.outside == nil, packet.tcpFlags.isDisjoint(with: .syn) {
      (outsideCounts, insideCounts, isBroken) = (true, true, false)
    }
    self.outside = outside
    var end = packet.sequenceNumber &+ UInt32(packet.payload.length)
    if packet.tcpFlags.contains(.syn) { end &+= 1 }
    if packet.tcpFlags.contains(.fin), hasWindow(side) { end &+= 1 }
    next[side] = end
  }

  private mutating func learnWindows(_ packet: Packet, from side: Side) {
    switch (side, packet.tcpFlags.contains(.syn), packet.tcpFlags.contains(.ack)) {
    case (_, true, false): (outsideCounts, insideCounts, insideHasAnswered) = (false, false, false)
    case (.inside, true, true): insideHasAnswered = true
    case (.inside, false, true): insideCounts = true
    case (.outside, true, true): if !insideHasAnswered { (outsideCounts, insideCounts) = (true, false) }
    case (.outside, false, true): if insideHasAnswered { outsideCounts = true }
    default: break
    }
  }
}
