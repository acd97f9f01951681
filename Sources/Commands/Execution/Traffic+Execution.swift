// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Traversal

extension CallCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let caller = try session.sender(from)
    let plan = try options.plan(users: 2)
    let before = session.network
    do throws(CommandError) {
      if let via { return try call(through: via, caller, plan, in: &session) }
      return try callDirectly(caller, plan, in: &session)
    } catch {
      session.network = before
      throw error
    }
  }

  private func callDirectly(
    _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let destination = try session.destination(to, from: caller, typed: from)
    var called: DeviceID?
    if case .device(let device) = to.value.host, device.kind == .host {
      called = session.network.device(named: device.name)?.id
    }
    if called == caller || session.network.addresses(of: caller).contains(destination.address) {
      throw CommandError(.traffic(.callsItself(session.network.device(caller).name)), at: to.columns)
    }
    let users = [
      Traffic.User(
        host: caller, name: session.network.device(caller).name, port: try port(of: caller, from, &session),
        remote: destination),
      Traffic.User(host: called, name: "\(to.value)", port: destination.port, remote: nil),
    ]
    return try talk(Traffic(users: users, plan: plan), in: &session)
  }

  private func call(
    through server: Located<NamedDevice>, _ caller: DeviceID, _ plan: StreamPlan, in session: inout Session
  ) throws(CommandError) -> CommandOutcome {
    let relay: DeviceID = try session.identify(server)
    let called = try session.sender(to)
    if called == caller {
      throw CommandError(.traffic(.callsItself(session.network.device(caller).name)), at: to.columns)
    }
    if relay == caller || relay == called {
      throw CommandError(.traffic(.serverIsParty(server.value.name)), at: server.columns)
    }
    var users: [Traffic.User] = []
    for (host, typed) in [(caller, from), (called, to)] {
      let name = session.network.device(host).name
      guard session.network.device(host).isHost else { throw CommandError(.host(.notAHost(name)), at: typed.columns) }
      let families = session.network.addresses(of: host).map(\.family)
      guard let address = session.network.addresses(of: relay).first(where: { families.contains($0.family) }) else {
        throw CommandError(.noCommonFamily(from: name, to: server.value.name), at: server.columns)
      }
      users.append(
        Traffic.User(
          host: host, name: name, port: try port(of: host, typed, &session),
          remote: Endpoint(address, Traffic.Server.standardPort)))
    }
    return try talk(Traffic(users: users, server: Traffic.Server(host: relay), plan: plan), in: &session)
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

  private func talk(_ traffic: Traffic, in session: inout Session) throws(CommandError) -> CommandOutcome {
    var traffic = traffic
    let target = session.network.clock + (options.duration?.value ?? StreamOptions.standardDuration)
    guard target <= Session.endOfTime else { throw CommandError(.endOfTime, at: options.duration?.columns) }
    guard let result = traffic.run(in: &session.network, watchedBy: session.trafficMonitor) else {
      throw CommandError(.traffic(.stopped))
    }
    // The hops are in the trace; the reply lists none.
    let moved = session.finishMoving(from: session.network.trace.hopCount + 1)
    let report = CallReport(
      from: "\(from.value)", to: "\(to.value)",
      traffic: TrafficReport(result, users: 2, via: via?.value.name) { session.network.device($0).name },
      streams: result.streams, expired: moved.activity?.expired ?? [],
      timeMicroseconds: session.network.clock.microseconds)
    var outcome = CommandOutcome(report, notices: moved.notices)
    if result.wasStopped {
      // Done again, it must hang up where it was hung up.
      let line = line(for: result.plan)
      outcome.equivalent = try? session.parseAll(line).first
      outcome.equivalentLine = line
    }
    return outcome
  }

  private func line(for plan: StreamPlan) -> String {
    var line = "call \(from.value) \(to.value)"
    if let via { line += " via \(via.value.name)" }
    if let rate = options.rate { line += " rate \(rate.value)" }
    return line + " for \(plan.duration)"
  }
}

