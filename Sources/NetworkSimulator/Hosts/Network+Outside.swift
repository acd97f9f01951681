// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A packet that has reached a host whose stack is outside the simulation.
public struct OutsideArrival: Sendable {
  public var host: DeviceID
  public var number: Int
  /// A whole packet, or a piece of one (``NATModel/Packet/fragment``): putting pieces together is the stack's work.
  public var packet: Packet
}

/// Hosts whose stack is outside: an operating system's kernel, say, makes their packets and takes what reaches them, and
/// the simulator neither answers in their name nor hands anything to their programs.
extension Network {
  /// Hands a host's stack over to the outside, or takes it back.
  public mutating func setStack(of id: DeviceID, isOutside: Bool) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].hasStackOutside = isOutside
  }

  /// Whether the host's stack is outside.
  public func hasStackOutside(_ id: DeviceID) -> Bool { host(id)?.hasStackOutside == true }

  /// Puts a packet of a host's outside stack on the wire.
  ///
  /// - Parameter limit: the length to which the stack has cut it into pieces; nil if it has left it whole.
  /// - Returns: the packet's number, which it keeps up to its arrival.
  @discardableResult
  public mutating func inject(_ packet: Packet, from id: DeviceID, inPiecesOf limit: Int? = nil) -> Int {
    guard let limit, case .host(let slot) = nodes[id.index].role else { return emit(packet, from: id) }
    hasSizeLimits = true
    // The stack knows of a narrow place on the way, and cuts for this destination alone.
    hosts[slot].pathMTU[packet.destination.address] = PathMTU(length: limit, until: .never)
    defer { hosts[slot].pathMTU[packet.destination.address] = nil }
    return emit(packet, from: id)
  }

  /// The packets that have reached hosts with an outside stack since the last call, in order.
  public mutating func takeOutsideArrivals() -> [OutsideArrival] {
    guard !outsideArrivals.isEmpty else { return [] }
    defer { outsideArrivals = [] }
    return outsideArrivals
  }

  /// When something happens next: a packet reaches a device, a program wakes, a router answers what it has held.
  public var nextDue: Instant {
    min(queue.nextDue, programStore.nextDue, nextHeldAnswer?.due ?? .never, nextRetransmission?.due ?? .never)
  }

  /// Takes in a packet for a host whose stack is outside.
  mutating func handOver(_ flight: Flight) {
    record(.delivered, of: flight)
    outsideArrivals.append(
      OutsideArrival(host: flight.to, number: flight.number, packet: flight.packet(in: payloads)))
  }
}
