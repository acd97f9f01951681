// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Writing the trace and the counters.
extension Network {
  /// Records a device's handling of the packet of `flight`.
  ///
  /// - Parameters:
  ///   - node: the device; nil means the one where the flight has arrived.
  ///   - sent: the packet as it leaves, if it does.
  ///   - link: the device whose link did not take it.
  @inline(__always)
  mutating func record(
    _ verdict: Verdict, _ reason: DropReason? = nil, of flight: Flight, at node: DeviceID? = nil,
    sent: PacketHeaders? = nil, change: Translation.Change = .none, lostOn link: DeviceID? = nil
  ) {
    let node = node ?? flight.to
    // Pieces for a host count once they are one packet again.
    if !hasSizeLimits || verdict != .delivered || flight.fragment(in: payloads) == nil {
      count(verdict, at: node, flight.length)
    }
    if isTracing {
      addHop(verdict, reason, flight, at: node, sent: sent, change: change, lostOn: link)
    } else if trace.packets.contains(flight.number) {
      // A packet recorded as sent must not seem to be on its way for ever.
      trace.packets[flight.number].note(
        verdict, reason, at: node, clock, isPiece: hasSizeLimits && flight.fragment(in: payloads) != nil)
    }
  }

  private mutating func addHop(
    _ verdict: Verdict, _ reason: DropReason?, _ flight: Flight, at node: DeviceID, sent: PacketHeaders?,
    change: Translation.Change, lostOn link: DeviceID?
  ) {
    let packet = flight.headers
    trace.add(
      Hop(
        number: trace.hops.total + 1, time: clock, node: node, packet: flight.number, verdict: verdict, reason: reason,
        transport: packet.transport, source: packet.source, destination: packet.destination,
        newSource: Self.changed(sent?.source, from: packet.source, of: packet),
        newDestination: Self.changed(sent?.destination, from: packet.destination, of: packet),
        mapping: change.mapping, mappingChange: change.kind,
        timeToLive: (verdict == .dropped ? packet : sent ?? packet).timeToLive, length: flight.length,
        tcpFlags: packet.tcpFlags, icmp: packet.icmp, lostOn: link,
        maximumSegmentSize: packet.transport == .tcp ? packet.icmpSequence : 0,
        newMaximumSegmentSize: Self.changedSegmentSize(sent, from: packet),
        fragment: hasSizeLimits ? FragmentMark(flight.fragment(in: payloads)) : nil))
  }

  /// An endpoint that a device changed. A query's identifier is shown at the source, though it is both endpoints' port.
  private static func changed(_ new: Endpoint?, from old: Endpoint, of packet: PacketHeaders) -> Endpoint? {
    guard let new, new != old else { return nil }
    return packet.transport == .icmp && new.address == old.address ? nil : new
  }

  private static func changedSegmentSize(_ sent: PacketHeaders?, from packet: PacketHeaders) -> UInt16? {
    guard let sent, packet.transport == .tcp, sent.icmpSequence != packet.icmpSequence else { return nil }
    return sent.icmpSequence
  }

  private mutating func count(_ verdict: Verdict, at node: DeviceID, _ length: Int) {
    switch verdict {
    case .sent: nodes[node.index].sent.count(length)
    case .forwarded, .translated: nodes[node.index].forwarded.count(length)
    case .delivered: nodes[node.index].delivered.count(length)
    case .dropped: nodes[node.index].dropped.count(length)
    }
  }

  /// Numbers a packet that `origin` is about to send, and records it as sent. Its payload must be released.
  mutating func begin(_ packet: Packet, at origin: DeviceID, about: Int? = nil) -> Flight {
    packetNumber += 1
    let leg = Leg(number: packetNumber, length: packet.length, from: origin, to: origin)
    let flight = Flight(leg: leg, headers: PacketHeaders(packet), contents: payloads.put(packet.payload))
    if isTracing {
      if trace.packets.total < packetNumber - 1 {
        // Packets sent while nothing was recorded leave gaps that nobody can ask about.
        trace.packets.skip(
          to: packetNumber - 1, PacketRecord(number: 0, origin: .internet, sentAt: clock, packet: packet))
      }
      trace.packets.append(
        PacketRecord(number: packetNumber, origin: origin, sentAt: clock, packet: packet, about: about))
    }
    record(.sent, of: flight)
    return flight
  }
}
