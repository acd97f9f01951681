// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What programs that run on hosts ask of the network besides sending.
extension Network {
  /// Takes a host's next ephemeral port for a program of its own; nil when the device is no host.
  public mutating func takePort(of id: DeviceID, _ transport: TransportProtocol) -> UInt16? {
    guard case .host(let slot) = devices[id.index].role else { return nil }
    return hosts[slot].takeEphemeral(transport)
  }

  /// Takes the oldest of the datagrams that have arrived where ``keepsDeliveries`` is on, one at a time.
  public mutating func nextDelivery() -> Delivery? {
    guard !deliveries.isEmpty else { return nil }
    return deliveries.removeFirst()
  }

  /// The number that the next packet will get.
  public var nextPacketNumber: Int { packetNumber + 1 }

  /// Packets that device `id`'s link has taken towards the internet.
  public func packetsSentUp(by id: DeviceID) -> Int { devices[id.index].link.crossed.up.packets }
}
