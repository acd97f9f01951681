// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Routers that lower the maximum segment size which the ends of a TCP connection tell each other (RFC 9293 §3.7.1), so
/// that their segments fit through a narrow link without anybody having to report that they do not (RFC 4459 §3.2).
extension Network {
  /// Sets whether a router does so.
  public mutating func setClamping(of id: DeviceID, _ isOn: Bool) {
    guard case .router(let slot) = nodes[id.index].role else { return }
    routers[slot].clampsSegmentSize = isOn
    if isOn { hasClamping = true }
  }

  /// Lowers the option of a SYN that router `slot` passes on to `next`: to what both the link it came over and the next
  /// one carry, so that either end hears of the narrower one.
  mutating func clamp(_ packet: inout PacketHeaders, _ flight: Flight, _ slot: Int, to next: NextHop) {
    guard routers[slot].clampsSegmentSize, packet.transport == .tcp, packet.tcpFlags.contains(.syn),
      packet.icmpSequence > 0
    else { return }
    let router = flight.to
    let arrival =
      side(of: flight) == .inside ? details[flight.from.index].limits.mtu : details[router.index].limits.mtu
    let narrowest = min(arrival, mtu(of: packet, from: router, to: next))
    let headers = packet.source.address.family.headerLength + 20
    packet.icmpSequence = min(packet.icmpSequence, UInt16(clamping: max(narrowest - headers, 1)))
  }
}
