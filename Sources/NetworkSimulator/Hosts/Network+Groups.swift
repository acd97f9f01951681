// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Multicast DNS (RFC 6762): names that only the hosts of one link know, asked for and answered there.
public enum MulticastDNS {
  /// Where all who have such a name listen.
  public static let port: UInt16 = 5_353

  /// The group on which they listen (RFC 6762 §3); its packets never leave the link.
  public static func group(_ family: AddressFamily) -> IPAddress { family == .ipv4 ? ipv4Group : ipv6Group }

  private static let ipv4Group = IPAddress(ipv4: 0xE000_00FB)  // 224.0.0.251
  private static let ipv6Group = IPAddress(uncheckedHigh: 0xFF02_0000_0000_0000, low: 0xFB)  // ff02::fb
}

/// Packets for all on a link who have joined a group.
extension Network {
  /// Whether a host's packets to `address` reach others on its link: it must be behind a router, since no two public
  /// hosts share a link.
  func hasGroup(_ address: IPAddress, around id: DeviceID) -> Bool {
    guard address == MulticastDNS.group(address.family), case .router = nodes[nodes[id.index].parent.index].role else {
      return false
    }
    return true
  }

  /// Puts a packet to a group on the sender's link. The switch passes it to each neighbour with a program at the packet's
  /// port, and to the router, which drops it: such a packet is not forwarded.
  ///
  /// - Returns: the packet's number.
  mutating func emit(toGroup packet: Packet, from id: DeviceID, about: Int?) -> Int {
    let flight = begin(packet, at: id, about: about)
    defer { payloads.release(flight.contents) }
    do throws(DropReason) {
      let due = try cross(id, .up, flight.length)
      let router = nodes[id.index].parent
      for receiver in [router] + members(of: packet, around: id) {
        let leg = Leg(
          number: flight.number, length: flight.length, from: id, to: receiver, isAtSwitch: receiver != router)
        payloads.retain(flight.contents)
        queue.add(Flight(leg: leg, headers: flight.headers, contents: flight.contents), at: due)
      }
    } catch {
      record(.dropped, error, of: flight, lostOn: id)
    }
    return flight.number
  }

  /// The sender's neighbours that listen to the group, in the order they were made.
  private func members(of packet: Packet, around id: DeviceID) -> [DeviceID] {
    let router = nodes[id.index].parent
    guard case .router(let place) = nodes[router.index].role else { return [] }
    let network = routers[place].prefix(containing: packet.source.address)
    let port = LocalPort(transport: packet.transport, port: packet.destination.port)
    return devices(behind: router).filter { neighbor in
      guard neighbor != id, case .host(let slot) = nodes[neighbor.index].role, hosts[slot].owners[port] != nil else {
        return false
      }
      return hosts[slot].addresses.contains { network?.contains($0) == true }
    }
  }
}
