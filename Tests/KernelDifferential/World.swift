// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The addresses in both worlds.
enum World {
  static let outside = address(203, 0, 113, 1)
  static let inside = address(10, 0, 0, 1)
  static let prefix = IPPrefix(containing: address(10, 0, 0, 0), length: 8)!
  /// Hosts inside and, none of them a router's, outside.
  static let hosts = (5...7).map { address(10, 0, 0, $0) }
  static let remotes = (7...9).map { address(192, 0, 2, $0) }
  /// Somewhere between the router and the remotes, which reports errors.
  static let halfway = address(198, 51, 100, 77)

  static func address(_ bytes: UInt32...) -> IPAddress { IPAddress(ipv4: bytes.reduce(0) { $0 << 8 | $1 }) }
}

extension Side {
  var other: Side { self == .inside ? .outside : .inside }
  var name: String { self == .inside ? "inside" : "outside" }
}
