// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Writing the trace and the counters.
extension Network {
  /// Records what `node` did with packet `number`, which arrived as `packet`.
  ///
  /// - Parameters:
  ///   - sent: the packet as it leaves, where it does.
  ///   - link: the device whose link did not take it.
  mutating func record(
    _ verdict: Verdict, _ reason: DropReason? = nil, at node: DeviceID, _ packet: Packet, number: Int,
    sent: Packet? = nil, change: Translation.Change = .none, lostOn link: DeviceID? = nil
  ) {
    let piece = hasSizeLimits ? FragmentMark(packet.fragment) : nil
    // A host's pieces count when they are one packet again.
    if piece == nil || verdict != .delivered { count(verdict, at: node, packet.length) }
    let isKnown = trace.packets.contains(number)
    guard isTracing else {
      // A packet that was recorded as sent must not seem to be on its way for ever.
      if isKnown { note(verdict, reason, at: node, number, isPiece: piece != nil) }
      return
    }
    let hop = Hop(
      number: trace.hops.total + 1, time: clock, node: node, packet: number, verdict: verdict, reason: reason,
      transport: packet.transport, source: packet.source, destination: packet.destination,
      newSource: Self.changed(sent?.source, from: packet.source, of: packet),
      newDestination: Self.changed(sent?.destination, from: packet.destination, of: packet),
      mapping: change.mapping, mappingChange: change.kind,
      timeToLive: (verdict == .dropped ? packet : sent ?? packet).timeToLive, length: packet.length,
      tcpFlags: packet.tcpFlags, icmp: packet.icmp, lostOn: link, fragment: piece,
      previous: isKnown ? trace.packets[number].lastHop : 0)
    trace.hops.append(hop)
    guard isKnown else { return }
    if trace.packets[number].firstHop == 0 { trace.packets[number].firstHop = hop.number }
    trace.packets[number].lastHop = hop.number
    note(verdict, reason, at: node, number, isPiece: piece != nil)
  }

  /// Brings packet `number`'s record up to date.
  ///
  /// A packet of which a piece is dropped has come to its end; one of which a piece is delivered has not.
  private mutating func note(
    _ verdict: Verdict, _ reason: DropReason?, at node: DeviceID, _ number: Int, isPiece: Bool
  ) {
    switch verdict {
    case .sent: break
    case .forwarded, .translated: trace.packets[number].crossings += 1
    case .delivered: if !isPiece { end(number, .delivered, at: node) }
    case .dropped: end(number, .dropped(reason ?? .invalid), at: node)
    }
  }

  /// An endpoint that a device changed. A query's identifier is the source's to show, though it is both endpoints' port.
  private static func changed(_ new: Endpoint?, from old: Endpoint, of packet: Packet) -> Endpoint? {
    guard let new, new != old else { return nil }
    return packet.transport == .icmp && new.address == old.address ? nil : new
  }

  private mutating func end(_ number: Int, _ state: PacketState, at node: DeviceID) {
    trace.packets[number].state = state
    trace.packets[number].endedAt = node
    trace.packets[number].endTime = clock
  }

  private mutating func count(_ verdict: Verdict, at node: DeviceID, _ length: Int) {
    switch verdict {
    case .sent: devices[node.index].sent.count(length)
    case .forwarded, .translated: devices[node.index].forwarded.count(length)
    case .delivered: devices[node.index].delivered.count(length)
    case .dropped: devices[node.index].dropped.count(length)
    }
  }

  /// Numbers a packet that `origin` is about to send, and records it as sent.
  mutating func begin(_ packet: Packet, at origin: DeviceID, about: Int? = nil) -> Int {
    packetNumber += 1
    if isTracing {
      // Packets sent while nothing was recorded leave gaps that nobody can ask about.
      trace.packets.skip(
        to: packetNumber - 1, PacketRecord(number: 0, origin: .internet, sentAt: clock, packet: packet))
      trace.packets.append(
        PacketRecord(number: packetNumber, origin: origin, sentAt: clock, packet: packet, about: about))
    }
    record(.sent, at: origin, packet, number: packetNumber)
    return packetNumber
  }
}
