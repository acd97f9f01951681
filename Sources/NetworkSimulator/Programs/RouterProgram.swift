// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The protocols by which hosts may ask a router for a port, and what the router does with them.
public struct PortControlSetting: Hashable, Sendable {
  public enum Dialect: String, Hashable, Sendable, CaseIterable {
    case pcp
    case natPMP = "nat-pmp"
    case upnp
  }

  /// In the order of ``Dialect``.
  public let dialects: [Dialect]
  /// Whether it grants everything and maps nothing.
  public let lies: Bool

  public static let off = PortControlSetting([])

  /// The group by which hosts look for a router that speaks UPnP.
  public static let discoveryGroup = IPAddress(ipv4: 0xEFFF_FFFA)  // 239.255.255.250

  public init(_ dialects: [Dialect], lies: Bool = false) {
    self.dialects = Dialect.allCases.filter(dialects.contains)
    self.lies = lies && !dialects.isEmpty
  }

  public func speaks(_ dialect: Dialect) -> Bool { dialects.contains(dialect) }
}

/// What the routers of a network make of what hosts ask them: one value for all of them, which keeps nothing itself. What
/// has been granted is in the router.
public protocol RouterProgram: Sendable {
  /// The ports of the router's inside addresses that it answers at.
  func answers(_ transport: TransportProtocol, port: UInt16, speaking setting: PortControlSetting) -> Bool
  /// Takes what has come to one of them.
  func receive(_ delivery: Delivery, _ router: inout RouterContext)
}

/// A router program's view of its router.
public struct RouterContext: Sendable {
  public let now: Instant
  /// What the learner calls the router.
  public let name: String
  public let setting: PortControlSetting
  /// The router's inside and outside addresses.
  public let insideAddresses: [IPAddress]
  public let addresses: [IPAddress]
  /// Seconds since it was switched on.
  public let epoch: UInt32
  public var nat: NAT
  fileprivate(set) var stack: Host
  fileprivate(set) var effects: [ProgramContext.Effect] = []

  /// Sends a datagram from one of the router's inside endpoints.
  public mutating func send(_ payload: Payload, from local: Endpoint, to remote: Endpoint) {
    effects.append(.send(Packet(.udp, from: local, to: remote, payload: payload)))
  }

  /// Says something on an open TCP connection, and closes it.
  public mutating func answer(_ payload: Payload, from local: Endpoint, to remote: Endpoint) {
    let key = ConnectionKey(local: local, remote: remote)
    let data = stack.segments(carrying: payload, on: key, at: now)
    guard let end = stack.close(key) else { return }
    effects += (data + [end]).map { .send($0) }
  }

  /// Tells what it has decided.
  public mutating func tell(_ event: String, _ data: EventData) {
    effects.append(.event(event, data, .arrival))
  }
}

/// What a router has for its own: the TCP connections with those who ask it for ports, and when it was switched on.
struct RouterServices: Sendable {
  var setting = PortControlSetting.off
  var stack: Host
  var startedAt = Instant.zero
}

extension Network {
  /// What router `id` lets hosts ask for.
  public func portControl(of id: DeviceID) -> PortControlSetting { router(id)?.services?.setting ?? .off }

  /// Sets what a router lets hosts ask for; what was granted stays.
  public mutating func setPortControl(of id: DeviceID, _ setting: PortControlSetting) {
    guard case .router(let slot) = nodes[id.index].role else { return }
    guard setting != .off || routers[slot].services != nil else { return }
    var services =
      routers[slot].services
      ?? RouterServices(
        stack: Host(addresses: routers[slot].insideAddresses, generator: routers[slot].generator),
        startedAt: Instant.zero)
    services.setting = setting
    routers[slot].services = services
  }

  /// Hands what has come to the router's own ports to its program; false where nobody there answers.
  mutating func serve(_ flight: Flight, _ slot: Int) -> Bool {
    guard let program = routerProgram, let services = routers[slot].services,
      flight.headers.transport != .icmp,
      program.answers(
        flight.headers.transport, port: flight.headers.destination.port, speaking: services.setting)
    else { return false }
    let packet = flight.packet(in: payloads)
    if packet.transport == .udp {
      record(.delivered, of: flight)
      run(program, slot, flight, .datagram(packet.payload))
      return true
    }
    routers[slot].services?.stack.listening.insert(LocalPort(transport: .tcp, port: packet.destination.port))
    guard let outcome = routers[slot].services?.stack.receive(segment: packet, at: clock) else { return false }
    record(outcome.dropped == nil ? .delivered : .dropped, outcome.dropped, of: flight)
    if let answer = outcome.answer { dispatchInside(answer, slot, about: flight.number) }
    if let news = outcome.news { run(program, slot, flight, news) }
    return true
  }

  private mutating func run(
    _ program: any RouterProgram, _ slot: Int, _ flight: Flight, _ content: Delivery.Content
  ) {
    guard let services = routers[slot].services else { return }
    let id = routers[slot].id
    let delivery = Delivery(
      host: id, number: flight.number, time: clock, transport: flight.headers.transport,
      local: flight.headers.destination, remote: flight.headers.source, content: content)
    let seconds = max((clock - services.startedAt).microseconds, 0) / 1_000_000
    var context = RouterContext(
      now: clock, name: details[id.index].name, setting: services.setting,
      insideAddresses: routers[slot].insideAddresses, addresses: routers[slot].addresses,
      epoch: UInt32(truncatingIfNeeded: seconds), nat: routers[slot].nat,
      stack: services.stack)
    program.receive(delivery, &context)
    routers[slot].nat = context.nat
    routers[slot].services?.stack = context.stack
    if routers[slot].nat.nextExpiry < routers[slot].alarm { setAlarm(slot) }
    for effect in context.effects {
      switch effect {
      case .send(let packet): dispatchInside(packet, slot, about: flight.number)
      case .event(let event, let data, _):
        if isTracing { trace.add(event, by: Self.routerProgramName, on: id, at: clock, packet: flight.number, data) }
      case .setTimer, .cancelTimer, .finish, .act: break
      }
    }
  }

  /// What events call the program of a router.
  public static let routerProgramName = "port-control"

  private mutating func dispatchInside(_ packet: Packet, _ slot: Int, about number: Int) {
    guard let next = nextHopInside(packet.destination.address, slot) else { return }
    dispatch(packet, from: routers[slot].id, to: next, about: number)
  }
}
