// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import NATModel
import NetworkSimulator
import WireFormat

/// What a host's place looks like from inside, read from the network.
struct PlaceDescription {
  var name: String
  var addresses: [(address: IPAddress, prefix: Int)]
  var mtu: Int

  /// What Ethernet carries, and so what programs expect, unless the host's link is narrower.
  static let usualMTU = 1_500

  init(of host: DeviceID, in network: Network) {
    name = network.device(host).name
    addresses = Self.addresses(of: host, in: network)
    mtu = Self.mtu(of: host, in: network)
  }

  /// The host's addresses, each with the length of its network's prefix; a public host has no neighbours.
  static func addresses(of host: DeviceID, in network: Network) -> [(address: IPAddress, prefix: Int)] {
    let router = network.router(network.device(host).parent)
    return (network.addresses(of: host) + (network.host(host)?.alternateAddresses ?? [])).map { address in
      let prefix = router?.prefixes.first { $0.contains(address) }?.length
      return (address, prefix ?? address.family.bitWidth)
    }
  }

  static func mtu(of host: DeviceID, in network: Network) -> Int { min(network.device(host).link.mtu, usualMTU) }

  /// The text of /etc/hosts: every device by its name.
  static func hostsText(of network: Network) -> String {
    var text = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
    for device in [network.device(.internet)] + network.allDevices {
      for address in network.addresses(of: device.id) { text += "\(address) \(device.name)\n" }
    }
    return text
  }

  /// The text of /etc/resolv.conf.
  static let resolverText = "# The hosts of the network are in /etc/hosts, and nobody else can be reached.\n"

  /// Opens the place; returns what ``namespaces_open(_:_:_:_:)`` does.
  func open(hosts: String, _ place: inout namespaces_place, _ step: inout [CChar]) -> Int32 {
    let list = addresses.map { address, prefix in
      var entry = namespaces_address()
      entry.version = address.isIPv4 ? 4 : 6
      entry.prefix = Int32(prefix)
      withUnsafeMutableBytes(of: &entry.bytes) { space in
        for (offset, byte) in address.networkBytes.enumerated() { space[offset] = byte }
      }
      return entry
    }
    return name.withCString { name in
      hosts.withCString { hosts in
        Self.resolverText.withCString { resolver in
          list.withUnsafeBufferPointer { list in
            var plan = namespaces_plan(
              name: name, addresses: list.baseAddress, address_count: Int32(list.count), mtu: Int32(mtu), hosts: hosts,
              resolver: resolver)
            return namespaces_open(&plan, &place, &step, step.count)
          }
        }
      }
    }
  }
}

extension IPAddress {
  /// Its 4 or 16 bytes in network order.
  var networkBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendAddress(self)
    return bytes
  }
}
