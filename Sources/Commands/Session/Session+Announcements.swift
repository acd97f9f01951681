// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension Session {
  /// A packet whose text named an endpoint.
  struct Announcement {
    var packet: Int
    var origin: DeviceID
    var gateway: ApplicationGateways
  }

  /// How many packets are looked through.
  private static let mostSearched = 4_096

  /// The text that sent a packet to an endpoint which the internet does not know.
  func announcement(of hop: Hop) -> Announcement? {
    guard hop.reason == .privateDestination else { return nil }
    let first = max(hop.packet - Self.mostSearched, network.trace.oldestPacket, 1)
    for number in stride(from: hop.packet - 1, through: first, by: -1) {
      guard let record = network.trace.packet(number), record.origin != hop.node,
        let found = record.packet.announcements.first(where: { $0.endpoint == hop.destination })
      else { continue }
      return Announcement(packet: number, origin: record.origin, gateway: found.gateway)
    }
    return nil
  }
}
