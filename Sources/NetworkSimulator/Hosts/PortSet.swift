// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One protocol's port on a host.
struct LocalPort: Hashable, Comparable, Sendable {
  var transport: TransportProtocol
  var port: UInt16

  static func < (left: LocalPort, right: LocalPort) -> Bool {
    (left.transport.rawValue, left.port) < (right.transport.rawValue, right.port)
  }
}

/// Ports of a host: open addressing over one small array, since a host consults it for each packet that it sends.
struct PortSet: Sendable {
  private static var none: UInt32 { .max }

  /// Ports as numbers, at most half of the places taken.
  private var places: ContiguousArray<UInt32> = []
  private(set) var count = 0

  /// All of them, in no particular order.
  var all: [LocalPort] {
    places.compactMap { number in
      TransportProtocol(rawValue: UInt8(truncatingIfNeeded: number >> 16)).map {
        LocalPort(transport: $0, port: UInt16(truncatingIfNeeded: number))
      }
    }
  }

  func contains(_ port: LocalPort) -> Bool {
    guard count > 0 else { return false }
    return places[place(of: Self.number(port))] != Self.none
  }

  /// Puts `port` in; returns whether it was not there before.
  @discardableResult
  mutating func insert(_ port: LocalPort) -> Bool {
    if 2 * count >= places.count { grow() }
    let number = Self.number(port)
    let place = place(of: number)
    guard places[place] == Self.none else { return false }
    places[place] = number
    count += 1
    return true
  }

  mutating func remove(_ port: LocalPort) {
    guard contains(port) else { return }
    // Entries after it may have been put there because of it.
    let others = places.filter { $0 != Self.none && $0 != Self.number(port) }
    places = ContiguousArray(repeating: Self.none, count: places.count)
    for number in others { places[place(of: number)] = number }
    count -= 1
  }

  private static func number(_ port: LocalPort) -> UInt32 { UInt32(port.transport.rawValue) << 16 | UInt32(port.port) }

  /// Where `number` is, or would be; at least one place is free.
  @inline(__always)
  private func place(of number: UInt32) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: (number &* 0x9E37_79B1) >> 8) & mask
    while places[place] != number, places[place] != Self.none { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = places
    places = ContiguousArray(repeating: Self.none, count: max(2 * old.count, 4))
    for number in old where number != Self.none { places[place(of: number)] = number }
  }
}
