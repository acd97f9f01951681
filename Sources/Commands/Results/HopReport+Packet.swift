// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension HopReport {
  /// A packet's arrival at a router outside any network, with its fate still open: its endpoints are unchanged.
  package init(arrivalOf packet: Packet, number: Int, at time: Instant, router: String, about: Int?) {
    self.init(
      number: number, timeMicroseconds: time.microseconds, node: router, nodeKind: .router, packet: number,
      verdict: .forwarded, transport: packet.transport, source: packet.end(packet.source),
      destination: packet.end(packet.destination), timeToLive: Int(packet.timeToLive), length: packet.length,
      text: packet.payload.text, flags: packet.transport == .tcp ? packet.tcpFlags : nil,
      icmp: packet.transport == .icmp ? packet.icmp : nil, about: about,
      fragment: packet.fragment.map {
        FragmentReport(identification: Int($0.identification), offset: $0.offset, hasMore: !$0.isLast)
      })
  }
}

extension FragmentReport {
  package init(_ mark: FragmentMark) {
    self.init(identification: Int(mark.identification), offset: Int(mark.offset), hasMore: !mark.isLast)
  }
}

extension Packet {
  /// One of the packet's endpoints as it is in the header.
  package func end(_ endpoint: Endpoint) -> PacketEnd {
    PacketEnd(endpoint, hasPort: !icmp.isError && (fragment?.offset ?? 0) == 0)
  }
}
