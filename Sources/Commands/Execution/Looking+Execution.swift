// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension TableCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if let form { return CommandOutcome(try foreignTable(form, in: session)) }
    guard let router else {
      let routers = session.network.allDevices.filter(\.isRouter)
      var tables: [TableReport] = []
      var room = Session.mostListed
      var rows = 0
      for device in routers where tables.count < Session.mostListed {
        guard let table = session.lookAtTable(of: device.id, atMost: room) else { continue }
        tables.append(table)
        rows += session.network.router(device.id)?.nat.count ?? 0
        room -= table.mappings.count
      }
      return CommandOutcome(
        TablesReport.all(tables),
        notices: Notice.leftOut(.tables, routers.count - tables.count)
          + Notice.leftOut(.rows, rows - (Session.mostListed - room)))
    }
    let id = try session.identify(router)
    guard let table = session.lookAtTable(of: id, atMost: Session.mostListed) else {
      // Parsing has seen that it is a router.
      return CommandOutcome(TablesReport.all([]))
    }
    return CommandOutcome(
      TablesReport.one(table),
      notices: Notice.leftOut(.rows, (session.network.router(id)?.nat.count ?? 0) - table.mappings.count))
  }
}

extension TableCommand {
  private func foreignTable(_ form: ForeignTable.Form, in session: Session) throws(CommandError) -> ForeignTable {
    let network = session.network
    let routers =
      if let id = try session.identify(router) { [id] } else { network.allDevices.filter(\.isRouter).map(\.id) }
    let tables = routers.compactMap { id in
      network.router(id).map { router in
        ForeignTable.Router(
          name: network.device(id).name, lines: form.lines(of: router.nat, at: network.clock))
      }
    }
    return ForeignTable(form: form, routers: tables)
  }
}

/// What the learner saw of a router's table when it was last shown.
struct SeenTable: Sendable {
  /// A row as it was at that time. Numbers are used again after `undo`, so more than the number tells rows apart.
  struct Row: Sendable {
    var deadline: Instant?
    var createdBy: Int?
    var external: Endpoint
    var inside: Endpoint

    init(_ mapping: Mapping) {
      deadline = mapping.expiresAt
      createdBy = mapping.createdBy
      external = mapping.external
      inside = mapping.internal
    }

    func isSame(as other: Row) -> Bool {
      createdBy == other.createdBy && external == other.external && inside == other.inside
    }
  }

  var rows: [Int: Row] = [:]
  var expiredTotal = 0
}

extension Session {
  /// A router's table as it stands, with what has changed since it was last shown: of more than `limit` rows, the newest.
  /// Nil for what is not a router.
  fileprivate mutating func lookAtTable(of id: DeviceID, atMost limit: Int) -> TableReport? {
    guard let router = network.router(id) else { return nil }
    let seen = seenTables[id]
    var now = SeenTable(expiredTotal: router.nat.expiredTotal)
    let rows = router.nat.newestMappings(limit).map { mapping in
      var row = report(mapping, of: id)
      let shown = SeenTable.Row(mapping)
      if let before = seen?.rows[mapping.id], before.isSame(as: shown) {
        row.change = before.deadline == shown.deadline ? nil : .refreshed
      } else {
        row.change = .new
      }
      now.rows[mapping.id] = shown
      return row
    }
    let expired = router.nat.expiredMappings(since: min(seen?.expiredTotal ?? 0, router.nat.expiredTotal)).map {
      var row = report($0, of: id)
      row.change = .expired
      return row
    }
    seenTables[id] = now
    return TableReport(
      router: network.device(id).name, mappings: rows, expired: expired,
      mappingBehavior: router.nat.behavior.mapping, filteringBehavior: router.nat.behavior.filtering,
      translates: router.nat.behavior.translates, isPlain: self[PlainWords.self] != nil, held: heldPairs(router))
  }

