// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The inside host that gets whatever is nobody's, which routers' makers call a DMZ.
extension ReferenceNAT {
  /// The row that got the outside endpoint last.
  func newest(_ transport: TransportProtocol, _ outside: Endpoint) -> Int? {
    rows.lastIndex { $0.transport == transport && $0.outside == outside }
  }

  /// The default host's endpoint, if the packet is for it: there is no row for it, or only one by which the host talks
  /// to somebody else who came in this way.
  func byDefault(_ packet: Packet, row: Int?, from remote: Endpoint) -> Endpoint? {
    guard let defaultHost, behavior.translates, addresses.contains(packet.destination.address) else { return nil }
    switch packet.transport {
    case .icmp: return nil
    case .tcp:
      let said = Set(packet.tcpFlags.names).intersection(["syn", "fin", "rst", "ack"])
      guard said == ["syn"] || said == ["ack"] else { return nil }
    case .udp: break
    }
    if let row {
      guard rows[row].isForwarded, rows[row].inside.address == defaultHost, !rows[row].wasUsed(towards: remote) else {
        return nil
      }
    }
    return Endpoint(defaultHost, packet.destination.port)
  }

  /// Makes the row of a flow that `remote` begins with `inside`, and lets its first packet in.
  mutating func begin(
    _ packet: Packet, with inside: Endpoint, from remote: Endpoint, at now: Instant, number: Int
  ) -> Outcome {
    if let most = behavior.maximumMappings, rows.count(where: { !$0.isStatic }) >= most {
      return .drop(.tableFull, mapping: nil, nil)
    }
    lastID += 1
    if newest(packet.transport, packet.destination) == nil {
      past.removeAll { $0.transport == packet.transport && $0.outside == packet.destination }
      resting.removeAll { $0.transport == packet.transport && $0.endpoint == packet.destination }
    }
    var row = Row(
      id: lastID, transport: packet.transport, inside: inside, outside: packet.destination,
      conversations: [conversation(remote)], dependence: .addressAndPortDependent, mayShare: true,
      lifetimes: behavior.lifetimes, created: now, expires: now)
    row.isForwarded = true
    row.packetsIn = 1
    row.createdBy = number
    rows.append(row)
    let index = rows.count - 1
    if packet.transport == .tcp { see(packet.tcpFlags, outbound: false, index, remote) }
    rows[index].expires = now + (packet.transport == .udp ? behavior.lifetimes.udp : lifetime(index, at: now))
    var arrived = packet
    arrived.destination = inside
    return .forward(to: .inside, arrived, mapping: lastID, .created)
  }
}
