// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Dispatch
import Rendering
import Synchronization
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Shows a person at a terminal how far a long run has come, on a line of standard error that is rewritten in place and
/// erased at the end, and stops the run at Ctrl-C. Where nobody sees that line, a run may have a budget instead.
public final class ProgressLine: RunMonitor {
  private struct State {
    /// Nanoseconds of real time; the simulation never sees them.
    var began: UInt64 = 0
    var nextDue: UInt64 = 0
    var isShown = false
  }

  private static let patience: UInt64 = 1_000_000_000
  private static let interval: UInt64 = 200_000_000

  private let state = Mutex(State())
  private let showsLine = Terminal.errors.isCapable
  /// The processor time that all runs may take together, in milliseconds, if nobody sees how far they are.
  private let budget: Int

  /// - Parameter budget: The seconds of processor time that the whole program may take if it shows no progress.
  public init(budget: Int = .max) {
    self.budget = budget.multipliedReportingOverflow(by: 1_000).overflow ? .max : budget * 1_000
  }

  /// Whether a run was, or would be, stopped because the budget is used up.
  var hasSpentBudget: Bool { !showsLine && budget < .max && RealTime.processorMilliseconds() > budget }

  /// A command begins.
  func begin() {
    guard showsLine else { return }
    let now = RealTime.nanoseconds
    state.withLock { $0 = State(began: now, nextDue: now + Self.patience, isShown: false) }
  }

  /// A command has ended, or is about to print: the line is erased.
  func end() {
    guard showsLine else { return }
    let wasShown = state.withLock { state in
      defer { state.isShown = false }
      return state.isShown
    }
    if wasShown { OutputChannel(descriptor: 2).write("\r\u{1B}[K") }
  }

  /// Shows progress during work that is not a session's command and that can be stopped: ``progress(_:)`` tells it of
  /// Ctrl-C, and a second Ctrl-C ends the program.
  public func duringStoppableWork<Result>(_ work: () -> Result) -> Result {
    _ = terminal_signals_open()
    terminal_signals_catch_once(SIGINT)
    defer { terminal_signals_release(SIGINT) }
    return duringWork(work)
  }

  /// Shows progress during work that is not a session's command.
  public func duringWork<Result>(_ work: () -> Result) -> Result {
    begin()
    defer { end() }
    return work()
  }

  public func doAll(_ count: Int, _ work: @Sendable (Int) -> Void) {
    DispatchQueue.concurrentPerform(iterations: count, execute: work)
  }

  public func progress(_ progress: RunProgress) -> Bool {
    show { Self.text(for: progress, nanoseconds: $0) }
    return terminal_interrupt_pending() == 0 && !hasSpentBudget
  }

  /// Shows that `line` of a script is being loaded.
  func loading(_ name: String, line: Int) {
    show { _ in said("loading \(name), line \(Count.grouped(line)) (Ctrl-C stops)") }
  }

  /// Rewrites the line if it is due; `text` is given the nanoseconds since the command began.
  private func show(_ text: (UInt64) -> String) {
    guard showsLine else { return }
    let now = RealTime.nanoseconds
    let elapsed: UInt64? = state.withLock { state in
      guard now >= state.nextDue else { return nil }
      state.nextDue = now + Self.interval
      state.isShown = true
      return now - state.began
    }
    guard let elapsed else { return }
    OutputChannel(descriptor: 2).write("\r\u{1B}[K" + text(elapsed).prefix(max(1, Terminal.errors.width - 1)))
  }

  static func text(for progress: RunProgress, nanoseconds: UInt64) -> String {
    if let stage = progress.stage { return text(for: stage) }
    let rate = Double(progress.packets) / (Double(max(1, nanoseconds)) / 1e9)
    let tenths = progress.clock.microseconds / 100_000
    // A large crowd's simulated seconds pass slowly.
    let clock = tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
    return said(
      "\(clock) s simulated, \(Count.of(progress.packets, "packet")), ",
      "\(Count.grouped(Int(min(rate, 1e15)))) packets/s (Ctrl-C stops)")
  }

  private static func text(for stage: RunProgress.Stage) -> String {
    let (lead, pieces): (String, (Int) -> String) =
      switch stage.work {
      case .doingAgain: (said("repeating what came before"), { Count.of($0, "command") })
      case .repeating: (said("repeating"), { Count.of($0, "time") })
      case .beginningStep: (said("building the lesson's network"), { Count.of($0, "command") })
      case .checking(let file): (said("checking \(StyledText(file).plain)"), { Count.of($0, "command") })
      case .grading(let file): (said("grading \(StyledText(file).plain)"), { Count.of($0, "command") })
      case .exporting: (said("exporting"), { Count.of($0, "device") })
      case .writing: (said("writing the export"), { Count.of($0, "device") })
      case .storing: (said("storing the export"), { Count.of($0, "file") })
      case .recording: (said("recording"), { Count.of($0, "command") })
      case .reading: (said("reading the capture"), { Count.of($0, "packet") })
      case .expiring: (said("letting mappings time out"), { Count.of($0, "mapping") })
      case .trying: (said("trying again and again"), { Count.of($0, "run") })
      }
    let count =
      stage.total.map { said("\(Count.grouped(stage.done)) of \(pieces($0))") } ?? pieces(stage.done)
    return said("\(lead): \(count) (Ctrl-C stops)")
  }
}
