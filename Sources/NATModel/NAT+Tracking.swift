// SPDX-License-Identifier: GPL-3.0-or-later

/// Connection tracking as netfilter does it, ``FlowTracking/connections``: a packet belongs to a flow, begins one, or
/// is untracked.
extension NAT {
  /// The verdict of tracking on a packet that uses a row.
  enum Tracked {
    case passes(refreshes: Bool)
    case isInvalid
    /// The row is over, and the packet must be examined again.
    case beginsAnew
  }

  /// A packet from inside, not to the router itself, when connections are tracked.
  mutating func trackOutbound(
    _ packet: inout Packet, translates: Bool, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    let key = key(packet.transport, inside: packet.source, remote: packet.destination)
    if let row = existingTrackedRow(packet, key) {
      let (external, id) = (rows[row].external, Int(rows[row].id))
      switch track(row, packet, outbound: true, towards: key.remote, at: now, number: number) {
      case .passes(let refreshes):
        if translates { rewriteSource(of: &packet, to: external) }
        return .forward(to: .outside, Translation.Change(mapping: id, kind: refreshes ? .refreshed : nil))
      case .isInvalid: return untracked(packet)
      case .beginsAnew: break
      }
    }
    guard Self.canBegin(packet), mayBegin(packet) else { return untracked(packet) }
    do throws(DropReason) {
      let row = try makeRow(for: packet, key, at: now, number: number, using: &generator)
      if let segment = TrackedConnection.Segment(packet.tcpFlags), packet.transport == .tcp {
        var connection = TrackedConnection()
        _ = connection.see(segment, packet, fromOutside: false)
        keep(connection, in: row)
      }
      if translates { rewriteSource(of: &packet, to: rows[row].external) }
      return .forward(to: .outside, Translation.Change(mapping: Int(rows[row].id), kind: .created))
    } catch {
      return .drop(error, .none)
    }
  }

  /// An echo reply does not belong to a host that asked itself.
  private mutating func existingTrackedRow(_ packet: Packet, _ key: FlowKey) -> Int? {
    packet.icmp == .echoReply ? nil : existingRow(key)
  }

  static func canBegin(_ packet: Packet) -> Bool {
    switch packet.transport {
    case .udp: true
    case .tcp: TrackedConnection.Segment(packet.tcpFlags)?.canBegin ?? false
    case .icmp: packet.icmp == .echoRequest
    }
  }

  /// The fate of a packet from inside that does not belong to a flow.
  func untracked(_ packet: Packet) -> Translation {
    guard behavior.untracked == .passed, !isExternal(packet.destination.address) else { return .drop(.invalid, .none) }
    return .forward(to: .outside, .none)
  }

  /// Whether a row can be for a packet from outside at all: an echo request is never an answer.
  @inline(__always)
  func canAnswer(_ packet: Packet) -> Bool { behavior.tracking == .mappings || packet.icmp != .echoRequest }

  /// Whether the packet quoted in an error went in the direction that the error implies, `outwards` or not.
  func isQuotedRightly(_ quoted: QuotedPacket, outwards: Bool) -> Bool {
    behavior.tracking == .mappings || quoted.transport != .icmp
      || quoted.icmp == (outwards ? .echoRequest : .echoReply)
  }

  /// Shows row `row` a packet that uses it.
  mutating func track(
    _ row: Int, _ packet: Packet, outbound: Bool, towards remote: EndpointWord, at now: Instant, number: Int
  ) -> Tracked {
    // In a flow that began outside, the inside is the side that answers.
    let isAnswer = outbound == rows[row].traits.contains(.isForwarded)
    guard rows[row].isOf(.tcp), !rows[row].traits.contains(.isStatic), rows[row].isTowards(remote),
      !rows[row].traits.contains(.hasSeveralRemotes)
    else {
      if rows[row].traits.contains(.isForwarded), !rows[row].isOf(.tcp) {
        return .passes(refreshes: noteForwarded(row, outbound: outbound, at: now))
      }
      if outbound { return .passes(refreshes: noteOutbound(row, packet, towards: remote, at: now)) }
      return .passes(refreshes: noteAnswer(row, packet, from: remote, at: now))
    }
    guard let segment = TrackedConnection.Segment(packet.tcpFlags) else { return .isInvalid }
    let isAnswered = rows[row].traits.contains(.isAnswered)
    var connection = TrackedConnection(
      rows[row].connection, rows[row].tracked, acknowledged: rows[details: row].acknowledged, isAnswered: isAnswered)
    let outcome = connection.see(segment, packet, fromOutside: isAnswer)
    switch outcome {
    case .invalid: return .isInvalid
    case .reopens:
      removeRow(row, at: now, .reopened(packet: number))
      return .beginsAnew
    case .ended:
      removeRow(row, at: now, .reset(packet: number))
      return .passes(refreshes: false)
    case .ignored, .accepted: break
    }
    if outbound { rows[row].countOut() } else { rows[row].countIn() }
    if isAnswer { rows[row].traits.insert(.isAnswered) }
    rows[row].connection = connection.state(answered: isAnswered || isAnswer)
    keep(connection, in: row)
    guard case .accepted(let kind) = outcome else { return .passes(refreshes: false) }
    let old = rows[row].timer
    let refreshes = outbound || behavior.refresh == .both
    if refreshes || timers.length(of: timers.list(kind, besides: old)) != timers.length(of: old) {
      renew(row, as: kind, at: now)
    }
    return .passes(refreshes: refreshes)
  }

  /// Remembers what connection tracking knows besides the state.
  mutating func keep(_ connection: TrackedConnection, in row: Int) {
    rows[row].tracked = connection.memory
    if rows[details: row].acknowledged != connection.acknowledged {
      rows[details: row].acknowledged = connection.acknowledged
    }
  }

  /// The first answer does not make a stream; the next packet does.
  private mutating func noteAnswer(_ row: Int, _ packet: Packet, from remote: EndpointWord, at now: Instant) -> Bool {
    guard rows[row].isOf(.udp), !rows[row].traits.contains(.isStatic), !rows[row].traits.contains(.isAnswered) else {
      return noteInbound(row, packet, from: remote, at: now)
    }
    rows[row].countIn()
    if behavior.refresh == .both { renew(row, as: .udp, at: now) }
    rows[row].traits.insert(.isAnswered)
    return behavior.refresh == .both
  }

  /// The fate of a packet whose TTL ends at this router. If connections are tracked, tracking comes first, and makes no
  /// new row; a packet for the router itself goes no further, so its TTL is enough.
  public mutating func translateDying(
    _ packet: Packet, from side: Side, at now: Instant, number: Int
  ) -> Translation {
    if now >= timers.earliest || now >= restingPorts.earliest || now >= leases.earliest { expire(at: now) }
    let dies = Translation.drop(.ttlExpired, .none)
    guard behavior.tracking == .connections else { return dies }
    if side == .inside {
      let packet = halfTranslated(packet)
      let translates = changesSource(of: packet)
      if translates, isExternal(packet.destination.address) {
        return behavior.hairpinning ? dies : .drop(.hairpinOff, .none)
      }
      let key = key(packet.transport, inside: packet.source, remote: packet.destination)
      if !packet.icmp.isError, let row = existingTrackedRow(packet, key) {
        _ = track(row, packet, outbound: true, towards: key.remote, at: now, number: number)
      }
      return dies
    }
    var copy = packet
    let translation =
      packet.icmp.isError
      ? translateInboundError(&copy) : translateInbound(&copy, at: now, number: number, begins: false)
    if case .forward = translation { return dies }
    return translation
  }
}
