// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A NAT and its reference, living through the same random packets, waits and changes of settings.
package struct RandomLife {
  package internal(set) var nat: NAT
  var reference: ReferenceNAT
  var now = Instant.zero
  package private(set) var lastOutcome = ""
  var choices: Choices
  private let isHostile: Bool
  private var portGenerator = SeededGenerator(seed: 7)
  private var number = 0

  static let inside = ["192.168.1.10", "192.168.1.11", "192.168.1.12", "2001:db8:1::10"].compactMap(
    IPAddress.init)
  static let outside = ["88.90.100.110", "88.90.100.111", "9.9.9.9", "2001:db8:2::20"].compactMap(
    IPAddress.init)

  /// - Parameter isHostile: whether packets come that no host sends, and pieces of packets in any order.
  package init(_ given: Choices, isHostile: Bool = false) {
    choices = given
    self.isHostile = isHostile
    let addresses = ["49.36.10.25", "49.36.10.26"].prefix(choices.below(3) == 0 ? 2 : 1).compactMap { IPAddress($0) }
    var behavior = NATBehavior(mapping: .endpointIndependent, filtering: .endpointIndependent)
    nat = NAT(behavior: behavior, externalAddresses: addresses)
    reference = ReferenceNAT(behavior: behavior, addresses: addresses)
    for _ in 0..<12 { change(&behavior) }
    switch choices.below(7) {
    case 6: behavior.portAssignment = .blocks(size: 3, within: 5_000...5_007)
    case 4: behavior.portAssignment = .preserveOrRefuse
    case 5: behavior.portAssignment = .overloadWithin(1_025...1_030)
    case 0: behavior.portAssignment = .sequential(first: 65_530)
    case 1: behavior.portAssignment = .preserve
    case 2: behavior.portAssignment = .overload
    default: behavior.portAssignment = .random(5_000...5_015)
    }
    if choices.below(5) == 0 { behavior.portRest = .seconds(20) }
    behavior.translates = choices.below(8) != 0
    nat = NAT(behavior: behavior, externalAddresses: addresses)
    reference = ReferenceNAT(behavior: behavior, addresses: addresses)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { choices.pick(elements) }

  /// Whether the choices have come to their end.
  package var isOver: Bool { choices.isSpent }

  private mutating func change(_ behavior: inout NATBehavior) {
    switch choices.below(10) {
    case 0: behavior.mapping = pick(EndpointDependence.allCases)
    case 1, 2: behavior.filtering = pick(EndpointDependence.allCases)
    case 3: behavior.refresh = pick([.outbound, .both])
    case 4:
      behavior.hairpinning.toggle()
      behavior.hairpinsForwardsOnly = choices.below(3) == 0
      behavior.midstream = pick([.pickedUp, .pickedUp, .dropped])
      behavior.resetsIdle = choices.below(4) == 0
    case 5:
      behavior.firewall = choices.below(3) != 0
      behavior.rejection = pick([.silently, .icmp])
    case 6: behavior.lifetimes.udp = .seconds(pick([5, 10, 30]))
    case 7: behavior.lifetimes.udpStream = pick([nil, .seconds(15), .seconds(40)])
    case 8: behavior.pooling = pick([.paired, .arbitrary])
    default:
      behavior.lifetimes.tcpEstablished = .seconds(pick([50, 100]))
      behavior.lifetimes.tcpTransitory = .seconds(pick([6, 12]))
      behavior.lifetimes.tcpStates.synSent = pick([nil, .seconds(4)])
      behavior.lifetimes.tcpStates.finWait = pick([nil, .seconds(10)])
      behavior.lifetimes.tcpStates.closed = pick([nil, .seconds(2)])
      behavior.lifetimes.icmp = .seconds(pick([3, 9]))
      behavior.streamAfter = .seconds(pick([0, 2]))
      behavior.preservesParity = choices.below(4) == 0
      behavior.maximumMappings = pick([nil, nil, 6, 12])
      behavior.maximumMappingsPerHost = pick([nil, nil, 4])
    }
  }

  /// Does one thing to both; returns their difference, if there is one.
  package mutating func step() -> String? {
    lastOutcome = ""
    switch choices.below(40) {
    case 0...5:
      now = now + Interval(microseconds: pick([1, 999_999, 1_000_000, 2_000_000, 4_999_999, 5_000_000, 20_000_000]))
    case 6:
      var behavior = nat.behavior
      change(&behavior)
      return configure(behavior)
    case 7 where choices.below(4) == 0:
      var behavior = nat.behavior
      behavior.translates.toggle()
      return configure(behavior)
    case 8: return choices.below(3) == 0 ? changeForwards() : nil
    case 11 where nat.behavior.resetsIdle: return takeIdle()
    case 9 where isHostile: return choices.below(4) == 0 ? emptyTable() : answerHeldRequests()
    case 10 where isHostile: return passPieces()
    default:
      let side = pick([Side.inside, .inside, .outside])
      var packet = side == .inside ? packetOut() : packetIn()
      if isHostile, choices.below(4) == 0 { spoil(&packet) }
      return pass(packet, from: side)
    }
    return nil
  }

  private mutating func configure(_ behavior: NATBehavior) -> String? {
    reference.pass(now)
    var gone = 0
    if reference.behavior.translates != behavior.translates {
      for row in reference.rows where !row.isStatic {
        reference.behavior.portRest = behavior.portRest
        reference.end(row, at: now)
        gone += 1
      }
    }
    reference.behavior = behavior
    if !behavior.resetsIdle { reference.idle = [] }
    let emptied = nat.configure(behavior, at: now)
    return emptied == gone ? compareTables() : "emptied \(emptied), not \(gone)"
  }

  private mutating func flags() -> TCPFlags {
    pick([.syn, [.syn, .ack], .ack, .ack, .ack, [.fin, .ack], .rst])
  }

  mutating func packetOut() -> Packet {
    let index = Int(choices.below(4))
    let source = Endpoint(Self.inside[index], pick([1_024, 1_025, 1_026]))
    if choices.below(8) == 0, let row = choices.pick(from: reference.rows) {
      // An error about a packet that might have come in.
      let whole = choices.below(4) == 0 ? reference.pairs.first.map { Endpoint($0.inside, row.inside.port) } : nil
      let (remote, receiver) = (pick(row.conversations).remote, whole ?? row.inside)
      let quoted = Packet(row.transport, from: remote, to: receiver, payload: .filler(Int(choices.below(900))))
      return quoted.error(pick([.portUnreachable, .timeExceeded]), from: receiver.address)
    }
    var destination = Endpoint(index == 3 ? Self.outside[3] : Self.outside[Int(choices.below(3))], pick([1, 2]))
    if index < 3, choices.below(6) == 0 {
      let known = choices.below(4) == 0 ? nil : choices.pick(from: reference.rows)?.outside
      destination = known ?? Endpoint(pick(reference.addresses), pick([80, 62_000]))
    }
    return query(pick([.udp, .udp, .tcp, .icmp]), source, destination)
  }

  mutating func packetIn() -> Packet {
    let isStray = choices.below(8) == 0
    let row = isStray ? nil : choices.pick(from: choices.below(4) == 0 ? reference.past : reference.rows)
    let own = nat.behavior.translates ? pick(reference.addresses) : Self.inside[0]
    let stray = Endpoint(own, pick([80, 1_024, 5_001]))
    let destination = row?.outside ?? stray
    let isIPv4 = destination.address.isIPv4
    var source = Endpoint(isIPv4 ? Self.outside[Int(choices.below(3))] : Self.outside[3], pick([1, 2, 3]))
    if choices.below(2) == 0, let row { source = pick(row.conversations).remote }
    let transport = choices.below(10) == 0 ? .icmp : row?.transport ?? .udp
    if choices.below(8) == 0 {
      return Packet(transport, from: destination, to: source).error(
        .hostUnreachable, from: Self.outside[isIPv4 ? 2 : 3])
    }
    return query(transport, source, destination)
  }

  private mutating func query(_ transport: TransportProtocol, _ source: Endpoint, _ destination: Endpoint) -> Packet {
    var packet = Packet(transport, from: source, to: destination)
    if transport == .tcp { packet.tcpFlags = flags() }
    if transport == .icmp {
      packet.icmp = pick([.echoRequest, .echoReply])
      let identifier = Self.inside.contains(source.address) ? source.port : destination.port
      packet.source.port = identifier
      packet.destination.port = identifier
    }
    return packet
  }

  private mutating func pass(_ packet: Packet, from side: Side) -> String? {
    number += 1
    var rewritten = packet
    var (copy, copyGenerator, rewrittenByCopy) = (nat, portGenerator, packet)
    let translation = nat.translate(&rewritten, from: side, at: now, number: number, using: &portGenerator)
    if isHostile {
      let again = copy.translate(&rewrittenByCopy, from: side, at: now, number: number, using: &copyGenerator)
      if again != translation || rewrittenByCopy != rewritten { return "a copy made \(again) of \(packet)" }
    }
    let outcome: ReferenceNAT.Outcome =
      switch translation {
      case .forward(let to, let change): .forward(to: to, rewritten, mapping: change.mapping, change.kind)
      case .drop(let reason, let change): .drop(reason, mapping: change.mapping, change.kind)
      }
    let table = nat
    reference.hint =
      switch translation {
      case .forward(_, let change), .drop(_, let change): change.mapping
      }
    let expected = reference.translate(packet, from: side, at: now, number: number) { table.mapping(id: $0)?.external }
    lastOutcome = "\(outcome)"
    if outcome != expected {
      return "\(side) \(packet)\nbecame   \(outcome)\nexpected \(expected)\nunder \(nat.behavior)"
    }
    if case .drop = translation, rewritten != packet { return "a dropped packet was changed" }
    return compareTables()
  }

  /// Takes the connections whose ends are to be told.
  private mutating func takeIdle() -> String? {
    reference.pass(now)
    nat.expire(at: now)
    let told = nat.takeIdle().map { "\($0.inside) \($0.external) \($0.remote)" }
    defer { reference.idle = [] }
    return told.sorted() == reference.idle.sorted() ? nil : "told \(told), not \(reference.idle)"
  }

  mutating func takeDueAnswers() -> Int {
    var taken = 0
    while nat.takeAnswer(at: now) != nil { taken += 1 }
    return taken
  }

  /// Removes everything from both tables that is not static.
  private mutating func emptyTable() -> String? {
    reference.pass(now)
    let dynamic = reference.rows.filter { !$0.isStatic }
    for row in dynamic { reference.end(row, at: now) }
    let emptied = nat.removeDynamicMappings(at: now)
    return emptied == dynamic.count ? compareTables() : "emptied \(emptied), not \(dynamic.count)"
  }

  /// Compares the tables, row for row.
  func compareTables() -> String? {
    let mappings = nat.mappings
    guard mappings.count == nat.count, mappings.map(\.id) == reference.rows.map(\.id) else {
      return "rows \(mappings.map(\.id)), count \(nat.count), expected \(reference.rows.map(\.id))"
    }
    for (mapping, row) in zip(mappings, reference.rows) {
      let same =
        mapping.transport == row.transport && mapping.internal == row.inside && mapping.external == row.outside
        && mapping.isStatic == row.isStatic && mapping.isForwarded == row.isForwarded
        && mapping.packetsIn == row.packetsIn
        && mapping.packetsOut == row.packetsOut
        && mapping.expiresAt == (row.isStatic ? nil : row.expires)
        && mapping.createdBy == (row.isStatic ? nil : row.createdBy)
        && mapping.permitted == permitted(row)
        && (row.conversations.count > 1 || row.isStatic || mapping.state == row.conversations[0].connection.state)
      if !same { return "\(mapping)\nexpected \(row)" }
    }
    guard nat.expiredTotal == reference.expiredIDs.count,
      Set(nat.expiredMappings(since: 0).map(\.id)) == Set(reference.expiredIDs)
    else { return "expired \(nat.expiredMappings(since: 0).map(\.id)), expected \(reference.expiredIDs)" }
    if let next = mappings.compactMap(\.expiresAt).min(), nat.nextExpiry > next {
      return "a row ends before \(nat.nextExpiry)"
    }
    guard nat.newestMappings(3) == Array(mappings.suffix(3)) else { return "the newest are \(nat.newestMappings(3))" }
    return sharedFiveTuple()
  }

  private func permitted(_ row: ReferenceNAT.Row) -> Mapping.Permitted {
    let behavior = reference.behavior
    if row.isStatic || !behavior.firewall || behavior.filtering == .endpointIndependent { return .anyone }
    let remotes = row.conversations.map(\.remote)
    guard behavior.filtering == .addressDependent || row.transport == .icmp else { return .endpoints(remotes) }
    return .addresses(remotes.reduce(into: []) { if !$0.contains($1.address) { $0.append($1.address) } })
  }

  /// Two live flows that share an inbound five-tuple, which must not happen.
  private func sharedFiveTuple() -> String? {
    var seen: Set<String> = []
    for row in reference.rows where !row.isStatic {
      for conversation in row.conversations
      where !seen.insert("\(row.transport) \(row.outside) \(conversation.remote)").inserted {
        return "\(row.outside) from \(conversation.remote) belongs to two"
      }
    }
    return nil
  }
}
