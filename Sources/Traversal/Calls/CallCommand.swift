// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `call FROM TO [direct|via HOST|ice] [rate RATE] [for DURATION]`
struct CallCommand: Command {
  let from: Located<EndpointReference>
  let to: Located<EndpointReference>
  /// The server; nil means directly.
  let via: Located<NamedDevice>?
  /// `direct` or `ice`; nil if neither was said.
  let way: String?
  let options: StreamOptions

  init(_ arguments: Arguments) throws(SyntaxError) {
    try StreamOptions.checkPath(arguments)
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
    via = arguments.optionalDevice("via")
    way = arguments.choice("path")?.value
    options = StreamOptions(arguments)
  }

  static let declaration = CommandDeclaration(
    Self.self, "call", strangers: ["dial", "phone", "video", "talk", "facetime"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.devices)), .choice("path", ["direct", "ice"]),
        .clause("via", "HOST", .device(.hosts)),
      ] + StreamOptions.parameters
    ],
    summary: said("lets two hosts have a video call, and measures it"),
    details: [
      said(
        "Each sends a stream to the other as real packets of 1,200 bytes: 2 megabits a second for 10 seconds, unless you ",
        "say otherwise. The rate counts the packets' payload, not their headers. The clock moves on, routers make ",
        "mappings, and everything is in the trace."),
      said(
        "`direct`: FROM sends to the address that TO is configured with, and TO answers to ",
        "wherever that came from. If FROM's packets never arrive, TO never hears of the call. Without this word, `call` ",
        "does the same unless the two have already opened a way, with `punch`, with `ice`, or by packets of both that ",
        "came through; then it uses that way."),
      said(
        "`ice`: both look for a way as browsers do, unless `ice FROM TO` has found one, and the call uses the pair of ",
        "candidates that is selected. When no answer comes on it for 30 s, ICE begins again in the middle of the call."),
      said(
        "`via HOST`: both register with a relay program on HOST first, which opens their own routers for its answers; ",
        "HOST then passes each one's packets on to the other. Delays are from end to end."),
      said("Ctrl-C hangs up: the call then ends at that point."),
    ],
    examples: [
      "scene two-homes", "host server 203.0.113.50", "call alice bob", "call alice bob via server",
      "call alice bob via server rate 500kbit for 3s",
    ],
    seeAlso: ["ice", "punch", "crowd", "peer-to-peer", "stats"])
}

