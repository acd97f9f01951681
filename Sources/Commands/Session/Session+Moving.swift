// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Letting packets move, and reporting it.
extension Session {
  /// The most hops that one result lists; if there are more, the last ones.
  static let mostListedHops = 20_000
  /// The most devices, table rows or packets that one result lists.
  package static let mostListed = 65_536

  /// Runs `body`, and reports its effects: the hops, the mappings that timed out meanwhile, questions left open.
  package mutating func moving(
    _ content: any ResultContent = NoContent(), _ body: (inout Session) throws(CommandError) -> Void
  ) throws(CommandError) -> CommandOutcome {
    let mark = network.trace.mark
    try body(&self)
    return finishMoving(from: mark, content)
  }

  /// Runs `body`; when it throws, the network is as it was.
  package mutating func allOrNothing<Answer>(
    _ body: (inout Session) throws(CommandError) -> Answer
  ) throws(CommandError) -> Answer {
    let before = network
    do throws(CommandError) {
      return try body(&self)
    } catch {
      network = before
      throw error
    }
  }

  /// The events of programs since `mark`.
  func reportEvents(from mark: Trace.Mark) -> [EventReport] {
    network.trace.events(from: max(mark.events, network.trace.eventCount - Self.mostListedHops) + 1).map(report)
  }

  /// The hops from `first` on.
  func reportHops(from first: Int) -> (hops: [HopReport], omitted: Int) {
    let last = network.trace.hopCount
    guard first <= last else { return ([], 0) }
    let start = max(first, last - Self.mostListedHops + 1, network.trace.oldestHop)
    return (network.trace.hops(start...last).map(report), start - first)
  }

  /// Moves the clock on to `target`, by when everything due has been handled, and takes the mappings that time out
  /// meanwhile; nil if the monitor stops it, and then the clock has not moved.
  mutating func passTime(until target: Instant) -> [(router: DeviceID, mapping: Mapping)]? {
    guard let monitor else {
      network.moveClock(to: target)
      return network.takeExpired()
    }
    let before = network
    network.moveClock(to: target)
    let expired = network.takeExpired { monitor.goesOn(.expiring, $0) }
    if expired == nil { network = before }
    return expired
  }

  /// Reports everything since `mark`, and the mappings that timed out, if they have been taken already.
  package mutating func finishMoving(
    from mark: Trace.Mark, _ content: any ResultContent = NoContent(),
    expired taken: [(router: DeviceID, mapping: Mapping)]? = nil
  ) -> CommandOutcome {
    let (hops, omitted) = reportHops(from: mark.hops + 1)
    let expired = (taken ?? network.takeExpired()).map { report($0.mapping, of: $0.router, named: true) }
    let crowded = network.takeCrowded().map { router, block in
      Notice.blockNearlyFull(
        router: network.device(router).name, host: block.inside, used: block.used, size: block.ports.count)
    }
    let notices =
      crowded
      + network.takeUnanswered().map { asked in
        Notice.unanswered(
          host: network.device(asked.host).name, what: asked.question == .ping ? .ping : .connect, packet: asked.packet)
      }
    let activity = ActivityReport(
      hops: hops, events: reportEvents(from: mark), expired: expired, timeMicroseconds: network.clock.microseconds,
      inFlight: network.inFlight,
      omittedHops: omitted)
    return CommandOutcome(content, activity: activity, notices: notices)
  }

  /// Handles the events due by `target`, at most `limit` of them, asking the monitor now and then.
  ///
  /// - Returns: the events handled, and whether the monitor stopped the run.
  package mutating func handleEvents(until target: Instant = .never, atMost limit: Int = .max) -> (
    events: Int, stopped: Bool
  ) {
    var events = 0
    // Packets already on their way are this run's to bring to their end.
    let firstNumber = network.nextPacketNumber - network.inFlight
    while events < limit, network.clock <= Self.endOfTime, network.step(until: target) {
      events += 1
      if events & 1_023 == 0, isChanging { tap?.see(self) }
      if events & 1_023 == 0, let monitor, !monitor.progress(network.progress(after: events, since: firstNumber)) {
        return (events, true)
      }
    }
    return (events, false)
  }
}

extension Session {
  /// The clock goes no further than this: about 146,000 years.
  package static let endOfTime = Instant(microseconds: .max / 2)

  mutating func run(for duration: Located<Interval>) throws(CommandError) -> CommandOutcome {
    try run(until: moment(after: duration))
  }

  /// The moment when `duration` has passed.
  ///
  /// - Throws: `endOfTime` where the clock does not go so far.
  func moment(after duration: Located<Interval>) throws(CommandError) -> Instant {
    let moment = network.clock + duration.value
    guard moment <= Self.endOfTime else { throw CommandError(.endOfTime, at: duration.columns) }
    return moment
  }

  /// Handles due events, and moves the clock on to `target` if there is one.
  mutating func run(
    until target: Instant? = nil, atMost limit: Int = .max, within bound: Instant? = nil, saysIdle: Bool = false
  ) throws(CommandError) -> CommandOutcome {
    let mark = network.trace.mark
    let (start, wasIdle) = (network.clock, !network.isBusy)
    // If time would run out on the way, the session is put back to its earlier state.
    let before = network.clock.microseconds > Self.endOfTime.microseconds / 4 ? network : nil
    var (events, stopped) = handleEvents(until: target ?? bound ?? .never, atMost: limit)
    if network.clock > Self.endOfTime, let before {
      network = before
      throw CommandError(.endOfTime)
    }
    var expired: [(router: DeviceID, mapping: Mapping)]?
    if let target, !stopped {
      expired = passTime(until: target)
      // Stopped while only time passed, it goes back to the last event, or has not begun.
      stopped = expired == nil
      if stopped, events == 0 { throw CommandError(.interrupted) }
    }
    var outcome = finishMoving(from: mark, expired: expired)
    if wasIdle, saysIdle, events == 0 {
      outcome.notices.append(.nothingInFlight)
      outcome.changedNothing = true
    }
    if stopped {
      outcome.notices.append(.interrupted(inFlight: network.inFlight))
      // When redone, the run must stop where it was stopped.
      let line = "step \(events)" + ((target ?? bound).map { " within \($0 - start)" } ?? "")
      outcome.equivalent = try? parseAll(line).first
      outcome.equivalentLine = line
    }
    return outcome
  }
}
