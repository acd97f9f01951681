// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// Calls by a way that is open already, or that ICE opens for them.
extension CallCommand {
  /// `call FROM TO ice`: over the pair that ICE has selected, or selects now.
  func callByICE(
    _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let called = try session.sender(to)
    let (one, other) = (session.network.device(caller).name, session.network.device(called).name)
    if called == caller { throw CommandError(.other(TrafficFault.callsItself(one)), at: to.columns) }
    for typed in [from, to] where typed.value.port != nil {
      throw CommandError(.other(TrafficFault.portIsICEs), at: typed.columns)
    }
    try checkEnd(of: plan, in: session)
    if session.carriers(caller, called, as: ICEProgram.self) == nil {
      let names = (
        Located(NamedDevice(name: one, kind: .host), columns: from.columns),
        Located(NamedDevice(name: other, kind: .host), columns: to.columns)
      )
      try session.beginICE(from: caller, names.0, to: called, names.1, via: [])
      try session.watch { $0.carriers(caller, called, as: ICEProgram.self) == nil }
    }
    guard let ends = session.carriers(caller, called, as: ICEProgram.self) else {
      let unused = session.unusedRelay(of: caller, called)
      return finish(
        TrafficResult(plan: plan), way: TrafficReport.Way.none, via: nil, besides: unused, in: &session)
    }
    return carry(by: ends, as: ICEProgram.self, plan, in: &session)
  }

  /// A call by a way that the two have opened before; nil if there is none, or if `direct` asks for none.
  func callByOpenWay(
    _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome? {
    guard way == nil, case .device(let device) = to.value.host, device.kind == .host,
      let called = session.network.device(named: device.name)?.id, called != caller
    else { return nil }
    if from.value.port == nil, to.value.port == nil {
      if let ends = session.carriers(caller, called, as: PunchProgram.self) {
        try checkEnd(of: plan, in: session)
        return carry(by: ends, as: PunchProgram.self, plan, in: &session)
      }
      if let ends = session.carriers(caller, called, as: ICEProgram.self) {
        try checkEnd(of: plan, in: session)
        return carry(by: ends, as: ICEProgram.self, plan, in: &session)
      }
    }
    guard let hole = session.hole(from: caller, from.value.port, to: called, to.value.port) else { return nil }
    let call = Call(
      caller: Call.Party(host: caller, port: hole.local.port),
      path: .direct(to: hole.remote, called: Call.Party(host: called, port: hole.calledPort)), plan: plan)
    return try talk(call, way: .punched, in: &session)
  }

  private func carry<Carrier: StreamCarrier>(
    by ends: [Int], as type: Carrier.Type, _ plan: StreamPlan, in session: inout Session
  ) -> CommandOutcome {
    let way = session.network.program(ends[0], as: type)?.way
    let relay = ends.compactMap { session.relay(of: $0) }.first
    var call = CarriedCall<Carrier>(ends: ends, plan: plan, relay: relay?.id)
    let result = call.run(in: &session.network, watchedBy: session.trafficMonitor)
    return finish(result, way: way, via: relay.map { session.network.device($0.host).name }, in: &session)
  }
}

extension Session {
  /// The two programs by which these hosts have a way to each other; nil if they have none.
  func carriers<Carrier: StreamCarrier>(_ one: DeviceID, _ other: DeviceID, as type: Carrier.Type) -> [Int]? {
    let ends = [(one, other), (other, one)].compactMap { host, peer -> Int? in
      network.programs(on: host).last { summary in
        guard summary.isRunning, let program = network.program(summary.id, as: type) else { return false }
        return program.hasWay && program.peerName == network.device(peer).name
      }?.id
    }
    return ends.count == 2 ? ends : nil
  }

  /// The TURN server that an end's selected pair goes through.
  fileprivate func relay(of end: Int) -> ProgramSummary? {
    guard let pair = network.program(end, as: ICEProgram.self)?.agent?.selected, pair.path == .relayed else {
      return nil
    }
    let lent = (pair.local.type == .relayed ? pair.local : pair.remote).address.address
    return network.programs().first {
      $0.isRunning && $0.name == "turn-server" && network.addresses(of: $0.host).contains(lent)
    }
  }

