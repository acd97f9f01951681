// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

@testable import NetworkSimulator

/// A network and the actions in it, both drawn from a seed.
struct RandomNetwork {
  var network: Network
  private(set) var hosts: [DeviceID] = []
  private(set) var routers: [DeviceID] = []
  private var generator: SeededGenerator
  private let limitsSizes: Bool

  /// One to twelve devices besides the first host, routers nested at will.
  ///
  /// - Parameters:
  ///   - stranger: whether a host that nobody talks to is added in the middle.
  ///   - limitsSizes: whether some links take only short packets, so that there are fragments.
  init(seed: UInt64, withStranger stranger: Bool = false, limitsSizes: Bool = false) throws {
    self.limitsSizes = limitsSizes
    network = Network(seed: seed)
    generator = SeededGenerator(seed: seed, name: "test", purpose: "plan")
    hosts.append(try network.addHost(named: "first", addresses: ["88.90.100.110"]))
    for number in 0...generator.below(12) {
      if stranger, number == 1 { try network.addHost(named: "stranger", addresses: ["9.9.9.9"]) }
      let parent = generator.below(4) == 0 ? nil : pick(routers)
      if generator.below(3) == 0 {
        // All use the same inside addresses, except routers behind routers.
        let depth = parent.map { self.depth(of: $0) + 1 } ?? 0
        let prefix = IPPrefix(containing: IPAddress(ipv4: 0xC0A8_0000 + UInt32(depth) << 8), length: 24)
        let router = try network.addRouter(
          named: "r\(number)", addresses: parent == nil ? [IPAddress(ipv4: 0x3200_0001 + UInt32(number))] : [],
          prefixes: prefix.map { [$0] } ?? [], behind: parent, preset: pick(NATPreset.allCases) ?? .home)
        routers.append(router)
        if generator.below(2) == 0 { network.configure(router, randomBehavior()) }
        try? forwardSomething(router)
      } else {
        let address = parent == nil ? [IPAddress(ipv4: 0x3300_0001 + UInt32(number))] : []
        hosts.append(try network.addHost(named: "h\(number)", addresses: address, behind: parent))
      }
      if generator.below(3) == 0, let last = network.allDevices.last { disturb(last.id) }
    }
    if seed % 8 == 1 { for host in hosts { network.setRetransmission(of: host, true) } }
    if seed % 8 == 2 { try race() }
    if seed % 8 == 3 { try closeAndOpen() }
    if seed % 8 == 0, let router = routers.first { network.setFilters(of: router, [RouterFilter(.tcp, port: 2)]) }
  }

  /// All hosts at once send from one port to one place, through routers that let them race.
  private mutating func race() throws {
    for router in routers {
      guard var behavior = network.router(router)?.nat.behavior else { continue }
      behavior.races = true
      network.configure(router, behavior)
    }
    for host in hosts { try network.send(from: host, port: 2, to: Endpoint(Network.internetAddress, 9)) }
    for host in hosts { try network.send(from: host, port: 2, to: Endpoint(Network.internetAddress, 9)) }
  }

  /// Two hosts open connections between the same endpoints again and again, and the one that answers closes them first.
  private mutating func closeAndOpen() throws {
    let one = try network.addHost(named: "opener", addresses: [IPAddress(ipv4: 0x3400_0001)])
    let other = try network.addHost(named: "closer", addresses: [IPAddress(ipv4: 0x3400_0002)])
    network.setTimeWait(of: other, .seconds(60))
    for _ in 0..<6 {
      _ = try? network.connect(from: one, port: 7, to: Endpoint(IPAddress(ipv4: 0x3400_0002), 7))
      network.run()
      _ = try? network.close(from: other, to: Endpoint(IPAddress(ipv4: 0x3400_0001), 7))
      network.run()
    }
  }

