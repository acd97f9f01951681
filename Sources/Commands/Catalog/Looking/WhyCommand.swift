// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `why [N]`
public struct WhyCommand: Command {
  /// The packet's number; nil is the last packet.
  public let packet: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { packet = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "why", strangers: ["explain", "reason"], group: .looking, effect: .looks,
    forms: [[.optional("N", .count(1...Int.max))]],
    summary: said("says in plain words why a packet was delivered or dropped"),
    details: [
      said("Without a number it is about the last packet. It names the rule and the RFC section where it is found.")
    ],
    examples: ["scene one-home", "send bob 49.36.10.25:62000 \"anybody there?\"", "run", "why"],
    seeAlso: ["refusals", "packet", "trace"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let record =
      if let packet { try session.packet(packet.value, at: packet.columns) } else { try session.packetToExplain() }
    let trace = session.network.trace.hops(ofPacket: record.number)
    guard let hop = trace.last else {
      throw CommandError(.packetForgotten(record.number, oldest: session.network.trace.oldestPacketWithHops))
    }
    let router = session.network.router(hop.node)
    let idle = session.idleRow(endedBy: record)
    let mapping = session.mapping(of: hop) ?? idle
    let answer = session.network.refusal(of: record.number)
    let meant = session.network.devices(withAddress: hop.destination.address).first { $0 != hop.node }
    let fault = session.fault(of: record.packet, hop)
    let detour = session.detour(of: record, trace)
    return CommandOutcome(
      WhyReport(
        packet: session.summary(record), hop: session.report(hop), trace: trace.map(session.report),
        mapping: mapping.map { session.report($0, of: idle == nil ? hop.node : record.origin) },
        mappingBehavior: router?.nat.behavior.mapping, filteringBehavior: router?.nat.behavior.filtering,
        translates: router?.nat.behavior.translates, destinationScope: hop.destination.address.scope,
        fault: fault, meant: meant.map { session.network.device($0).name },
        insideHosts: router == nil ? [] : session.insideHosts(of: hop.node),
        lostOn: hop.lostOn.map { session.network.device($0).name },
        answerAtMicroseconds: answer.heldUntil?.microseconds, answeredBy: answer.packet,
        answerLostAt: answer.packet.flatMap(session.placeOfLoss),
        answersAsHost: router?.nat.behavior.rejection == .asHost,
        ended: mapping?.end.flatMap { $0.time <= hop.time ? EndReport($0) : nil },
        changedPorts: trace.compactMap(session.changedPort),
        portBlock: hop.reason == .portsExhausted ? session.portBlock(of: hop) : nil,
        portAssignment: router?.nat.behavior.portAssignment,
        otherTransport: hop.reason == .noMapping ? session.otherTransport(at: hop) : nil,
        isIdleReset: idle != nil, midstream: router?.nat.behavior.midstream ?? .pickedUp,
        hairpinsForwardsOnly: router?.nat.behavior.hairpinsForwardsOnly ?? false,
        rival: session.rival(of: hop), insertFailures: router?.nat.insertFailures,
        detour: detour.map { session.report($0) },
        embedded: session.embedded(in: hop.destination.address, from: record.origin),
        insideEndpoint: router?.nat.behavior.prefixTranslation?.inward(hop.destination.address).map {
          Endpoint($0, hop.destination.port)
        },
        events: session.events(about: hop), rewrites: session.rewrites(of: record),
        toldBy: session.announcement(of: hop)?.packet,
        remedies: RemedySearch.remedies(
          session, record: record, hop: hop, mapping: mapping, fault: fault, detour: detour)))
  }
}

extension Session {
  /// What the program that has got a packet has told about it.
  fileprivate func events(about hop: Hop) -> [EventReport]? {
    guard hop.verdict == .delivered else { return nil }
    let events = network.trace.events(from: 1).filter {
      $0.packet == hop.packet && $0.host == hop.node && $0.time >= hop.time
    }
    return events.isEmpty ? nil : events.map(report)
  }

  /// The protocol whose row has the packet's destination as its outside endpoint, where the packet's own has none.
  fileprivate func otherTransport(at hop: Hop) -> TransportProtocol? {
    guard hop.transport != .icmp, let nat = network.router(hop.node)?.nat else { return nil }
    let other: TransportProtocol = hop.transport == .udp ? .tcp : .udp
    return nat.mapping(other, external: hop.destination, towards: hop.source) == nil ? nil : other
  }

  /// What gateways on a packet's way have told about it.
  fileprivate func rewrites(of record: PacketRecord) -> [EventReport]? {
    let events = network.trace.events(from: 1).filter {
      $0.packet == record.number && $0.program == Network.gatewayName
    }
    return events.isEmpty ? nil : events.map(report)
  }

  /// The row that decided about a hop's packet; if there was none, the last row that had its outside endpoint before.
  fileprivate func mapping(of hop: Hop) -> Mapping? {
    guard let nat = network.router(hop.node)?.nat else { return nil }
    if let id = hop.mapping {
      let ended = nat.endedMapping(hop.transport, external: hop.destination)
      return nat.mapping(id: id) ?? (ended?.id == id ? ended : nil)
    }
    if hop.reason == .invalid, hop.transport == .tcp, hop.tcpFlags.isDisjoint(with: .syn) {
      // A segment from inside whose connection the router no longer knows.
      let gone = nat.expiredMappings(since: 0).last { $0.transport == .tcp && $0.internal == hop.source }
      if let gone, let end = gone.end, end.time <= hop.time { return gone }
    }
    if hop.reason == .noMapping, nat.behavior.tracking == .connections,
      let rule = nat.mapping(hop.transport, external: hop.destination, towards: hop.source), rule.isStatic
    {
      return rule
    }
    guard hop.reason == .noMapping || hop.reason == .firewall,
      let ended = nat.endedMapping(hop.transport, external: hop.destination), let end = ended.end
    else { return nil }
    return end.time <= hop.time ? ended : nil
  }

