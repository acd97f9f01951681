// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Hosts that do at random what hosts do, and what they should not: seeded, so that a scenario can be played again.
struct Player {
  private var generator: SeededGenerator
  private var flows: [Flow] = []
  private var conversations: [Conversation] = []
  /// Packets that were let in, for errors about them.
  private var delivered: [Packet] = []
  private let transports: [TransportProtocol]
  private let neighborhood: Neighborhood
  private let setup: Setup
  /// Where each forwarded port leads.
  private var forwards: [ForwardChange] = []
  /// Connections that began outside and came in by a forward.
  private var visits: [Visit] = []
  /// Inside servers that have begun a flow with a remote themselves. Let in afterwards, the remote would look like
  /// another port to the server, so that the kernel can tell the two flows apart; natsh does not do that.
  private var hasBegun: [(server: Endpoint, remote: Endpoint)] = []
  /// Whether forwards come and go.
  private let changesForwards: Bool

  /// An inside host's packets to a remote, with the outside endpoint that they are known to have.
  struct Flow {
    var transport: TransportProtocol
    var inside: Endpoint
    var outside: Endpoint
    var remote: Endpoint
  }

  init(seed: UInt64, in neighborhood: Neighborhood = Neighborhood(), _ setup: Setup = .plain) {
    self.neighborhood = neighborhood
    self.setup = setup
    generator = SeededGenerator(seed: seed)
    changesForwards = generator.below(3) == 0
    // Now and then one protocol alone gets all packets, and so gets further.
    let choices: [[TransportProtocol]] = [[.udp], [.tcp], [.icmp, .udp], [.udp, .tcp, .icmp], [.udp, .tcp, .icmp]]
    transports = choices[Int(generator.below(UInt64(choices.count)))]
  }

  mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[Int(generator.below(UInt64(choices.count)))] }
  mutating func happens(_ percent: UInt64) -> Bool { generator.below(100) < percent }
  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.below(UInt64(range.count)))
  }

  // MARK: Endpoints

  /// Few ports, so that they clash; of each of the ranges that masquerading tells apart.
  private static let insidePorts: [UInt16] = [1, 53, 511, 512, 599, 600, 1_023, 1_024, 5_000, 5_000, 5_001, 40_000]
  private static let remotePorts: [UInt16] = [53, 80, 80, 4_000, 5_000]
  private static let identifiers: [UInt16] = [0, 1, 1, 2, 65_535]

  private mutating func insideEndpoint(_ transport: TransportProtocol) -> Endpoint {
    Endpoint(one(of: neighborhood.hosts), one(of: transport == .icmp ? Self.identifiers : Self.insidePorts))
  }

  private mutating func remoteEndpoint() -> Endpoint {
    Endpoint(one(of: neighborhood.remotes), one(of: Self.remotePorts))
  }

  /// The router's outside endpoint, of a flow or an arbitrary one.
  private mutating func outsideEndpoint(_ transport: TransportProtocol) -> Endpoint {
    let used = flows.filter { $0.transport == transport }.map(\.outside)
    if !used.isEmpty, happens(70) { return one(of: used) }
    return Endpoint(one(of: setup.addresses), one(of: transport == .icmp ? Self.identifiers : Self.insidePorts))
  }

  private mutating func payload() -> Payload {
    one(of: [.empty, .data([104, 105]), .filler(1), .data(Array(repeating: 46, count: 600))])
  }

  // MARK: Packets

  /// The next packet.
  mutating func next() -> (packet: Packet, side: Side) {
    var (packet, side) = choose()
    // A packet from outside that is too long is answered by the router itself, if at all, and is not forwarded.
    if let mtu = setup.mtu, packet.length > mtu {
      if side == .inside { packet.dontFragment = true } else { packet.payload = .filler(1) }
    }
    if happens(8) { packet.timeToLive = UInt8(number(0...3)) }
    if packet.timeToLive < 2, isCounted(packet, side) { packet.timeToLive = 2 }
    return (packet, side)
  }

  /// Whether the segment takes up sequence numbers. If it ends at a router that has counted it, its sender and the
  /// receiver who did not get it no longer agree on numbers with the router.
  private func isCounted(_ packet: Packet, _ side: Side) -> Bool {
    guard packet.transport == .tcp,
      packet.payload.length > 0 || !packet.tcpFlags.isDisjoint(with: [.syn, .fin])
    else { return false }
    return side == .outside || conversations.contains { $0.inside == packet.source && $0.outside != nil }
      || visits.contains { $0.server == packet.source && $0.client == packet.destination }
  }

  private mutating func choose() -> (packet: Packet, side: Side) {
    if happens(7), let error = error() { return error }
    let transport = one(of: transports)
    if happens(6) { return (toRouter(transport), .inside) }
    if transport != .icmp, happens(25), let visit = visit(transport) { return visit }
    switch transport {
    case .udp: return happens(45) ? (datagramOut(), .inside) : (datagramIn(), .outside)
    case .icmp: return ping()
    case .tcp: return segment()
    }
  }

  private mutating func datagramOut() -> Packet {
    let again = flows.filter { $0.transport == .udp }
    if !again.isEmpty, happens(35) {
      let flow = one(of: again)
      return Packet(.udp, from: flow.inside, to: flow.remote, payload: payload())
    }
    return Packet(.udp, from: insideEndpoint(.udp), to: remoteEndpoint(), payload: payload())
  }

  private mutating func datagramIn() -> Packet {
    let known = flows.filter { $0.transport == .udp }
    guard !known.isEmpty, happens(75) else {
      return Packet(.udp, from: remoteEndpoint(), to: outsideEndpoint(.udp), payload: payload())
    }
    let flow = one(of: known)
    var source = flow.remote
    // A stranger: another port, another address.
    if happens(15) { source.port = one(of: Self.remotePorts) }
    if happens(10) { source.address = one(of: neighborhood.remotes) }
    return Packet(.udp, from: source, to: flow.outside, payload: payload())
  }

  private mutating func ping() -> (packet: Packet, side: Side) {
    var packet: Packet
    var side = Side.inside
    let known = flows.filter { $0.transport == .icmp }
    if !known.isEmpty, happens(45) {
      let flow = one(of: known)
      var source = flow.remote
      if happens(15) { source.address = one(of: neighborhood.remotes) }
      packet = Packet(.icmp, from: source, to: flow.outside)
      packet.icmp = happens(80) ? .echoReply : .echoRequest
      side = .outside
    } else if happens(70) {
      packet = Packet(.icmp, from: insideEndpoint(.icmp), to: remoteEndpoint())
      packet.icmp = happens(88) ? .echoRequest : .echoReply
    } else {
      packet = Packet(.icmp, from: remoteEndpoint(), to: outsideEndpoint(.icmp))
      packet.icmp = happens(60) ? .echoRequest : .echoReply
      side = .outside
    }
    // An echo's identifier is one field, which both endpoints show.
    let identifier = side == .inside ? packet.source.port : packet.destination.port
    packet.source.port = identifier
    packet.destination.port = identifier
    // Not 0: of a message of nothing but zeros the kernel's translation makes one whose checksum is 0, for 65535.
    packet.icmpSequence = UInt16(number(1...9))
    packet.payload = payload()
    return (packet, side)
  }

  /// From inside to one of the router's own addresses.
  private mutating func toRouter(_ transport: TransportProtocol) -> Packet {
    let target = happens(70) ? outsideEndpoint(transport) : Endpoint(World.inside, one(of: Self.insidePorts))
    var packet = Packet(transport, from: insideEndpoint(transport), to: target, payload: payload())
    switch transport {
    case .udp: break
    case .icmp:
      packet.icmp = happens(80) ? .echoRequest : .echoReply
      packet.destination.port = packet.source.port
      packet.icmpSequence = 7
    case .tcp:
      packet.tcpFlags = one(of: [.syn, .syn, .ack, [.syn, .ack], [.fin, .ack], .rst])
      packet.sequenceNumber = 1_000
      if packet.tcpFlags.contains(.ack) { packet.acknowledgementNumber = 2_000 }
    }
    return packet
  }

  // MARK: Errors

  private static let kinds: [ICMPKind] = [
    .networkUnreachable, .hostUnreachable, .portUnreachable, .administrativelyProhibited, .fragmentationNeeded,
    .timeExceeded,
  ]

  /// An ICMP error about a packet that passed, or that nobody sent.
  private mutating func error() -> (packet: Packet, side: Side)? {
    let kind = one(of: Self.kinds)
    if happens(50) {
      guard !flows.isEmpty else { return nil }
      let flow = one(of: flows)
      var about = Self.packet(of: flow)
      if happens(25) { about = Self.changed(about, generator: &generator) }
      return (about.error(kind, from: happens(50) ? flow.remote.address : World.halfway), .outside)
    }
    guard !delivered.isEmpty else { return nil }
    var about = one(of: delivered)
    var reporter = about.destination.address
    if happens(25) { about = Self.changed(about, generator: &generator) }
    if happens(15) { reporter = one(of: neighborhood.hosts) }
    return (about.error(kind, from: reporter), .inside)
  }

  /// A packet of `flow` as it is outside.
  private static func packet(of flow: Flow) -> Packet {
    var packet = Packet(flow.transport, from: flow.outside, to: flow.remote, timeToLive: 1)
    if flow.transport == .icmp {
      packet.icmp = .echoRequest
      packet.destination.port = packet.source.port
    }
    if flow.transport == .tcp { packet.tcpFlags = .ack }
    return packet
  }

  /// The same packet with one thing changed, so that it belongs to nobody.
  private static func changed(_ packet: Packet, generator: inout SeededGenerator) -> Packet {
    var packet = packet
    if packet.transport == .icmp {
      packet.source.port ^= 0x4000
      packet.destination.port = packet.source.port
      return packet
    }
    switch generator.below(3) {
    case 0: packet.source.port ^= 0x4000
    case 1: packet.destination.port ^= 0x4000
    default: packet.source.port ^= 1
    }
    return packet
  }

  // MARK: TCP

  /// The next segment of one of several connections.
  private mutating func segment() -> (packet: Packet, side: Side) {
    if happens(6) {
      return (stray(from: Endpoint(one(of: neighborhood.remotes), 9), to: outsideEndpoint(.tcp)), .outside)
    }
    let place: Int
    if conversations.isEmpty || conversations.count < 6 && happens(20) {
      let (inside, remote) = (insideEndpoint(.tcp), remoteEndpoint())
      if let known = conversations.firstIndex(where: { $0.inside == inside && $0.remote == remote }) {
        place = known
      } else {
        conversations.append(Conversation(inside: inside, remote: remote, generator: &generator))
        place = conversations.count - 1
      }
    } else {
      place = number(0...conversations.count - 1)
    }
    let (side, flags, length) = conversations[place].choose(generator: &generator)
    return (conversations[place].segment(from: side, flags, length: length), side)
  }

  /// A segment that belongs to nothing: no conversation uses its port.
  private mutating func stray(from source: Endpoint, to destination: Endpoint) -> Packet {
    var packet = Packet(.tcp, from: source, to: destination, payload: happens(30) ? .data([120]) : .empty)
    packet.tcpFlags = one(of: [
      .syn, .syn, .ack, [.syn, .ack], [.fin, .ack], .rst, [.rst, .ack], [.psh, .ack], .fin, [],
    ])
    packet.sequenceNumber = 77_000
    if packet.tcpFlags.contains(.ack) { packet.acknowledgementNumber = 88_000 }
    return packet
  }

  // MARK: Forwards

  /// The forwarded ports, and the ports of servers inside, from which nothing else goes out. No two lead to one server: a
  /// remote that came to it by both from one port would look like two, as one does that ``hasBegun`` is about.
  private static let forwardedPorts: [(outside: UInt16, inside: UInt16)] = [
    (53, 8_053), (80, 8_080), (443, 8_443), (5_000, 22), (5_001, 2_222),
  ]

  /// A forward that comes or goes now, if one does.
  mutating func forwardChange() -> ForwardChange? {
    guard changesForwards, happens(forwards.isEmpty ? 25 : 8) else { return nil }
    let transport = one(of: [TransportProtocol.udp, .tcp])
    let (port, serverPort) = one(of: Self.forwardedPorts)
    if let place = forwards.firstIndex(where: { $0.transport == transport && $0.port == port }) {
      forwards.remove(at: place)
      return ForwardChange(transport: transport, port: port)
    }
    let target = Endpoint(one(of: neighborhood.hosts), serverPort)
    forwards.append(ForwardChange(transport: transport, port: port, target: target))
    return forwards.last
  }

  /// A packet from outside for a forwarded port, or an answer to one.
  private mutating func visit(_ transport: TransportProtocol) -> (packet: Packet, side: Side)? {
    let open = forwards.filter { $0.transport == transport }
    if transport == .udp {
      guard !open.isEmpty else { return nil }
      let forward = one(of: open)
      let target = Endpoint(World.outside, forward.port)
      return (Packet(.udp, from: remoteEndpoint(), to: target, payload: payload()), .outside)
    }
    if !visits.isEmpty, open.isEmpty || happens(75) {
      let place = number(0...visits.count - 1)
      return visits[place].next(generator: &generator)
    }
    guard !open.isEmpty else { return nil }
    let forward = one(of: open)
    guard let server = forward.target else { return nil }
    let client = Endpoint(one(of: neighborhood.remotes), UInt16(number(6_000...6_003)))
    guard !hasBegun.contains(where: { $0.server == server && $0.remote == client }),
      !visits.contains(where: { $0.client == client })
    else { return nil }
    visits.append(
      Visit(client: client, door: Endpoint(World.outside, forward.port), server: server, generator: &generator))
    return visits[visits.count - 1].next(generator: &generator)
  }

  // MARK: Results

  /// Learns from what the kernel made of `packet`.
  mutating func see(_ packet: Packet, from side: Side, _ emissions: [Emission]) {
    guard !packet.icmp.isError else { return }
    for emission in emissions where emission.packet.transport == packet.transport {
      if side == .inside, emission.side == .outside, setup.addresses.contains(emission.packet.source.address),
        packet.icmp != .echoReply
      {
        note(
          Flow(
            transport: packet.transport, inside: packet.source, outside: emission.packet.source,
            remote: packet.transport == .icmp ? Endpoint(packet.destination.address, 0) : packet.destination))
        passed(packet, from: .inside, outside: emission.packet.source)
        answered(packet, as: emission.packet.source)
      }
      if side == .outside, emission.side == .inside {
        delivered.append(emission.packet)
        if delivered.count > 20 { delivered.removeFirst() }
        passed(
          emission.packet, from: .outside, outside: packet.destination)
        for place in visits.indices { visits[place].arrived(emission.packet) }
      }
    }
  }

  /// A server's segment left as one from `source`: an answer, or the beginning of a flow of its own.
  private mutating func answered(_ packet: Packet, as source: Endpoint) {
    guard packet.transport == .tcp,
      let place = visits.firstIndex(where: { $0.server == packet.source && $0.client == packet.destination })
    else { return }
    if visits[place].door == source { return visits[place].left(packet) }
    hasBegun.append((packet.source, packet.destination))
    visits.remove(at: place)
  }

  private mutating func note(_ flow: Flow) {
    flows.removeAll { $0.transport == flow.transport && $0.inside == flow.inside && $0.remote == flow.remote }
    flows.append(flow)
    if flows.count > 24 { flows.removeFirst() }
  }

  /// A segment of a conversation came through, so that the other side knows of it.
  private mutating func passed(_ packet: Packet, from side: Side, outside: Endpoint) {
    guard packet.transport == .tcp else { return }
    let (inside, remote) = side == .inside ? (packet.source, packet.destination) : (packet.destination, packet.source)
    guard let place = conversations.lastIndex(where: { $0.inside == inside && $0.remote == remote }) else { return }
    conversations[place].passed(packet, from: side, outside: outside)
    // The endpoint's former owner can no longer be reached there.
    for other in conversations.indices where other != place && conversations[other].outside == outside {
      if conversations[other].remote == remote { conversations[other].lose() }
    }
  }
}
