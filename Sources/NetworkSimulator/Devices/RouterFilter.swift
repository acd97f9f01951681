// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A rule by which a router drops packets that arrive there, whatever its NAT thinks of them.
public struct RouterFilter: Hashable, Sendable {
  public var transport: TransportProtocol
  /// The destination's port; nil is any.
  public var port: UInt16?

  public init(_ transport: TransportProtocol, port: UInt16? = nil) {
    self.transport = transport
    self.port = port
  }

  func matches(_ packet: PacketHeaders) -> Bool {
    packet.transport == transport && (port == nil || packet.destination.port == port)
  }
}

extension Network {
  /// The rules by which router `id` drops packets, in the order they were given.
  public func filters(of id: DeviceID) -> [RouterFilter] { router(id)?.filters ?? [] }

  /// Sets them.
  public mutating func setFilters(of id: DeviceID, _ filters: [RouterFilter]) {
    guard case .router(let slot) = nodes[id.index].role else { return }
    routers[slot].filters = filters
    if !filters.isEmpty { hasFilters = true }
  }

  /// Whether a rule of router `slot` drops the packet that has arrived there.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func isBlocked(_ packet: PacketHeaders, _ slot: Int) -> Bool {
    hasFilters && routers[slot].filters.contains { $0.matches(packet) }
  }
}
