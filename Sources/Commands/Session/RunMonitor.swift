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

  /// Does `count` pieces of work that do not depend on each other, each of which may ask ``progress(_:)``: one after
  /// another, unless all processors may be used at once, in any order.
  func doAll(_ count: Int, _ work: @Sendable (Int) -> Void)
}

extension RunMonitor {
  public var mostDevices: Int { .max }

  public func doAll(_ count: Int, _ work: @Sendable (Int) -> Void) {
    for index in 0..<count { work(index) }
  }

  /// Notes the progress of work in pieces; false stops it.
  public func goesOn(_ work: RunProgress.Stage.Work, _ done: Int, of total: Int? = nil) -> Bool {
    var progress = RunProgress(clock: .zero, events: 0, packets: 0, inFlight: 0)
    progress.stage = RunProgress.Stage(work, done: done, of: total)
    return self.progress(progress)
  }
}

extension Session {
  /// Does `count` pieces of work as the session's monitor allows, one after another without one.
  package func doAll(_ count: Int, _ work: @Sendable (Int) -> Void) {
    guard let monitor else {
      for index in 0..<count { work(index) }
      return
    }
    monitor.doAll(count, work)
  }
}
