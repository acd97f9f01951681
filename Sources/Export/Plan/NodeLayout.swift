// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// Lays out one device: its ports, addresses, routes, rules and the properties of its links.
struct NodeLayout {
  let device: Device
  let tree: DeviceTree
  let names: InterfaceNames
  let usesIPv6: Bool
  let children: [Device]
  var node: Plan.Node
  var differences: [NetworkExport.Difference] = []

  private var network: Network { tree.network }

  init(_ device: Device, in tree: DeviceTree, names: InterfaceNames, usesIPv6: Bool) {
    self.device = device
    self.tree = tree
    self.names = names
    self.usesIPv6 = usesIPv6
    let network = tree.network
    children = tree.children(of: device.id).map { network.device($0) }
    let addresses = network.addresses(of: device.id)
    let text = addresses.map(\.description).joined(separator: ", ")
    let place = device.parent == .internet ? "on the internet" : "behind \(network.device(device.parent).name)"
    let kind: DeviceKind = device.id == .internet ? .internet : device.isRouter ? .router : .host
    node = Plan.Node(
      name: device.name, kind: kind,
      summary: kind == .internet ? "the node between all public addresses, \(text)" : "\(kind) \(place), \(text)",
      addresses: addresses)
  }

  private var isInternet: Bool { device.id == .internet }
  private var uplink: String { names.uplink(ofRouter: device.isRouter) }
  private var uplinks: [String] { isInternet ? [] : [uplink] }

  func port(to child: Device) -> String {
    names.port(to: child.name, place: tree.place(of: child.id), belowInternet: isInternet)
  }

  mutating func build() {
    node.ports = uplinks + children.map { port(to: $0) }
    node.settings = commonSettings()
    node.commands = ["link set lo up"]
    if isInternet {
      layOutInternet()
    } else {
      layOutUplink()
    }
    if let router = network.router(device.id) { layOut(router) }
    // One of them may take the default route's place.
    for route in network.staticRoutes(of: device.id) {
      node.commands.append("route replace \(route.prefix) via \(route.gateway)")
    }
    node.shapes = children.map { shape(port(to: $0), $0.link) }
    if !isInternet { node.shapes.insert(shape(uplink, device.link), at: 0) }
  }

  private func shape(_ interface: String, _ link: Link) -> Plan.Shape {
    Plan.Shape(interface: interface, delay: link.delay, rate: link.rate, lossPerMillion: link.lossPerMillion)
  }

  private func commonSettings() -> [Plan.Setting] {
    var settings: [Plan.Setting] = []
    let forwards = !device.isHost
    let interfaces = node.ports + (device.isRouter ? [InterfaceNames.inside] : [])
    settings.append(.init(path: "net/ipv6/conf/all/disable_ipv6", value: usesIPv6 ? "0" : "1"))
    if forwards {
      settings.append(.init(path: "net/ipv4/ip_forward", value: "1"))
      if usesIPv6 { settings.append(.init(path: "net/ipv6/conf/all/forwarding", value: "1")) }
      settings.append(.init(path: "net/ipv4/conf/all/send_redirects", value: "0"))
    }
    // The kernel would answer only once a second; natsh always answers.
    settings.append(.init(path: "net/ipv4/icmp_ratelimit", value: "0"))
    if usesIPv6 { settings.append(.init(path: "net/ipv6/icmp/ratelimit", value: "0")) }
    // A router without NAT lets private source addresses out, and an answer may come another way.
    settings.append(.init(path: "net/ipv4/conf/all/rp_filter", value: "0"))
    for interface in interfaces {
      settings.append(.init(path: "net/ipv4/conf/\(interface)/rp_filter", value: "0", isOfInterface: true))
      if forwards {
        settings.append(.init(path: "net/ipv4/conf/\(interface)/send_redirects", value: "0", isOfInterface: true))
      }
    }
    return settings
  }

  // MARK: Addresses and routes

