// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

@testable import NetworkSimulator

/// Notation for networks and hops in tests: an address as its text, a hop as a line.
extension IPAddress: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = IPAddress(text) ?? IPAddress(ipv4: 0) }
}

extension Endpoint: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = Endpoint(text) ?? Endpoint(IPAddress(ipv4: 0), 0) }
}

extension IPPrefix: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    guard let prefix = IPPrefix(text) else { preconditionFailure("not a prefix: \(text)") }
    self = prefix
  }
}

extension Payload: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = .data(Array(text.utf8)) }
}

extension Network {
  /// Lets everything in flight reach its end.
  mutating func run() {
    while step() {}
  }

  /// Lets everything reach its end; returns each packet by its number, as it came to its last device.
  mutating func runLooking() -> [Int: Packet] {
    var last: [Int: Packet] = [:]
    repeat {
      for flight in packetsInFlight { last[flight.number] = flight.packet }
    } while step()
    return last
  }

  /// Handles events due within `duration`, and moves the clock on by it.
  mutating func wait(_ duration: Interval) {
    let target = clock + duration
    while step(until: target) {}
    moveClock(to: target)
  }

  /// The time, the device and the event: `1ms home translated`.
  func brief(_ hop: Hop) -> String {
    let time = Interval(microseconds: hop.time.microseconds)
    let reason = hop.reason.map { " \($0.rawValue)" } ?? ""
    return "\(time) \(device(hop.node).name) \(hop.verdict.rawValue)\(reason)"
  }

  /// The packet's path in brief.
  func way(of packet: Int) -> [String] { trace.hops(ofPacket: packet).map(brief) }

  /// Everything that happened after hop `first`, in brief, each with its packet.
  func story(after first: Int = 0) -> [String] {
    guard first < trace.hopCount else { return [] }
    return trace.hops(first + 1...trace.hopCount).map { "\(brief($0)) \(kind($0))" }
  }

  private func kind(_ hop: Hop) -> String {
    switch hop.transport {
    case .udp: "udp"
    case .tcp: hop.tcpFlags.names.joined(separator: "-")
    case .icmp: hop.icmp.name
    }
  }

  /// How the last packet with `text` or any other ended: `delivered at bob`.
  func end(of packet: Int) -> String {
    guard let record = trace.packet(packet), let place = record.endedAt else { return "in flight" }
    let name = device(place).name
    return switch record.state {
    case .inFlight: "in flight"
    case .delivered: "delivered at \(name)"
    case .dropped(let reason): "\(reason.rawValue) at \(name)"
    }
  }

  /// The packets sent about `packet`: ICMP errors, answers.
  func answers(to packet: Int) -> [PacketRecord] {
    guard trace.packetCount > 0 else { return [] }
    return (1...trace.packetCount).compactMap { trace.packet($0) }.filter { $0.about == packet }
  }

  /// Sends one UDP packet and lets everything reach its end; returns how the packet ended.
  mutating func udp(
    _ from: DeviceID, _ port: UInt16 = 5000, to destination: Endpoint, ttl: UInt8 = 64
  ) throws -> String {
    let number = try send(from: from, port: port, to: destination, timeToLive: ttl)
    run()
    return end(of: number)
  }

  func endpoint(_ host: DeviceID, _ port: UInt16) -> Endpoint {
    Endpoint(addresses(of: host).first ?? IPAddress(ipv4: 0), port)
  }
}

/// The homes of the lessons: alice behind home-a, carol her neighbour, dave behind home-b with alice's own address,
/// bob outside.
struct TwoHomes {
  var network: Network
  let homeA: DeviceID
  let homeB: DeviceID
  let alice: DeviceID
  let carol: DeviceID
  let dave: DeviceID
  let bob: DeviceID

  init(seed: UInt64 = 1, _ preset: NATPreset = .home) throws {
    network = Network(seed: seed)
    homeA = try network.addRouter(
      named: "home-a", addresses: ["49.36.10.25"], prefixes: ["192.168.1.0/24"], preset: preset)
    alice = try network.addHost(named: "alice", addresses: ["192.168.1.10"], behind: homeA)
    carol = try network.addHost(named: "carol", addresses: ["192.168.1.11"], behind: homeA)
    homeB = try network.addRouter(
      named: "home-b", addresses: ["61.2.3.4"], prefixes: ["192.168.1.0/24"], preset: preset)
    dave = try network.addHost(named: "dave", addresses: ["192.168.1.10"], behind: homeB)
    bob = try network.addHost(named: "bob", addresses: ["88.90.100.110"])
  }
}