  /// The device that dropped packet `number`; nil if none did.
  fileprivate func placeOfLoss(of number: Int) -> String? {
    guard let record = network.trace.packet(number), case .dropped = record.state else { return nil }
    return record.endedAt.map { network.device($0).name }
  }

  /// The block of ports that a hop's sender has at a router.
  fileprivate func portBlock(of hop: Hop) -> PortBlockReport? {
    network.router(hop.node)?.nat.portBlocks.first { $0.inside == hop.source.address }.map(PortBlockReport.init)
  }

  /// The packet of another new flow that took the outside port of a hop's packet at the same instant.
  func rival(of hop: Hop) -> Int? {
    guard hop.reason == .insertFailed, hop.number > 1 else { return nil }
    return network.trace.hops(max(1, hop.number - 4_096)...hop.number - 1).last {
      $0.node == hop.node && $0.time == hop.time && $0.mappingChange == .created && $0.transport == hop.transport
    }?.packet
  }

  /// The row that timed out, if a packet is the reset that its router sent because of that.
  fileprivate func idleRow(endedBy record: PacketRecord) -> Mapping? {
    guard record.about == nil, record.packet.tcpFlags.contains(.rst), let nat = network.router(record.origin)?.nat,
      let sent = network.trace.hops(ofPacket: record.number).first?.time
    else { return nil }
    return nat.expiredMappings(since: 0).last {
      $0.transport == .tcp && $0.end?.time == sent
        && ($0.internal == record.packet.destination || $0.external == record.packet.source)
    }
  }

  /// The holder of the port that a router would have kept, if it gave a new row another port.
  fileprivate func changedPort(at hop: Hop) -> ChangedPortReport? {
    guard let router = network.router(hop.node), let first = router.nat.externalAddresses.first else { return nil }
    let assignment = router.nat.behavior.portAssignment
    let isRefused = hop.reason == .portsExhausted && assignment == .preserveOrRefuse
    guard isRefused || hop.mappingChange == .created && hop.newSource.map({ $0.port != hop.source.port }) == true
    else { return nil }
    switch assignment {
    case .preserve, .overload, .overloadWithin, .preserveOrRefuse: break
    case .sequential, .random, .blocks: return nil
    }
    let wanted = Endpoint(hop.newSource?.address ?? first, hop.source.port)
    let remote = hop.transport == .icmp ? Endpoint(hop.destination.address, 0) : hop.destination
    if let own = router.nat.heldFlows(at: hop.time).first(where: { $0.external == wanted && $0.remote == remote }),
      hop.transport == .udp
    {
      return ChangedPortReport(
        router: network.device(hop.node).name, port: wanted.port, packet: own.createdBy, mapping: nil)
    }
    let row =
      router.nat.mapping(hop.transport, external: wanted, towards: remote)
      ?? router.nat.endedMapping(hop.transport, external: wanted)
    guard let row, row.id != hop.mapping, row.createdBy ?? 0 < hop.packet else { return nil }
    return ChangedPortReport(
      router: network.device(hop.node).name, port: wanted.port, packet: row.createdBy, mapping: row.id)
  }

  /// The fault of a packet that a device dropped as invalid, if the packet itself was at fault.
  fileprivate func fault(of packet: Packet, _ hop: Hop) -> PacketFault? {
    guard hop.reason == .invalid else { return nil }
    var arrived = packet
    (arrived.source, arrived.destination) = (hop.source, hop.destination)
    if let fault = arrived.fault { return fault }
    let router = network.router(hop.node) ?? network.router(network.device(hop.node).parent)
    if network.router(hop.node)?.nat.externalAddresses.contains(hop.source.address) == true { return .ownSource }
    let sought = (hop.newDestination ?? hop.destination).address
    let network = router?.prefixes.first { $0.contains(sought) }
    return network.map { $0.isHostAddress(sought) } == false ? .directedBroadcast : nil
  }

  /// The hosts behind a router, as many as an example needs.
  fileprivate func insideHosts(of router: DeviceID) -> [WhyReport.InsideHost] {
    network.devices(inside: router).prefix(64).filter { network.host($0) != nil }.flatMap { id in
      network.addresses(of: id).map {
        WhyReport.InsideHost(name: network.device(id).name, address: $0)
      }
    }
  }

  /// The packet that a bare `why` is about: the one that ended last, or, if that one only reports on another, the
  /// other.
  fileprivate func packetToExplain() throws(CommandError) -> PacketRecord {
    let trace = network.trace
    var last: PacketRecord?
    var number = trace.hopCount
    while number >= trace.oldestHop, number > trace.hopCount - 4_096, last == nil {
      if let hop = trace.hops(number...number).first, hop.verdict == .delivered || hop.verdict == .dropped {
        last = trace.packet(hop.packet)
      }
      number -= 1
    }
    guard let found = last ?? trace.packet(trace.packetCount) else { throw CommandError(.noPacketYet) }
    let isReport = found.packet.icmp.isError || found.packet.tcpFlags.contains(.rst)
    return isReport ? found.about.flatMap { trace.packet($0) } ?? found : found
  }
}
