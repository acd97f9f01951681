// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What the packets of a capture tell of the network in which it was made, gathered in bounded memory.
struct CaptureSurvey: Sendable {
  /// A host's endpoint inside, in one protocol.
  struct Flow: Hashable, Sendable {
    var transport: TransportProtocol
    var inside: Endpoint
  }

  /// An outside endpoint that a flow was given towards a remote.
  struct Translation: Hashable, Sendable {
    var remote: Endpoint
    var outside: Endpoint
  }

  /// A packet from outside to an outside endpoint that was in use.
  struct Knock: Hashable, Sendable {
    /// Whether the inside had written to the sender before.
    enum Acquaintance: Hashable, Sendable {
      case none
      case address
      case endpoint
    }

    var transport: TransportProtocol
    var remote: Endpoint
    var outside: Endpoint
    var acquaintance: Acquaintance
    var passed: Bool
  }

  /// What stays the same of a packet that a NAT passes on, with its far end.
  private struct Content: Hashable {
    var isOutbound: Bool
    var transport: TransportProtocol
    var farEnd: Endpoint
    var sequence: UInt32
    var flags: UInt8
    var length: Int
    var digest: UInt64
  }

  private struct Sighting {
    var nearEnd: Endpoint
    var time: Int64
  }

  /// Addresses, flows and knocks that are remembered.
  private static let most = 4_096
  /// Translations of one flow that are remembered.
  private static let mostTranslations = 64
  /// Packets of which the other side may still come.
  private static let mostWaiting = 8_192
  /// A NAT does not take longer to pass a packet on, in nanoseconds.
  private static let longestCrossing: Int64 = 1_000_000_000

  private(set) var packets = 0
  private(set) var skipped = SkippedFrames()
  /// The addresses that were seen, and how often.
  private(set) var senders: [IPAddress: Int] = [:]
  private(set) var receivers: [IPAddress: Int] = [:]
  private(set) var translations: [Flow: [Translation]] = [:]
  private(set) var knocks: Set<Knock> = []
  /// Addresses for which there was no room.
  private(set) var forgotten = 0

  private var waiting: [Content: Sighting] = [:]
  /// The remotes to which an outside endpoint has written.
  private var contacts: [Flow: Set<Endpoint>] = [:]

  /// Adds a frame.
  mutating func add(_ frame: CapturedFrame) {
    let packet: Packet
    do throws(CapturedFrame.Uselessness) {
      packet = try frame.packet()
    } catch {
      skipped.count(error)
      return
    }
    packets += 1
    if !Self.count(packet.source.address, in: &senders) { forgotten += 1 }
    if !Self.count(packet.destination.address, in: &receivers) { forgotten += 1 }
    guard !packet.icmp.isError else { return }
    let (from, to) = (packet.source.address.isInside, packet.destination.address.isInside)
    switch (from, to) {
    case (true, false): wait(for: packet, isOutbound: true, at: frame.time)
    case (false, false):
      leave(packet, at: frame.time)
      knock(packet, at: frame.time)
    case (false, true): enter(packet, at: frame.time)
    case (true, true): break
    }
  }

  /// Judges what is still waiting: the other side has not come.
  mutating func end() { expire(before: .max) }

  /// Counts an address; false if there is no room for another.
  private static func count(_ address: IPAddress, in counts: inout [IPAddress: Int]) -> Bool {
    guard counts[address] != nil || counts.count < most else { return false }
    counts[address, default: 0] += 1
    return true
  }

  private func content(of packet: Packet, isOutbound: Bool) -> Content {
    var farEnd = isOutbound ? packet.destination : packet.source
    // A query's identifier is translated, wherever it stands.
    if packet.transport == .icmp { farEnd.port = 0 }
    var digest = FrameDigest()
    digest.add(packet.payload.bytes ?? [])
    return Content(
      isOutbound: isOutbound, transport: packet.transport, farEnd: farEnd,
      sequence: packet.transport == .icmp ? UInt32(packet.icmpSequence) : packet.sequenceNumber,
      flags: packet.tcpFlags.rawValue, length: packet.length, digest: digest.number)
  }

  private mutating func wait(for packet: Packet, isOutbound: Bool, at time: Int64) {
    if waiting.count >= Self.mostWaiting { expire(before: time - Self.longestCrossing) }
    if waiting.count >= Self.mostWaiting { waiting = [:] }
    let nearEnd = isOutbound ? packet.source : packet.destination
    waiting[content(of: packet, isOutbound: isOutbound)] = Sighting(nearEnd: nearEnd, time: time)
  }

  /// A packet that went out, if it was seen inside just before.
  private mutating func leave(_ packet: Packet, at time: Int64) {
    let content = content(of: packet, isOutbound: true)
    guard let seen = waiting[content], time - seen.time <= Self.longestCrossing else { return }
    waiting[content] = nil
    let flow = Flow(transport: packet.transport, inside: seen.nearEnd)
    guard translations[flow] != nil || translations.count < Self.most else { return }
    let translation = Translation(remote: packet.destination, outside: packet.source)
    if translations[flow]?.contains(translation) != true, (translations[flow]?.count ?? 0) < Self.mostTranslations {
      translations[flow, default: []].append(translation)
    }
    let outside = Flow(transport: packet.transport, inside: packet.source)
    if (contacts[outside]?.count ?? 0) < Self.mostTranslations {
      contacts[outside, default: []].insert(packet.destination)
    }
  }

  /// A packet towards an outside endpoint that is in use.
  private mutating func knock(_ packet: Packet, at time: Int64) {
    guard packet.transport != .icmp,
      contacts[Flow(transport: packet.transport, inside: packet.destination)] != nil
    else { return }
    wait(for: packet, isOutbound: false, at: time)
  }

  /// A packet that came in, if it was seen outside just before.
  private mutating func enter(_ packet: Packet, at time: Int64) {
    let content = content(of: packet, isOutbound: false)
    guard let seen = waiting[content], time - seen.time <= Self.longestCrossing else { return }
    waiting[content] = nil
    note(content, seen, passed: true)
  }

  private mutating func expire(before time: Int64) {
    let late = waiting.filter { $0.value.time < time }
    for (content, seen) in late {
      waiting[content] = nil
      if !content.isOutbound { note(content, seen, passed: false) }
    }
  }

  private mutating func note(_ content: Content, _ seen: Sighting, passed: Bool) {
    guard knocks.count < Self.most else { return }
    let known = contacts[Flow(transport: content.transport, inside: seen.nearEnd)] ?? []
    let acquaintance: Knock.Acquaintance =
      known.contains(content.farEnd)
      ? .endpoint : known.contains { $0.address == content.farEnd.address } ? .address : .none
    knocks.insert(
      Knock(
        transport: content.transport, remote: content.farEnd, outside: seen.nearEnd, acquaintance: acquaintance,
        passed: passed))
  }
}

extension IPAddress {
  /// Whether it has a meaning only in its own network, so that whoever has it is behind a router.
  var isInside: Bool { scope == .private || scope == .shared }
}
