// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One-to-one NAT: an outside address and an inside address are each other's name, and nothing else changes.
extension ReferenceNAT {
  /// The fate of a packet to or from such an address; nil if it has nothing to do with one.
  mutating func wholeAddress(_ packet: Packet, from side: Side, at now: Instant, number: Int) -> Outcome? {
    guard behavior.translates, packet.source.address.isIPv4 else { return nil }
    if side == .outside { return inwards(packet) }
    if packet.icmp.isError { return errorOutwards(packet) }
    guard let own = pairs.first(where: { $0.inside == packet.source.address }) else { return nil }
    var leaving = packet
    leaving.source.address = own.external
    guard addresses.contains(packet.destination.address) else {
      return .forward(to: .outside, leaving, mapping: nil, nil)
    }
    // To the receiver it is a packet from outside (RFC 4787 REQ-9).
    guard behavior.hairpinning else { return .drop(.hairpinOff, mapping: nil, nil) }
    if let outcome = inwards(leaving) { return outcome }
    if behavior.hairpinsForwardsOnly, let sought = newest(packet.transport, packet.destination), !rows[sought].isStatic,
      byDefault(packet, row: sought, from: remote(packet.destination, packet.transport)) == nil,
      !isKnown(leaving.source, to: packet.destination, packet.transport)
    {
      return .drop(.hairpinOff, mapping: nil, nil)
    }
    return inbound(leaving, at: now, number: number)
  }

  private func inwards(_ packet: Packet) -> Outcome? {
    guard let pair = pairs.first(where: { $0.external == packet.destination.address }) else { return nil }
    var entering = packet
    entering.destination.address = pair.inside
    if packet.icmp.isError {
      guard var quoted = packet.quoted, isAboutTheReceiver(packet) else { return .drop(.invalid, mapping: nil, nil) }
      quoted.source.address = pair.inside
      entering.payload = .quote(quoted)
    }
    return .forward(to: .inside, entering, mapping: nil, nil)
  }

  private func errorOutwards(_ packet: Packet) -> Outcome? {
    guard var quoted = packet.quoted, let pair = pairs.first(where: { $0.inside == quoted.destination.address }),
      isAboutTheReceiver(packet), !addresses.contains(packet.destination.address)
    else { return nil }
    var leaving = packet
    leaving.source.address = pair.external
    quoted.destination.address = pair.external
    leaving.payload = .quote(quoted)
    return .forward(to: .outside, leaving, mapping: nil, nil)
  }

  /// Whether an error quotes a packet of the one it is sent to (RFC 5508 §4).
  private func isAboutTheReceiver(_ packet: Packet) -> Bool {
    guard let quoted = packet.quoted else { return false }
    return quoted.source.address == packet.destination.address && !quoted.icmp.isError
      && quoted.source.address.isIPv4 == quoted.destination.address.isIPv4
  }
}