  /// Sends, answers, opens, closes, waits or steps.
  mutating func act() throws {
    guard let host = pick(hosts) else { return }
    let (port, target) = (UInt16(1 + generator.below(4)), randomTarget())
    let text = Payload.filler(Int(generator.below(1_200)))
    switch generator.below(12) {
    case 0...3:
      try network.send(
        from: host, port: generator.below(2) == 0 ? port : nil, to: target, payload: text,
        timeToLive: UInt8(1 + generator.below(generator.below(2) == 0 ? 6 : 64)),
        dontFragment: limitsSizes && generator.below(4) == 0)
    case 4: try network.ping(from: host, to: target.address)
    case 5, 6: _ = try? network.connect(from: host, port: port, to: target)
    case 7: _ = try? network.send(from: host, port: port, to: target, .tcp, payload: text)
    case 8: _ = try? network.reply(payload: text)
    case 9: _ = try? network.close(from: host, to: target)
    case 10:
      let target =
        network.clock + Interval(microseconds: Int64(generator.below(generator.below(8) == 0 ? 400_000_000 : 30_000)))
      while network.step(until: target) {}
      network.moveClock(to: target)
    default:
      for _ in 0..<generator.below(20) { network.step() }
    }
  }

  mutating func act(_ times: Int) throws {
    for _ in 0..<times { try act() }
  }

  private mutating func pick<Element>(_ all: [Element]) -> Element? {
    all.isEmpty ? nil : all[Int(generator.below(UInt64(all.count)))]
  }

  /// An address and port that somebody has inside or outside, or that nobody has.
  private mutating func randomTarget() -> Endpoint {
    let port = UInt16(generator.below(2) == 0 ? 1 + generator.below(4) : 62_000 + generator.below(4))
    guard let device = pick(hosts + routers), let address = network.addresses(of: device).first else {
      return Endpoint("8.8.8.8", port)
    }
    switch generator.below(20) {
    case 0: return Endpoint("240.0.0.1", port)
    case 1: return Endpoint(IPAddress(ipv4: address.ipv4Bits ^ 1), port)
    case 2, 3:
      if let mapping = network.router(pick(routers) ?? .internet)?.nat.mappings.last { return mapping.external }
      return Endpoint(address, port)
    default: return Endpoint(address, port)
    }
  }

  private mutating func disturb(_ id: DeviceID) {
    if generator.below(2) == 0 { network.setLoss(of: id, perMillion: Int(generator.below(300_000))) }
    if generator.below(2) == 0 { network.setRate(of: id, Int64(8_000 + generator.below(1_000_000))) }
    if generator.below(2) == 0 { network.setDelay(of: id, Interval(microseconds: Int64(generator.below(50_000)))) }
    if limitsSizes, generator.below(2) == 0 { network.setMTU(of: id, Int(68 + generator.below(300))) }
    if generator.below(2) == 0 { network.setPortPolicy(of: id, .bound) }
  }

  private mutating func forwardSomething(_ router: DeviceID) throws {
    let inside = IPAddress(ipv4: (network.router(router)?.insideAddresses.first?.ipv4Bits ?? 0) + 1)
    try network.forward(.udp, port: UInt16(1 + generator.below(4)), of: router, to: Endpoint(inside, 1))
  }

  private mutating func randomBehavior() -> NATBehavior {
    let all = EndpointDependence.allCases
    var behavior = NATBehavior(mapping: pick(all) ?? .addressDependent, filtering: pick(all) ?? .addressDependent)
    behavior.hairpinning = generator.below(2) == 0
    behavior.rejection = pick([.icmp, .silently, .asHost]) ?? .icmp
    behavior.tracking = generator.below(3) == 0 ? .connections : .mappings
    behavior.untracked = generator.below(2) == 0 ? .passed : .dropped
    behavior.refresh = generator.below(2) == 0 ? .both : .outbound
    behavior.portAssignment =
      pick([.sequential(first: 62_000), .preserve, .overload, .random(62_000...62_001)]) ?? .preserve
    behavior.maximumMappings = generator.below(3) == 0 ? 3 : nil
    behavior.translates = generator.below(4) != 0
    behavior.firewall = generator.below(4) != 0
    return behavior
  }

  private func depth(of router: DeviceID) -> Int {
    let parent = network.device(router).parent
    return parent == .internet ? 0 : depth(of: parent) + 1
  }
}
