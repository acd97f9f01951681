// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension StepCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.run(atMost: count?.value ?? 1, saysIdle: true)
  }
}

extension RunCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let duration else { return try session.run(saysIdle: true) }
    return try session.run(for: duration)
  }
}

extension WaitCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.run(for: duration)
  }
}

extension Session {
  /// The clock goes no further than this: about 146,000 years.
  package static let endOfTime = Instant(microseconds: .max / 2)

  fileprivate mutating func run(for duration: Located<Interval>) throws(CommandError) -> CommandOutcome {
    let target = network.clock + duration.value
    guard target <= Self.endOfTime else { throw CommandError(.endOfTime, at: duration.columns) }
    return try run(until: target)
  }

  /// Handles what is due, and moves the clock on to `target` where there is one.
  fileprivate mutating func run(
    until target: Instant? = nil, atMost limit: Int = .max, saysIdle: Bool = false
  ) throws(CommandError) -> CommandOutcome {
    let mark = network.trace.mark
    let wasIdle = !network.isBusy
    // Whoever comes near the end of time is put back where time would run out on the way.
    let before = network.clock.microseconds > Self.endOfTime.microseconds / 4 ? network : nil
    var (events, stopped) = handleEvents(until: target ?? .never, atMost: limit)
    if network.clock > Self.endOfTime, let before {
      network = before
      throw CommandError(.endOfTime)
    }
    var expired: [(router: DeviceID, mapping: Mapping)]?
    if let target, !stopped {
      expired = passTime(until: target)
      // Stopped while nothing but time passed, it goes back to the last event, or has not begun.
      stopped = expired == nil
      if stopped, events == 0 { throw CommandError(.interrupted) }
    }
    var outcome = finishMoving(from: mark, expired: expired)
    if wasIdle, saysIdle {
      outcome.notices.append(.nothingInFlight)
      outcome.changedNothing = true
    }
    if stopped {
      outcome.notices.append(.interrupted(inFlight: network.inFlight))
      // Done again, the run must stop where it was stopped.
      let line = "step \(events)"
      outcome.equivalent = try? parseAll(line).first
      outcome.equivalentLine = line
    }
    return outcome
  }
}

extension UndoCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let asked = count?.value ?? 1
    let available = session.past.undoable
    guard asked <= available else {
      let isInLesson = session.companion != nil && session.past.isChapter
      throw CommandError(
        isInLesson
          ? .lessonStepStart(asked: asked, available: available) : .tooFarBack(asked: asked, available: available),
        at: count?.columns)
    }
    let before = session
    let (lines, start, replay) = session.past.goBack(
      asked, keepingLines: session.companion?.keepsUndone ?? false)
    session.network = start
    do throws(CommandError) {
      try session.doAgain(replay)
    } catch {
      session = before
      throw error
    }
    return CommandOutcome(
      UndoReport(
        direction: .undone, commands: lines, timeMicroseconds: session.network.clock.microseconds))
  }
}

extension RedoCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let asked = count?.value ?? 1
    let available = session.past.redoable
    guard asked <= available else {
      throw CommandError(.tooFarForward(asked: asked, available: available), at: count?.columns)
    }
    let before = session
    var entries: [Past.Entry] = []
    while entries.count < asked, let entry = session.past.takeUndone() { entries.append(entry) }
    do throws(CommandError) {
      try session.doAgain(entries)
      session.past.noteRedone(entries.count)
    } catch {
      session = before
      throw error
    }
    return CommandOutcome(
      UndoReport(
        direction: .redone, commands: entries.flatMap(\.lines), timeMicroseconds: session.network.clock.microseconds))
  }
}

extension Session {
  /// Carries out entries of the past that went well before, on the network that they went well on: they do so again.
  ///
  /// - Throws: ``CommandError/Kind/interrupted`` where the monitor stopped it, and then the session is to be put back to
  ///   what it was.
  fileprivate mutating func doAgain(_ entries: [Past.Entry]) throws(CommandError) {
    let outer = monitor
    defer { monitor = outer }
    let watch = outer.map { ReplayMonitor(of: entries.reduce(0) { $0 + $1.commands.count }, watchedBy: $0) }
    monitor = watch
    var done = 0
    for entry in entries {
      let hops = network.trace.hopCount
      for command in entry.commands {
        watch?.begin(done, in: network)
        _ = try command.execute(in: &self)
        // What was stopped on the way has not become what it was.
        if watch?.wasStopped == true { throw CommandError(.interrupted) }
        done += 1
      }
      past.append(entry, result: network, work: network.trace.hopCount - hops)
    }
  }
}
