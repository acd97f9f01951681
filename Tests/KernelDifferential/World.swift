// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The addresses in both worlds.
enum World {
  static let outside = address(203, 0, 113, 1)
  static let inside = address(10, 0, 0, 1)
  static let prefix = IPPrefix(containing: address(10, 0, 0, 0), length: 8)!
  /// Somewhere between the router and the remotes, which reports errors.
  static let halfway = address(198, 51, 100, 77)

  static func address(_ bytes: UInt32...) -> IPAddress { IPAddress(ipv4: bytes.reduce(0) { $0 << 8 | $1 }) }
}

/// Hosts inside and outside that talk to each other and to nobody else, so that what they do concerns no others.
struct Neighborhood {
  let hosts: [IPAddress]
  let remotes: [IPAddress]
  /// What a line of the kernel's table holds if it is about a flow between them.
  let mark: String

  /// There are 256 of them.
  init(_ number: Int = 0) {
    let place = UInt32(number & 255)
    hosts = (5...7).map { World.address(10, 1, place, $0) }
    remotes = (7...9).map { World.address(198, 19, place, $0) }
    mark = "=198.19.\(place)."
  }
}

extension Side {
  var other: Side { self == .inside ? .outside : .inside }
  var name: String { self == .inside ? "inside" : "outside" }
}