extension CallCommand {
  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let caller = try session.sender(from)
    let plan = try options.plan(users: 2)
    return try session.allOrNothing { session throws(CommandError) in
      if way == "ice" { return try callByICE(caller, plan, in: &session) }
      if let via { return try call(through: via, caller, plan, in: &session) }
      if let outcome = try callByOpenWay(caller, plan, in: &session) { return outcome }
      return try callDirectly(caller, plan, in: &session)
    }
  }

  private func callDirectly(
    _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let destination = try session.destination(to, from: caller, typed: from)
    var called: Call.Party?
    if case .device(let device) = to.value.host, device.kind == .host {
      called = session.network.device(named: device.name).map { Call.Party(host: $0.id, port: destination.port) }
    }
    if called?.host == caller || session.network.addresses(of: caller).contains(destination.address) {
      throw CommandError(.other(TrafficFault.callsItself(session.network.device(caller).name)), at: to.columns)
    }
    let party = Call.Party(host: caller, port: try port(of: caller, from, &session))
    return try talk(Call(caller: party, path: .direct(to: destination, called: called), plan: plan), in: &session)
  }

  private func call(
    through server: Located<NamedDevice>, _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let relay: DeviceID = try session.identify(server)
    let called = try session.sender(to)
    if called == caller {
      throw CommandError(.other(TrafficFault.callsItself(session.network.device(caller).name)), at: to.columns)
    }
    if relay == caller || relay == called {
      throw CommandError(.other(TrafficFault.serverIsParty(server.value.name)), at: server.columns)
    }
    let (address, calledAddress) = (
      try reach(server, relay, from: caller, from, session), try reach(server, relay, from: called, to, session)
    )
    let parties = (
      Call.Party(host: caller, port: try port(of: caller, from, &session)),
      Call.Party(host: called, port: try port(of: called, to, &session))
    )
    let path = Call.Path.relayed(
      called: parties.1, by: Call.Party(host: relay, port: session.freeRelayPort(of: relay)), address: address,
      calledAddress: calledAddress)
    return try talk(Call(caller: parties.0, path: path, plan: plan), in: &session)
  }

  /// The address of the relay to which a host can send.
  private func reach(
    _ server: Located<NamedDevice>, _ relay: DeviceID, from host: DeviceID, _ typed: Located<EndpointReference>,
    _ session: Session
  ) throws(CommandError) -> IPAddress {
    let name = session.network.device(host).name
    guard session.network.device(host).isHost else { throw CommandError(.host(.notAHost(name)), at: typed.columns) }
    let families = session.network.addresses(of: host).map(\.family)
    guard let address = session.network.addresses(of: relay).first(where: { families.contains($0.family) }) else {
      throw CommandError(.noCommonFamily(from: name, to: server.value.name), at: server.columns)
    }
    return address
  }

  /// The port typed, or the host's next ephemeral one.
  private func port(
    of host: DeviceID, _ typed: Located<EndpointReference>, _ session: inout Session
  ) throws(CommandError) -> UInt16 {
    guard let port = typed.value.port ?? session.network.takePort(of: host, .udp) else {
      throw CommandError(.host(.notAHost(session.network.device(host).name)), at: typed.columns)
    }
    return port
  }

  func talk(
    _ call: Call, way: TrafficReport.Way? = nil, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    try checkEnd(of: call.plan, in: session)
    let measured: TrafficResult?
    do throws(HostError) {
      measured = try call.run(in: &session.network, watchedBy: session.trafficMonitor)
    } catch {
      throw CommandError(.host(error))
    }
    guard let result = measured else { throw CommandError(.other(TrafficFault.stopped)) }
    return finish(result, way: way, via: via?.value.name, in: &session)
  }

  /// Throws where the clock cannot go on for as long as the call is to last.
  func checkEnd(of plan: StreamPlan, in session: Session) throws(CommandError) {
    guard session.network.clock + plan.duration <= Session.endOfTime else {
      throw CommandError(.endOfTime, at: options.duration?.columns)
    }
  }

  /// Reports what was measured.
  func finish(
    _ result: TrafficResult, way: TrafficReport.Way?, via server: String?,
    besides unused: CallReport.UnusedRelay? = nil, in session: inout Session
  ) -> CommandOutcome {
    // The hops are in the trace; the report lists none.
    let moved = session.finishMoving(from: session.network.trace.mark)
    var traffic = TrafficReport(result, users: 2, via: server) { session.network.device($0).name }
    traffic.way = way
    let report = CallReport(
      from: "\(from.value)", to: "\(to.value)", traffic: traffic, streams: result.streams,
      expired: moved.activity?.expired ?? [], timeMicroseconds: session.network.clock.microseconds,
      unusedRelay: unused)
    var outcome = CommandOutcome(report, notices: moved.notices)
    if result.wasStopped {
      // When redone, it must hang up at the same point.
      let line = line(for: result.plan)
      outcome.equivalent = try? session.parseAll(line).first
      outcome.equivalentLine = line
    }
    return outcome
  }

  private func line(for plan: StreamPlan) -> String {
    var line = "call \(from.value) \(to.value)"
    if let way { line += " \(way)" }
    if let via { line += " via \(via.value.name)" }
    if let rate = options.rate { line += " rate \(rate.value)" }
    return line + " for \(plan.duration)"
  }
}

extension Session {
  /// The port of a call's relay: the usual one or, where another server of the host has it, one of the next.
  fileprivate func freeRelayPort(of host: DeviceID) -> UInt16 {
    let taken = Set(network.programs(on: host).filter(\.isRunning).compactMap(\.port))
    return (0..<8).map { Call.relayPort + 2 * $0 }.first { !taken.contains($0) } ?? Call.relayPort
  }
}
