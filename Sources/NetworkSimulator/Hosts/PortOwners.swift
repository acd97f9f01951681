// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The receiver of packets to a port of a host.
enum PortOwner: Hashable, Sendable {
  /// The program at this place in the network.
  case program(Int)
  /// Whoever drives the network and takes deliveries after each step (``Network/takeDelivery()``).
  case driver
}

/// The ports of a host that have an owner. Most hosts have none, and few have many; the port asked for last is usually
/// the one asked for next.
struct PortOwners: Sendable {
  private var entries: ContiguousArray<(port: LocalPort, owner: PortOwner)> = []

  @inline(__always)
  var isEmpty: Bool { entries.isEmpty }

  /// The owner of `port`, if it has one.
  @inline(__always)
  subscript(port: LocalPort) -> PortOwner? {
    if entries.isEmpty { return nil }
    if entries.count <= 8 { return entries.first { $0.port == port }?.owner }
    let place = place(of: port)
    return place < entries.count && entries[place].port == port ? entries[place].owner : nil
  }

  mutating func set(_ owner: PortOwner, of port: LocalPort) {
    let place = place(of: port)
    if place < entries.count, entries[place].port == port {
      entries[place].owner = owner
    } else {
      entries.insert((port, owner), at: place)
    }
  }

  mutating func remove(_ port: LocalPort) {
    let place = place(of: port)
    if place < entries.count, entries[place].port == port { entries.remove(at: place) }
  }

  /// The index of `port`, or where it would be: the entries are in order.
  private func place(of port: LocalPort) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].port < port { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
