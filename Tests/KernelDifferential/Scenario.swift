// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The same packets through the kernel's router and natsh's, one at a time, and what each made of them.
///
/// The next packet may depend on what came out, as it does with real hosts; where the kernel draws a port at random,
/// natsh draws the same one, if it draws one at all, and has to keep to it.
struct Scenario {
  /// One packet that went in, and what came out.
  struct Step {
    var side: Side
    var packet: Packet
    var kernel: [Emission]
    var simulated: [Emission]
    var time: Instant
    var agrees: Bool { Scenario.comparable(kernel) == Scenario.comparable(simulated) }
  }

  private(set) var steps: [Step] = []
  /// The changes of forwards, each with the number of packets before it.
  private var forwardChanges: [(steps: Int, change: ForwardChange)] = []
  private(set) var simulated: SimulatedRouter
  /// How many ports the kernel has drawn.
  private(set) var draws = 0

  private let neighborhood: Neighborhood
  private let setup: Setup

  init(_ behavior: NATBehavior, in neighborhood: Neighborhood = Neighborhood(), _ setup: Setup = .plain) throws {
    simulated = try SimulatedRouter(behavior, hosts: neighborhood.hosts, setup)
    self.neighborhood = neighborhood
    self.setup = setup
  }

  /// Changes a forward in both, while flows through it may be under way.
  mutating func change(_ change: ForwardChange, _ kernel: KernelRouter) throws {
    try kernel.change(change)
    try simulated.change(change)
    forwardChanges.append((steps.count, change))
  }

  var hasChangedForwards: Bool { !forwardChanges.isEmpty }

  var packetCount: Int { steps.count }
  var disagreement: Step? { steps.last.flatMap { $0.agrees ? nil : $0 } }

  /// Sends `packet` through both; returns what the kernel made of it.
  @discardableResult
  mutating func send(_ packet: Packet, from side: Side, at now: Instant, _ kernel: KernelRouter) throws -> [Emission] {
    let real = try kernel.inject(packet, from: side)
    let chance = chance(of: packet, from: side, real)
    if chance != nil { draws += 1 }
    if setup.addresses.count > 1, side == .inside, let out = real.first(where: { $0.side == .outside })?.packet {
      simulated.offer(out.source.address)
    }
    let said = try simulated.inject(packet, from: side, at: now, chance: chance)
    steps.append(Step(side: side, packet: packet, kernel: real, simulated: said, time: now))
    return real
  }

  /// The port that the kernel gave where it did not keep the packet's own.
  private func chance(of packet: Packet, from side: Side, _ real: [Emission]) -> Chance? {
    guard side == .inside, !packet.icmp.isError, let out = real.first(where: { $0.side == .outside })?.packet,
      out.transport == packet.transport, setup.addresses.contains(out.source.address),
      out.source.port != packet.source.port
    else { return nil }
    return Chance(port: out.source.port, range: Chance.range(packet.transport, packet.source.port))
  }

  /// The part that is compared: everything about a packet but whether it may be cut, which natsh's packets say only if
  /// a learner asked; in any order, since the two worlds' links differ.
  static func comparable(_ emissions: [Emission]) -> [Emission: Int] {
    var counts: [Emission: Int] = [:]
    for var emission in emissions {
      emission.packet.dontFragment = false
      counts[emission, default: 0] += 1
    }
    return counts
  }

  // MARK: Tables

  /// The flows that only one table has; nil if both have the same.
  mutating func tableDifference(at now: Instant, _ kernel: KernelRouter) throws -> String? {
    let flows = TrackedFlow.all(in: try kernel.connections(with: neighborhood.mark))
    simulated.expire(at: now)
    let own = flows.filter { neighborhood.remotes.contains($0.origin.address) }
    var rest = flows.filter { neighborhood.hosts.contains($0.origin.address) }
    var lines: [String] = []
    for row in simulated.flows.map({ TrackedFlow($0, at: now) }) {
      if let place = rest.firstIndex(where: { row.agrees(with: $0) }) {
        rest.remove(at: place)
      } else {
        lines.append("only natsh has \(row)")
      }
    }
    lines += rest.map { "only the kernel has \($0)" }
    for flow in own where !simulated.hasOwnFlow(flow.outside, from: flow.remote, at: now) {
      lines.append("natsh does not know that \(flow.remote) has used \(flow.outside)")
    }
    if simulated.ownFlowCount < own.count { lines.append("natsh has \(simulated.ownFlowCount) flows of its own") }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  // MARK: Reporting

  /// The packets and what became of them, as a table, with both routers' tables at the end.
  func report(_ kernel: KernelRouter) -> String {
    var lines = ["\(setup.name), \(steps.count) packets:"]
    for (number, step) in steps.enumerated() {
      lines += forwardChanges.filter { $0.steps == number }.map { Self.line($0.change) }
      lines.append("\(number + 1). \(step.time.microseconds / 1000)ms \(step.side.name): \(Self.line(step.packet))")
      if step.agrees {
        lines.append("     both:   \(Self.line(step.kernel))")
      } else {
        lines.append("     kernel: \(Self.line(step.kernel))")
        lines.append("     natsh:  \(Self.line(step.simulated))")
      }
    }
    lines.append("natsh's rows:")
    for row in simulated.mappings {
      lines.append(
        "  \(row.transport.name) \(row.internal) \(row.external) \(row.permitted) \(row.state ?? "") until "
          + "\((row.expiresAt ?? .never).microseconds / 1000)ms")
    }
    lines.append("the kernel's connections:\n\((try? kernel.connections(with: neighborhood.mark)) ?? "")")
    return lines.joined(separator: "\n")
  }

  private static func line(_ change: ForwardChange) -> String {
    "forward \(change.transport.name) \(change.port) to \(change.target.map(\.description) ?? "nobody any more")"
  }

  private static func line(_ emissions: [Emission]) -> String {
    if emissions.isEmpty { return "nothing" }
    return emissions.map { "\($0.side.name) \(line($0.packet))" }.sorted().joined(separator: "; ")
  }

  static func line(_ packet: Packet) -> String {
    var words = ["\(packet.transport.name) \(packet.source) > \(packet.destination)"]
    if packet.transport == .tcp {
      words.append(packet.tcpFlags.names.joined(separator: "+"))
      words.append("seq \(packet.sequenceNumber) ack \(packet.acknowledgementNumber)")
    }
    if packet.icmp != .none { words.append("\(packet.icmp.name) \(packet.icmpSequence)") }
    if let quoted = packet.quoted {
      words.append(
        "[\(quoted.transport.name) \(quoted.source) > \(quoted.destination) ttl \(quoted.timeToLive), \(quoted.length) of "
          + "\(quoted.packetLength) bytes]")
    } else if packet.payload.length > 0 {
      words.append("\(packet.payload.length) bytes\(packet.dontFragment ? ", not to be cut" : "")")
    }
    return (words + ["ttl \(packet.timeToLive)"]).joined(separator: " ")
  }
}