  /// What the router's own stack holds, where it takes what is for nobody inside.
  private func heldPairs(_ router: Router) -> [HeldPairReport]? {
    guard router.nat.behavior.rejection == .asHost else { return nil }
    return router.nat.heldFlows(at: network.clock).map {
      HeldPairReport(
        external: $0.external, remote: $0.remote, createdBy: $0.createdBy,
        expiresInMicroseconds: ($0.expiresAt - network.clock).microseconds)
    }
  }
}

extension MapCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let network = session.network
    let devices = network.allDevices
    let nodes = devices.prefix(Session.mostListed).map { device in
      let router = network.router(device.id)
      return MapReport.Node(
        name: device.name, kind: device.kind, addresses: network.addresses(of: device.id),
        lan: router?.prefixes ?? [],
        behind: device.parent == .internet ? nil : network.device(device.parent).name,
        link: MapReport.Link(
          delayMicroseconds: device.link.delay.microseconds, rateBitsPerSecond: device.link.rate,
          loss: LossRate(partsPerMillion: device.link.lossPerMillion) ?? .none),
        translates: router?.nat.behavior.translates ?? true, mappingCount: router?.nat.count ?? 0)
    }
    let flights = network.packetsInFlight.prefix(Session.mostListed).map { flight in
      MapReport.Flight(
        packet: flight.number, from: network.device(flight.from).name, to: network.device(flight.to).name,
        source: flight.packet.source, destination: flight.packet.destination,
        transport: flight.packet.transport, dueMicroseconds: flight.due.microseconds)
    }
    return CommandOutcome(
      MapReport(nodes: nodes, flights: flights),
      notices: Notice.leftOut(.devices, devices.count - nodes.count)
        + Notice.leftOut(.packets, network.inFlight - flights.count))
  }
}

extension PacketsCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let trace = session.network.trace
    let known = (trace.oldestPacket..<trace.packetCount + 1).compactMap { trace.packet($0) }
    let listed = known.suffix(Session.mostListed)
    return CommandOutcome(
      PacketsReport(packets: listed.map(session.listing), forgotten: trace.oldestPacket - 1),
      notices: Notice.leftOut(.packets, known.count - listed.count))
  }
}

extension PacketCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let last = session.network.trace.packetCount
    guard number != nil || last > 0 else { throw CommandError(.noPacketYet) }
    let record = try session.packet(number?.value ?? last, at: number?.columns)
    return CommandOutcome(
      PacketReport(
        packet: session.summary(record),
        trace: session.network.trace.hops(ofPacket: record.number).map(session.report),
        beginIsForgotten: session.network.trace.hasForgottenHops(ofPacket: record.number), sent: record.packet))
  }
}

extension TraceCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(session.lastHops(count?.value ?? 20, form: .list))
  }
}

extension LadderCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(session.lastHops(24, form: .ladder))
  }
}

extension Session {
  func packet(_ number: Int, at columns: Range<Int>?) throws(CommandError) -> PacketRecord {
    let trace = network.trace
    if let record = trace.packet(number) { return record }
    guard trace.packetCount > 0 else { throw CommandError(.noPacketYet, at: columns) }
    guard number <= trace.packetCount, number > 0 else {
      throw CommandError(.noSuchPacket(number, last: trace.packetCount), at: columns)
    }
    throw CommandError(.packetForgotten(number, oldest: trace.oldestPacket), at: columns)
  }

  func lastHops(_ count: Int, form: TraceReport.Form) -> TraceReport {
    let trace = network.trace
    let first = max(trace.hopCount - min(count, Self.mostListedHops) + 1, trace.oldestHop)
    return hops(from: first, to: trace.hopCount, form: form)
  }

  /// The hops numbered from `first` to `last`, as far as they are known.
  package func hops(from first: Int, to last: Int, form: TraceReport.Form) -> TraceReport {
    let trace = network.trace
    let hops = first <= last ? trace.hops(first...last) : []
    var seen: Set<DeviceID> = []
    let columns = hops.map(\.node).filter { seen.insert($0).inserted }
    return TraceReport(
      form: form, trace: hops.map(report), columns: columns.map { network.device($0).name }, omitted: first - 1,
      forgotten: trace.oldestHop - 1)
  }
}