  private mutating func layOutInternet() {
    node.commands.append("address add \(Network.internetAddress)/32 dev lo")
    for range in ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"] {
      node.commands.append("route add blackhole \(range)")
    }
    node.commands.append("route add blackhole 0.0.0.0/0")
    if usesIPv6 {
      node.commands.append("address add \(Network.internetAddressIPv6)/128 dev lo nodad")
      node.commands.append("route add blackhole ::/0")
    }
    for child in children {
      let port = port(to: child)
      node.commands.append("link set \(port) up")
      if usesIPv6 { node.commands.append("address add \(Plan.upperLinkLocal)/64 dev \(port) nodad") }
      for address in everyAddress(of: child) {
        node.commands.append("route add \(address)/\(address.family.bitWidth) dev \(port)")
      }
      addRoutes(inwards: child, dev: port, onLink: true)
    }
    node.rules = RouterRules.internet
  }

  /// A device's addresses, including those added by `addresses`.
  private func everyAddress(of device: Device) -> [IPAddress] {
    let own = network.addresses(of: device.id)
    let more = network.router(device.id)?.nat.externalAddresses.filter { !own.contains($0) } ?? []
    return own + more
  }

  /// Routes to the public prefixes that are reached through `child`.
  private mutating func addRoutes(inwards child: Device, dev interface: String, onLink: Bool) {
    for prefix in tree.publicPrefixes(through: child.id) {
      if prefix.family == .ipv6 {
        node.commands.append("route add \(prefix) via \(Plan.linkLocal(of: child)) dev \(interface)")
      } else if let gateway = network.addresses(of: child.id).first(where: \.isIPv4) {
        node.commands.append("route add \(prefix) via \(gateway) dev \(interface)\(onLink ? " onlink" : "")")
      }
    }
  }

  private mutating func layOutUplink() {
    node.commands.append("link set \(uplink) up")
    let parent = network.router(device.parent)
    for address in everyAddress(of: device) {
      let length = parent?.prefixes.first { $0.contains(address) }?.length ?? address.family.bitWidth
      let flag = address.isIPv4 ? "" : " nodad"
      node.commands.append("address add \(address)/\(length) dev \(uplink)\(flag)")
    }
    if usesIPv6 { node.commands.append("address add \(Plan.linkLocal(of: device))/64 dev \(uplink) nodad") }
    if network.addresses(of: device.id).contains(where: \.isIPv4) {
      if let gateway = parent?.insideAddresses.first(where: \.isIPv4) {
        node.commands.append("route add 0.0.0.0/0 via \(gateway)")
      } else {
        node.commands.append("route add 0.0.0.0/0 via \(Network.internetAddress) dev \(uplink) onlink")
      }
    }
    if usesIPv6 { node.commands.append("route add ::/0 via \(Plan.upperLinkLocal) dev \(uplink)") }
    // Every neighbour knows the way to a network within their own prefix.
    for (sibling, prefix) in tree.innerPrefixes(of: device.parent) where sibling != device.id {
      let neighbor = network.device(sibling)
      let gateway =
        prefix.family == .ipv6
        ? Plan.linkLocal(of: neighbor)
        : network.addresses(of: sibling).first(where: \.isIPv4)?.description ?? Plan.upperLinkLocal
      node.commands.append("route add \(prefix) via \(gateway) dev \(uplink)")
    }
  }

  private mutating func layOut(_ router: Router) {
    let inside = InterfaceNames.inside
    node.commands.append("link add \(inside) type bridge forward_delay 0")
    for child in children {
      node.commands.append("link set \(port(to: child)) master \(inside)")
      node.commands.append("link set \(port(to: child)) up")
    }
    node.commands.append("link set \(inside) up")
    for (prefix, address) in zip(router.prefixes, router.insideAddresses) {
      let flag = address.isIPv4 ? "" : " nodad"
      node.commands.append("address add \(address)/\(prefix.length) dev \(inside)\(flag)")
    }
    if usesIPv6 { node.commands.append("address add \(Plan.upperLinkLocal)/64 dev \(inside) nodad") }
    for child in children { addRoutes(inwards: child, dev: inside, onLink: false) }
    let rules = RouterRules(router, outside: uplink)
    node.rules = rules.lines
    // Bridged packets are the switch's business not the router's, whatever container runtimes have set.
    node.settings.append(.init(path: "net/bridge/bridge-nf-call-iptables", value: "0"))
    node.settings.append(.init(path: "net/bridge/bridge-nf-call-ip6tables", value: "0"))
    node.settings += rules.settings
    differences += rules.differences.map {
      NetworkExport.Difference(device: device.name, setting: $0.setting, text: $0.text)
    }
  }
}
