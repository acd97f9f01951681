// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Routers that say no, `rejects icmp` and `rejects as-host`.
extension Network {
  /// Ends a packet that the router's NAT turned away, and informs its sender if the router does so.
  mutating func refuse(
    _ flight: Flight, _ reason: DropReason, _ change: Translation.Change, _ slot: Int, from side: Side
  ) {
    let rejection = routers[slot].nat.behavior.rejection
    guard rejection == .asHost, Self.isForRouterItself(reason), isOwnAddress(flight.headers.destination.address, slot)
    else {
      record(.dropped, reason, of: flight, change: change)
      if rejection == .icmp { reject(flight, reason, slot, from: side) }
      if side == .inside, reason == .invalid, isMidstream(flight), routers[slot].nat.behavior.midstream == .reset {
        tellThatPortIsClosed(flight, slot, to: .inside)
      }
      return
    }
    guard let whole = reassembled(flight) else { return }
    defer { payloads.release(whole.contents) }
    if whole.headers.icmp == .echoRequest { return answer(whole, slot, from: side) }
    record(.dropped, reason, of: whole, change: change)
    if whole.headers.transport != .icmp { tellThatPortIsClosed(whole, slot, to: side) }
  }

  /// Whether a packet turned away for `reason` is for a router that answers as a host: not one for which there is no
  /// room.
  private static func isForRouterItself(_ reason: DropReason) -> Bool {
    switch reason {
    case .noMapping, .filtered, .expired, .hairpinOff, .invalid, .firewall: true
    default: false
    }
  }

  /// Whether a segment is one of a connection that had begun before.
  private func isMidstream(_ flight: Flight) -> Bool {
    flight.headers.transport == .tcp && flight.headers.tcpFlags.isDisjoint(with: [.syn, .rst])
  }

  private func isOwnAddress(_ address: IPAddress, _ slot: Int) -> Bool {
    routers[slot].addresses.contains(address) || routers[slot].nat.externalAddresses.contains(address)
  }

  /// Answers a packet that the router's NAT turned away, or holds the answer back.
  ///
  /// A sender outside is informed at once, unless it asked for a TCP connection, which may be one that both sides are
  /// opening (RFC 5382 REQ-4). A host inside is informed if the router has no room for its flow (RFC 5508 REQ-8, RFC
  /// 6888 REQ-11).
  mutating func reject(_ flight: Flight, _ reason: DropReason, _ slot: Int, from side: Side) {
    // A packet from an invalid source gets no answer (RFC 1812 §4.3.2.7).
    guard reason != .invalid else { return }
    if side == .inside {
      guard reason == .portsExhausted || reason == .tableFull else { return }
      report(routers[slot].nat.behavior.noRoomError, about: flight, slot, to: .inside)
    } else if NAT.isRequest(flight.packet(in: payloads)) {
      if !holdingRouters.contains(slot) { holdingRouters.append(slot) }
    } else {
      report(.administrativelyProhibited, about: flight, slot, to: .outside)
    }
  }

  /// How the sender of packet `number`, which a router turned away, is or was informed: the answer's time while it is
  /// held back, and the packet that informed it.
  public func refusal(of number: Int) -> (heldUntil: Instant?, packet: Int?) {
    if let due = holdingRouters.compactMap({ routers[$0].nat.answerTime(ofPacket: number) }).first { return (due, nil) }
    guard let record = trace.packet(number), case .dropped = record.state, number < trace.packetCount else {
      return (nil, nil)
    }
    // An answer comes soon or not at all; a long run in between is not worth a search.
    let candidates = number + 1...min(trace.packetCount, number + 4_096)
    return (
      nil, candidates.first { trace.packet($0)?.about == number && isRefusal(trace.packet($0)?.packet) }
    )
  }

  private func isRefusal(_ packet: Packet?) -> Bool {
    packet.map { $0.icmp.isError || $0.tcpFlags.contains(.rst) } ?? false
  }

  /// The router whose held request is the next to be answered; if there are several, the one that has held longest.
  var nextHeldAnswer: (slot: Int, due: Instant)? {
    holdingRouters.map { (slot: $0, due: routers[$0].nat.nextAnswer) }
      .filter { $0.due < .never && !nodes[routers[$0.slot].id.index].isRemoved }
      .min { $0.due < $1.due }
  }

  /// Sends the next answer to a held request, if it is due by `limit` and before any packet arrives anywhere.
  mutating func answerHeldRequest(until limit: Instant) -> Bool {
    guard let next = nextHeldAnswer else {
      holdingRouters = []
      return false
    }
    guard next.due <= limit, next.due < queue.nextDue,
      let request = routers[next.slot].nat.takeAnswer(at: next.due)
    else { return false }
    clock = max(clock, next.due)
    let id = routers[next.slot].id
    let packet = request.packet
    let leg = Leg(number: request.number, length: packet.length, from: nodes[id.index].parent, to: id)
    let flight = Flight(leg: leg, headers: PacketHeaders(packet), contents: payloads.put(packet.payload))
    defer { payloads.release(flight.contents) }
    report(.portUnreachable, about: flight, next.slot, to: .outside)
    return true
  }
}
