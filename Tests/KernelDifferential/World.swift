// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The addresses in both worlds.
enum World {
  static let outside = address(203, 0, 113, 1)
  static let inside = address(10, 0, 0, 1)
  /// The outside addresses of a router that has several.
  static let pool = [outside, address(203, 0, 113, 2), address(203, 0, 113, 3)]
  static let prefix = IPPrefix(containing: address(10, 0, 0, 0), length: 8)!
  /// Somewhere between the router and the remotes, which reports errors.
  static let halfway = address(198, 51, 100, 77)

  static func address(_ bytes: UInt32...) -> IPAddress { IPAddress(ipv4: bytes.reduce(0) { $0 << 8 | $1 }) }
}

/// How a router is set up, in both worlds.
struct Setup: Sendable {
  var name: String
  /// Packets for the router itself are dropped, as by an INPUT chain.
  var dropsInput = false
  /// The longest packet that the outside link takes.
  var mtu: Int?
  /// The outside addresses; if there are several, each host has one of its own, as with `snat to A-B persistent`.
  var addresses = [World.outside]

  static let plain = Setup(name: "a masquerade alone")
  static let all = [
    plain, Setup(name: "an INPUT chain that drops", dropsInput: true), Setup(name: "a narrow link", mtu: 600),
    Setup(name: "several outside addresses", addresses: World.pool),
    Setup(name: "all of these", dropsInput: true, mtu: 600, addresses: World.pool),
  ]

  /// The setup as arguments of the kernel's router.
  var options: [String] {
    var options: [String] = []
    if dropsInput { options.append("input=drop") }
    if let mtu { options.append("mtu=\(mtu)") }
    if let last = addresses.dropFirst().last { options.append("pool=\(addresses[0])-\(last)") }
    return options
  }

  /// `behavior` adapted to this setup.
  func adapt(_ behavior: NATBehavior) -> NATBehavior {
    var behavior = behavior
    if dropsInput, behavior.rejection == .asHost { behavior.rejection = .silently }
    return behavior
  }
}

/// A forward, and where it leads; nil removes it.
struct ForwardChange {
  var transport: TransportProtocol
  var port: UInt16
  var target: Endpoint?
}

/// Hosts inside and outside that talk to each other and to nobody else, so that what they do concerns no others.
struct Neighborhood {
  let hosts: [IPAddress]
  let remotes: [IPAddress]
  /// The text in each line of the kernel's table that is about a flow between them.
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
