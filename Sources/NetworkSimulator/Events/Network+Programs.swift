// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What programs that run on hosts ask of the network besides sending.
extension Network {
  /// Takes a host's next ephemeral port for a program of its own; nil when the device is no host.
  public mutating func takePort(of id: DeviceID, _ transport: TransportProtocol) -> UInt16? {
    guard case .host(let slot) = nodes[id.index].role else { return nil }
    return hosts[slot].takeEphemeral(transport)
  }

  /// The datagram that the last ``step(until:)`` brought to a host's open port, where ``keepsDeliveries`` is on; it is
  /// given once.
  public mutating func takeDelivery() -> Delivery? {
    guard hasNewDelivery else { return nil }
    hasNewDelivery = false
    return lastDelivered
  }

  /// The number that the next packet will get.
  public var nextPacketNumber: Int { packetNumber + 1 }
}
