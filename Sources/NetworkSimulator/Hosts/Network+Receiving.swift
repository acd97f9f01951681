// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Hosts' handling of packets that reach them.
extension Network {
  mutating func receive(_ flight: Flight, atHost slot: Int) {
    switch flight.headers.transport {
    case .udp: receiveDatagram(flight, atHost: slot)
    case .tcp: receiveSegment(flight, atHost: slot)
    case .icmp: receiveMessage(flight, atHost: slot)
    }
  }

  private mutating func receiveDatagram(_ flight: Flight, atHost slot: Int) {
    guard hosts[slot].accepts(.udp, flight.headers.destination.port) else {
      record(.dropped, .portClosed, of: flight)
      let packet = flight.packet(in: payloads)
      if let error = Self.error(.portUnreachable, about: packet, from: packet.destination.address) {
        emit(error, from: flight.to, about: flight.number)
      }
      return
    }
    record(.delivered, of: flight)
    lastArrival = Arrival(flight)
    guard !hosts[slot].owners.isEmpty || standby != nil else { return }
    deliver(.datagram(payloads[flight.contents]), of: flight, atHost: slot)
  }

  private mutating func receiveSegment(_ flight: Flight, atHost slot: Int) {
    let outcome = hosts[slot].receive(segment: flight.packet(in: payloads), at: clock)
    if hosts[slot].retransmits { noteAwaiting(flight.to, slot) }
    record(outcome.dropped == nil ? .delivered : .dropped, outcome.dropped, of: flight)
    if outcome.isReplyable { lastArrival = Arrival(flight) }
    if outcome.settlesConnect {
      unanswered.settle(
        .connect, at: flight.to, local: flight.headers.destination, remote: flight.headers.source)
    }
    if let answer = outcome.answer { emit(answer, from: flight.to, about: flight.number) }
    guard !hosts[slot].owners.isEmpty else { return }
    if outcome.opens { deliver(.opened, of: flight, atHost: slot) }
    if let news = outcome.news { deliver(news, of: flight, atHost: slot) }
  }

  private mutating func receiveMessage(_ flight: Flight, atHost slot: Int) {
    record(.delivered, of: flight)
    switch flight.headers.icmp {
    case .echoRequest: emit(Self.echoReply(to: flight.packet(in: payloads)), from: flight.to, about: flight.number)
    case .echoReply:
      unanswered.settle(.ping, at: flight.to, local: flight.headers.destination, remote: flight.headers.source)
    default:
      guard case .quote(let quoted) = payloads[flight.contents] else { return }
      if flight.headers.icmp == .fragmentationNeeded {
        learnMTU(flight.headers.icmpSequence, of: quoted, atHost: slot)
      }
      if quoted.transport != .udp {
        unanswered.settle(
          quoted.transport == .icmp ? .ping : .connect, at: flight.to, local: quoted.source,
          remote: quoted.destination)
      }
      guard quoted.transport != .icmp, !hosts[slot].owners.isEmpty else { return }
      deliver(
        Delivery(
          host: flight.to, number: flight.number, time: clock, transport: quoted.transport, local: quoted.source,
          remote: quoted.destination,
          content: .error(flight.headers.icmp, from: flight.headers.source.address, about: quoted)),
        atHost: slot)
    }
  }

  private mutating func deliver(_ content: Delivery.Content, of flight: Flight, atHost slot: Int) {
    deliver(
      Delivery(
        host: flight.to, number: flight.number, time: clock, transport: flight.headers.transport,
        local: flight.headers.destination, remote: flight.headers.source, content: content),
      atHost: slot)
  }
}

/// The last packet delivered that a bare `reply` answers.
struct Arrival: Sendable {
  let host: DeviceID
  let number: Int
  let transport: TransportProtocol
  let local: Endpoint
  let remote: Endpoint

  @inline(__always)
  init(_ flight: borrowing Flight) {
    host = flight.to
    number = flight.number
    transport = flight.headers.transport
    local = flight.headers.destination
    remote = flight.headers.source
  }
}
