// SPDX-License-Identifier: GPL-3.0-or-later

/// A format's names for interfaces. Linux allows 15 bytes.
enum InterfaceNames: Sendable {
  /// `wan` and `eth0` upwards, `lan` for a router's inside, and each further port named after the device at its other
  /// end.
  case byNeighbor
  /// `eth0`, `eth1` and so on from that number, upwards first.
  case numbered(from: Int)

  /// A router's inside, where its ports are joined.
  static let inside = "lan"

  /// Names that already mean something, to the kernel or here.
  private static let reserved: Set<String> = ["lo", "all", "default", "wan", "lan", "eth0", "bonding_masters"]

  /// A device's port upwards.
  func uplink(ofRouter isRouter: Bool) -> String {
    switch self {
    case .byNeighbor: isRouter ? "wan" : "eth0"
    case .numbered(let first): "eth\(first)"
    }
  }

  /// The port towards the device called `name`, the `place`th below its node.
  ///
  /// - Parameter belowInternet: whether the node is the internet, which has no port upwards.
  func port(to name: String, place: Int, belowInternet: Bool) -> String {
    switch self {
    case .numbered(let first): return "eth\(first + place + (belowInternet ? 0 : 1))"
    case .byNeighbor:
      let fits = name.utf8.count <= 15 && !Self.reserved.contains(name.lowercased()) && !name.hasPrefix("port")
      return fits ? name : "port\(place + 1)"
    }
  }
}
