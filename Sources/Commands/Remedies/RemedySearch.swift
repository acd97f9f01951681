// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Looks for changes that would have brought a packet to its receiver: each remedy that changes something is carried
/// out on a copy of the world, and is kept if the packet, sent again, then arrives.
struct RemedySearch {
  let session: Session
  let record: PacketRecord
  let hop: Hop
  /// The row that decided, or that existed.
  let mapping: Mapping?
  let fault: PacketFault?
  private(set) var found: [Remedy] = []

  init(_ session: Session, record: PacketRecord, hop: Hop, mapping: Mapping?, fault: PacketFault?) {
    self.session = session
    self.record = record
    self.hop = hop
    self.mapping = mapping
    self.fault = fault
  }

  var network: Network { session.network }
  var transport: TransportProtocol { hop.transport }
  func name(_ id: DeviceID) -> String { network.device(id).name }
  /// The device that decided.
  var node: String { name(hop.node) }
  var sender: PacketEnd { PacketEnd(hop.source, hasPort: transport != .icmp) }

  // MARK: Offering

  mutating func look(_ idea: Remedy.Idea, _ command: String) {
    found.append(Remedy(kind: .look, idea: idea, commands: [command]))
  }

  mutating func advise(_ idea: Remedy.Idea) { found.append(Remedy(kind: .advice, idea: idea, commands: [])) }

  /// Offers the first that works of several ways to do the same: each is the commands before the packet is sent again,
  /// and `again` are the ways to send it.
  @discardableResult
  mutating func fix(
    _ idea: Remedy.Idea, _ ways: [[String]], again: [String]? = nil, at receiver: DeviceID? = nil,
    reportTo informed: DeviceID? = nil
  ) -> Bool {
    for way in ways {
      for last in again ?? sendAgain(to: record.packet.destination) {
        let commands = way + [last]
        guard works(commands, at: receiver, reportTo: informed) else { continue }
        // Where the same packet would arrive by now without it, `way` changes nothing.
        guard way.isEmpty || mayPassNextTime || !works([last], at: receiver, reportTo: informed) else { continue }
        found.append(Remedy(kind: .fix, idea: idea, commands: commands))
        return true
      }
    }
    return false
  }

  /// Whether the packet that the last of `commands` sends arrives, or the report about it.
  private func works(_ commands: [String], at receiver: DeviceID?, reportTo informed: DeviceID?) -> Bool {
    guard let trial = RemedyTrial(commands, on: session) else { return false }
    return informed.map { trial.reportArrived(at: $0) } ?? trial.arrived(from: record.origin, transport, at: receiver)
  }

  /// Whether the same packet may arrive next time although nobody has done anything: by chance, or because the answer to
  /// it ended what was in its way.
  private var mayPassNextTime: Bool { [.loss, .queueFull, .timeWait].contains(hop.reason) }

  /// Takes over remedies that another search has found.
  mutating func adopt(_ others: [Remedy]) { found += others.filter { !found.contains($0) } }

  /// Offers to let `inside` send first, and then to write to the endpoint that it shows.
  mutating func fixElsewhere(_ ways: [[String]], from inside: DeviceID, as idea: Remedy.Idea? = nil) {
    let count = network.trace.packetCount
    for way in ways {
      guard let shown = RemedyTrial(way, on: session)?.appearance(of: inside, since: count) else { continue }
      let idea = idea ?? .insideSendsAnew(host: name(inside), to: sender, shows: shown)
      if fix(idea, [way], again: sendAgain(to: shown), at: inside) { return }
    }
  }

  /// Offers to let `host` send to the sender first: its row then admits it, or shows where to write instead.
  ///
  /// - Returns: the ways to send first.
  @discardableResult
  mutating func letSendFirst(_ host: DeviceID, _ port: UInt16) -> [[String]] {
    let ways = open(host, port, to: hop.source)
    if !fix(.insideSends(host: name(host), to: sender), ways, at: host) { fixElsewhere(ways, from: host) }
    return ways
  }

  // MARK: Commands

