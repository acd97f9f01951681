// SPDX-License-Identifier: GPL-3.0-or-later

/// Unsolicited TCP requests from outside (RFC 5382 §4.3, REQ-4).
///
/// An error sent at once would break off a connection that both sides are opening: the outside's SYN may only have
/// overtaken the inside's. So the answer waits six seconds, and the inside's own SYN, coming out meanwhile, cancels it.
extension NAT {
  /// When the next held request is to be answered; ``Instant/never`` when none is held.
  public var nextAnswer: Instant { held.nextDue }

  /// How many requests are held.
  public var heldCount: Int { held.count }

  /// Removes the next request whose answer, a "port unreachable" to its sender, is due by `now`.
  public mutating func takeAnswer(at now: Instant) -> HeldRequest? { held.takeDue(at: now) }

  /// When the request that packet `number` brought will be answered; nil if it is not held.
  public func answerTime(ofPacket number: Int) -> Instant? { held.answerTime(ofPacket: number) }

  /// Whether a packet that is turned away is to be held: a SYN without an acknowledgement.
  public static func isRequest(_ packet: Packet) -> Bool {
    packet.transport == .tcp && packet.tcpFlags.contains(.syn) && packet.tcpFlags.isDisjoint(with: [.ack, .rst])
  }

  /// Notes that `packet`, which came in, was refused.
  mutating func noteRefusal(of packet: Packet, number: Int, at now: Instant) {
    switch behavior.rejection {
    case .silently: break
    case .icmp: if Self.isRequest(packet) { held.hold(packet, number: number, at: now) }
    case .asHost:
      guard packet.transport == .udp, isExternal(packet.destination.address) else { return }
      ownFlows.note(
        packet.destination, from: packet.source, packet: number, at: now, until: now + behavior.lifetimes.udp)
    }
  }
}