extension StatsCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let network = session.network
    let all = [network.device(.internet)] + network.allDevices
    let devices = all.prefix(Session.mostListed)
    let conversations = session.conversations()
    return CommandOutcome(
      StatsReport(
        devices: devices.map {
          StatsReport.Device(
            name: $0.name, kind: $0.kind, sent: .init($0.sent), forwarded: .init($0.forwarded),
            delivered: .init($0.delivered), dropped: .init($0.dropped))
        },
        links: devices.dropFirst().map {
          StatsReport.Link(device: $0.name, up: .init($0.crossed.up), down: .init($0.crossed.down))
        },
        conversations: Array(conversations.prefix(Session.mostListed)), relays: session.relays()),
      notices: Notice.leftOut(.devices, all.count - devices.count)
        + Notice.leftOut(.conversations, max(0, conversations.count - Session.mostListed)))
  }
}

extension StatsReport.Relay {
  fileprivate init(_ carried: CarriedTraffic, host: String, program: String) {
    let span = Int128(max((carried.last - carried.first).microseconds, 1))
    func rate(_ bytes: Int64) -> Int64 { Int64(clamping: (Int128(bytes) * 8_000_000 + span / 2) / span) }
    let (incoming, outgoing) = (rate(carried.incomingBytes), rate(carried.outgoingBytes))
    self.init(
      host: host, program: program, inBytes: carried.incomingBytes, outBytes: carried.outgoingBytes,
      inBitsPerSecond: incoming, outBitsPerSecond: outgoing,
      hourlyBytes: Int64(clamping: (Int128(incoming) + Int128(outgoing)) * 450))
  }
}

extension Session {
  /// What programs have passed on between others.
  fileprivate func relays() -> [StatsReport.Relay] {
    network.programs().compactMap { program in
      program.carried.map {
        StatsReport.Relay($0, host: network.device(program.host).name, program: program.name)
      }
    }
  }

  /// Delivered packets by who sent them to whom, in the order in which they began.
  fileprivate func conversations() -> [StatsReport.Conversation] {
    struct Key: Hashable {
      var from: DeviceID
      var to: DeviceID
      var transport: TransportProtocol
    }
    let trace = network.trace
    var order: [Key] = []
    var delivered: [Key: [(delay: Int64, crossings: Int)]] = [:]
    for number in trace.oldestPacket..<trace.packetCount + 1 {
      guard let record = trace.packet(number), record.state == .delivered, let to = record.endedAt,
        let time = record.endTime, !record.packet.icmp.isError
      else { continue }
      let key = Key(from: record.origin, to: to, transport: record.packet.transport)
      if delivered[key] == nil { order.append(key) }
      delivered[key, default: []].append(((time - record.sentAt).microseconds, record.crossings))
    }
    return order.compactMap { key in
      guard let packets = delivered[key] else { return nil }
      let delays = packets.map(\.delay).sorted()
      let crossings = packets.map(\.crossings)
      guard let least = crossings.min(), let most = crossings.max() else { return nil }
      return StatsReport.Conversation(
        from: network.device(key.from).name, to: network.device(key.to).name, transport: key.transport,
        packets: delays.count, minimumMicroseconds: delays[0], medianMicroseconds: delays[(delays.count - 1) / 2],
        maximumMicroseconds: delays[delays.count - 1], hops: least...most)
    }
  }
}

extension Notice {
  /// Says that `count` more of a kind are not listed; nothing where there are none.
  package static func leftOut(_ kind: LeftOutKind, _ count: Int) -> [Notice] {
    count > 0 ? [.leftOut(kind, count: count)] : []
  }
}

extension StatsReport.Counter {
  fileprivate init(_ counter: PacketCounter) {
    self.init(packets: counter.packets, bytes: counter.bytes)
  }
}