  /// Ways to send the packet again, to `destination`; none if its sender is not a host, or if it answers or reports.
  func sendAgain(to destination: Endpoint, from port: UInt16? = nil, options: String = "") -> [String] {
    let (packet, from) = (record.packet, name(record.origin))
    guard network.host(record.origin) != nil, network.addresses(of: record.origin).contains(packet.source.address),
      network.device(named: from) != nil
    else { return [] }
    let port = port ?? packet.source.port
    switch packet.transport {
    case .udp: return port == 0 ? [] : ["send \(from):\(port) \(destination)\(options)"]
    case .tcp:
      let isRequest = packet.tcpFlags.contains(.syn) && !packet.tcpFlags.contains(.ack)
      let data = "send \(from):\(port) \(destination) tcp\(options)"
      if !isRequest { return [data] }
      return ["connect \(from):\(port) \(destination)", data, "connect \(from) \(destination)"]
    case .icmp:
      return packet.icmp == .echoRequest ? ["ping \(from) \(destination.address)"] : []
    }
  }

  /// Ways to let `host` send to `remote` first.
  func open(_ host: DeviceID, _ port: UInt16, to remote: Endpoint) -> [[String]] {
    let from = name(host)
    return switch transport {
    case .udp: [["send \(from):\(port) \(remote)", "run"]]
    case .tcp: [["connect \(from):\(port) \(remote)", "run"], ["send \(from):\(port) \(remote) tcp", "run"]]
    case .icmp: [["ping \(from) \(remote.address)", "run"]]
    }
  }

  // MARK: Who is who

  /// The host that is meant by `inside`, an endpoint behind `router`: through further NATs, if there are any.
  func host(_ inside: Endpoint, behind router: DeviceID) -> (id: DeviceID, port: UInt16)? {
    let device = network.devices(inside: router).first { network.addresses(of: $0).contains(inside.address) }
    guard let device else {
      return hosts(behind: router).first { network.addresses(of: $0).contains(inside.address) }.map {
        ($0, inside.port)
      }
    }
    if network.host(device) != nil { return (device, inside.port) }
    guard let nat = network.router(device)?.nat else { return nil }
    let row = nat.mappings.first { $0.transport == transport && $0.external == inside }
    return row.flatMap { host($0.internal, behind: device) }
  }

  /// The hosts behind a router, and behind those behind it, as many as an example needs.
  func hosts(behind router: DeviceID) -> [DeviceID] {
    var hosts: [DeviceID] = []
    for device in network.devices(inside: router).prefix(64) {
      if network.host(device) != nil { hosts.append(device) } else { hosts += self.hosts(behind: device) }
    }
    return Array(hosts.prefix(64))
  }

  /// Whether the sender is behind `router`.
  func isInside(_ router: DeviceID) -> Bool {
    var device = record.origin
    while device != .internet {
      device = network.device(device).parent
      if device == router || device == network.firstGateway(of: router) { return true }
    }
    return false
  }

  /// The commands that forward `port` of `router` to `host`, through each NAT on the way.
  func forwards(_ port: UInt16, of router: DeviceID, to host: DeviceID, _ inner: UInt16) -> [String] {
    var path: [DeviceID] = []
    var device = host
    let shared = network.firstGateway(of: router) ?? router
    while device != shared, device != .internet {
      path.append(device)
      device = network.device(device).parent
    }
    guard device == shared else { return [] }
    var commands: [String] = []
    var from = router
    for next in path.reversed() {
      let target = next == host ? inner : port
      if !isForwarded(port, of: from, to: next, target) {
        commands.append("forward \(name(from)) \(transport.name) \(port) to \(name(next)):\(target)")
      }
      from = next
    }
    return commands
  }

  /// Whether `router` has that very forward already.
  private func isForwarded(_ port: UInt16, of router: DeviceID, to next: DeviceID, _ target: UInt16) -> Bool {
    let addresses = network.addresses(of: next)
    return network.router(router)?.nat.mappings.contains {
      $0.isStatic && $0.transport == transport && $0.external.port == port && $0.internal.port == target
        && addresses.contains($0.internal.address)
    } ?? false
  }

  /// Ways to forward `port` of `router` to `host`: on its own, and with the host made to listen.
  func waysToForward(_ port: UInt16, of router: DeviceID, to host: DeviceID, _ inner: UInt16) -> [[String]] {
    let forwards = forwards(port, of: router, to: host, inner)
    return [forwards, forwards + ["listen \(name(host)) \(inner) \(transport.name)"]]
  }

  /// An unused name, for a new host.
  var freeName: String {
    if network.device(named: "server") == nil { return "server" }
    return (2...).lazy.map { "server-\($0)" }.first { network.device(named: $0) == nil } ?? "server"
  }
}