  /// The TURN server that two ends have asked without finding a way; nil if there is none.
  fileprivate func unusedRelay(of one: DeviceID, _ other: DeviceID) -> CallReport.UnusedRelay? {
    guard let server = network.programs().first(where: { $0.isRunning && $0.name == "turn-server" }) else { return nil }
    let without = [one, other].compactMap { host -> (host: String, why: String?)? in
      let ends = network.programs(on: host).compactMap { network.program($0.id, as: ICEProgram.self) }
      guard let end = ends.last, end.agent?.locals.contains(where: { $0.type == .relayed }) != true else { return nil }
      return (network.device(host).name, end.servers.turn.flatMap { reasonForSilence(of: $0, towards: host) })
    }
    return CallReport.UnusedRelay(server: network.device(server.host).name, without: without)
  }

  /// Where the last packet between a host and a server's endpoint was dropped, or why the server refused; nil if
  /// neither is so.
  private func reasonForSilence(of server: Endpoint, towards host: DeviceID) -> String? {
    let trace = network.trace
    for number in stride(from: trace.packetCount, through: trace.oldestPacket, by: -1) {
      guard let record = trace.packet(number), record.packet.transport == .udp else { continue }
      let isQuestion = record.origin == host && record.packet.destination == server
      guard isQuestion || record.packet.source == server else { continue }
      guard case .dropped(let reason) = record.state, let place = record.endedAt else {
        if isQuestion || record.endedAt == host { break }
        continue
      }
      let why = words(for: reason, ofPacket: number)
      let name = network.device(place).name
      return isQuestion ? said("what it asked ended at \(name), \(why)") : said("the answer ended at \(name), \(why)")
    }
    let refusal = trace.events(from: 1).last {
      $0.host == host && $0.name == "refused" && $0.data["method"]?.text == STUNMessage.Method.allocate.name
    }
    return refusal.flatMap { $0.data["reason"]?.text }
  }

  /// Lets things happen while `goesOn` says so, or until nothing happens any more.
  fileprivate mutating func watch(while goesOn: (Session) -> Bool) throws(CommandError) {
    let firstNumber = network.nextPacketNumber
    var events = 0
    while goesOn(self), network.step() {
      events += 1
      if events & 1_023 == 0, let monitor = trafficMonitor,
        !monitor(network.progress(after: events, since: firstNumber))
      {
        throw CommandError(.other(TrafficFault.stopped))
      }
    }
  }

  /// The endpoints by which one host last heard another that is behind a router: a hole that packets of both have made.
  ///
  /// The caller knows it from the packet that came; nothing else is looked at.
  fileprivate func hole(
    from caller: DeviceID, _ port: UInt16?, to called: DeviceID, _ calledPort: UInt16?
  ) -> (local: Endpoint, remote: Endpoint, calledPort: UInt16)? {
    let parent = network.device(called).parent
    guard parent != .internet, parent != network.device(caller).parent else { return nil }
    let trace = network.trace
    for number in stride(from: trace.hopCount, through: trace.oldestHop, by: -1) {
      guard let hop = trace.hop(number), hop.node == caller, hop.verdict == .delivered, hop.transport == .udp,
        let record = trace.packet(hop.packet), record.origin == called, record.packet.payload.isWhole,
        port == nil || port == hop.destination.port, calledPort == nil || calledPort == record.packet.source.port
      else { continue }
      let isFree = [(caller, hop.destination.port), (called, record.packet.source.port)].allSatisfy { host, port in
        !network.programs(on: host).contains { $0.isRunning && $0.port == port }
      }
      if isFree { return (hop.destination, hop.source, record.packet.source.port) }
    }
    return nil
  }
}

extension Payload {
  fileprivate var isWhole: Bool {
    switch self {
    case .fragment, .quote: false
    case .empty, .data, .filler, .padded: true
    }
  }
}