extension CrowdCommand {
  /// A point of the plot takes no longer than this, and no fewer packets of each user than that.
  private static let sample = (duration: Interval.seconds(1), packets: 10)

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let count = users.value
    guard count.isMultiple(of: 2) else {
      throw CommandError(.traffic(.oddCrowd(count)), at: users.columns, suggestion: "\(count + 1)")
    }
    let plan = try options.plan(users: count)
    let path = via.map { Crowd.Path.via($0.value) } ?? .direct
    let seed = session.network.seed
    let monitor = session.trafficMonitor
    func measure(_ users: Int, _ plan: StreamPlan) throws(CommandError) -> TrafficResult? {
      do throws(BuildError) {
        return try Crowd(users: users, path: path, plan: plan, seed: seed).run(watchedBy: monitor)
      } catch {
        throw CommandError(.build(error), at: via?.columns)
      }
    }
    guard let whole = try measure(count, plan) else { throw CommandError(.traffic(.stopped)) }
    var report = CrowdReport(
      traffic: TrafficReport(whole, users: count, via: via?.value) { _ in "" }, growth: [])
    guard via != nil else { return outcome(report, whole) }
    if !whole.wasStopped {
      let shortened = plan.shortened(to: max(Self.sample.packets, plan.packets(in: Self.sample.duration)))
      for quarter in 1...3 {
        let users = max(count * quarter / 4 & ~1, 2)
        guard users < count, users > report.growth.last?.users ?? 0 else { continue }
        // Who stops the smaller crowds has the large one's result all the same.
        guard let result = try measure(users, shortened), !result.wasStopped else { break }
        report.growth.append(CrowdReport.Point(result, users: users))
      }
    }
    report.growth.append(CrowdReport.Point(whole, users: count))
    return outcome(report, whole)
  }

  private func outcome(_ report: CrowdReport, _ result: TrafficResult) -> CommandOutcome {
    var outcome = CommandOutcome(report)
    if result.wasStopped {
      // Where the line is kept, doing it again must come to what was measured.
      outcome.equivalentLine =
        "crowd \(users.value) \(via.map { "via \($0.value)" } ?? "direct")"
        + (options.rate.map { " rate \($0.value)" } ?? "") + " for \(result.plan.duration)"
    }
    return outcome
  }
}

extension StreamOptions {
  static let standardRate = BitRate(bitsPerSecond: 2_000_000)
  static let standardDuration = Interval.seconds(10)

  /// What each of so many users sends.
  fileprivate func plan(users: Int) throws(CommandError) -> StreamPlan {
    let rate = rate?.value ?? Self.standardRate
    let length = duration?.value ?? Self.standardDuration
    let columns = duration?.columns ?? self.rate?.columns
    guard length > .zero else {
      throw CommandError(.traffic(.notOnePacket(microseconds: Self.packetTime(rate))), at: columns)
    }
    guard let plan = StreamPlan(bitsPerSecond: rate.bitsPerSecond, duration: length),
      plan.packets <= Crowd.mostPackets / users
    else { throw CommandError(.traffic(.tooManyPackets(limit: Crowd.mostPackets)), at: columns) }
    guard plan.packets > 0 else {
      throw CommandError(.traffic(.notOnePacket(microseconds: Self.packetTime(rate))), at: columns)
    }
    return plan
  }

  private static func packetTime(_ rate: BitRate) -> Int64 {
    (Int64(StreamPlan.payloadLength) * 8 * 1_000_000 + rate.bitsPerSecond - 1) / rate.bitsPerSecond
  }
}

extension Session {
  /// The session's monitor as the programs ask it.
  fileprivate var trafficMonitor: ((RunProgress) -> Bool)? {
    guard let monitor else { return nil }
    return { monitor.progress($0) }
  }
}

extension TrafficReport {
  fileprivate init(_ result: TrafficResult, users: Int, via: String?, name: (DeviceID) -> String) {
    self.init(
      via: via, users: users, packets: result.sent, lost: result.lost,
      delay: result.delays.summary.map {
        Delay(
          minimum: $0.minimum.microseconds, median: $0.median.microseconds, maximum: $0.maximum.microseconds)
      },
      server: result.server.map {
        Server(inBitsPerSecond: $0.inBitsPerSecond, outBitsPerSecond: $0.outBitsPerSecond)
      },
      rateBitsPerSecond: result.plan.bitsPerSecond, durationMicroseconds: result.plan.duration.microseconds,
      losses: result.losses.map { loss in
        let reason: DropReason? = if case .dropped(let reason) = loss.end { reason } else { nil }
        return Loss(node: name(loss.node), reason: reason, packets: loss.packets)
      },
      wasStopped: result.wasStopped)
  }
}

extension CrowdReport.Point {
  fileprivate init(_ result: TrafficResult, users: Int) {
    self.init(
      users: users, inBitsPerSecond: result.server?.inBitsPerSecond ?? 0,
      outBitsPerSecond: result.server?.outBitsPerSecond ?? 0)
  }
}
