// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

extension Plan {
  /// Makes the plan of a network.
  ///
  /// - Parameter goesOn: called with the number of devices laid out and their total; false stops it.
  /// - Returns: nil if it was stopped.
  init?(
    _ network: Network, interfaces names: InterfaceNames,
    while goesOn: (_ done: Int, _ total: Int) -> Bool = { _, _ in true }
  ) {
    self.init(nodes: [], links: [], differences: [])
    let tree = DeviceTree(network)
    let devices = [network.device(.internet)] + network.allDevices
    let usesIPv6 = network.allDevices.contains { device in
      network.addresses(of: device.id).contains { !$0.isIPv4 }
        || network.router(device.id)?.prefixes.contains { $0.family == .ipv6 } == true
    }
    var places: [DeviceID: Int] = [:]
    for (place, device) in devices.enumerated() {
      guard goesOn(place, devices.count) else { return nil }
      places[device.id] = place
      var layout = NodeLayout(device, in: tree, names: names, usesIPv6: usesIPv6)
      layout.build()
      nodes.append(layout.node)
      differences += layout.differences
    }
    for device in devices.dropFirst() {
      guard let parent = places[device.parent], let place = places[device.id] else { continue }
      let port = names.port(
        to: device.name, place: tree.place(of: device.id), belowInternet: device.parent == .internet)
      links.append(
        Link(
          upper: .init(node: parent, port: port),
          lower: .init(node: place, port: names.uplink(ofRouter: device.isRouter))))
    }
  }

  /// The link-local address of the upper end of every cable.
  static let upperLinkLocal = "fe80::1"

  /// The link-local address of a device on its cable upwards.
  static func linkLocal(of device: Device) -> String {
    let number = UInt32(bitPattern: device.id.rawValue)
    return "fe80::a:\(String(number >> 16, radix: 16)):\(String(number & 0xFFFF, radix: 16))"
  }
}
