// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

/// The progress of a long run, for those who know only this target.
public typealias RunProgress = NetworkSimulator.RunProgress

/// Watches a long run from outside, where there are clocks and keys.
public protocol RunMonitor: Sendable {
  /// Notes the progress of a run; false stops it, with everything consistent.
  func progress(_ progress: RunProgress) -> Bool

  /// The most devices that one command may make for itself.
  var mostDevices: Int { get }

  /// Whether a command may use all processors at once and ask ``progress(_:)`` from several threads; false where a budget
  /// is counted for one thread, or others wait for theirs.
  var allowsManyThreads: Bool { get }
}

extension RunMonitor {
  public var mostDevices: Int { .max }
  public var allowsManyThreads: Bool { false }

  /// Notes the progress of work in pieces; false stops it.
  public func goesOn(_ work: RunProgress.Stage.Work, _ done: Int, of total: Int? = nil) -> Bool {
    var progress = RunProgress(clock: .zero, events: 0, packets: 0, inFlight: 0)
    progress.stage = RunProgress.Stage(work, done: done, of: total)
    return self.progress(progress)
  }
}
