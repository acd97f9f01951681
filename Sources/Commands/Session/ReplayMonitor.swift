// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Synchronization

/// Watches repeated commands on behalf of the session's own monitor: it reports their progress to that one, and
/// remembers whether it stopped them, which no command may mistake for its own end.
final class ReplayMonitor: RunMonitor {
  private struct State {
    var done = 0
    var wasStopped = false
  }

  private let total: Int
  private let outer: any RunMonitor
  private let state = Mutex(State())

  init(of total: Int, watchedBy outer: any RunMonitor) {
    self.total = total
    self.outer = outer
  }

  func doAll(_ count: Int, _ work: @Sendable (Int) -> Void) { outer.doAll(count, work) }

  var wasStopped: Bool { state.withLock(\.wasStopped) }

  /// The command after `index` others begins. Many small commands are reported as often as one of many events.
  func begin(_ index: Int, in network: Network) {
    state.withLock { $0.done = index }
    if index & 63 == 63 { _ = progress(network.progress(after: 0, since: network.nextPacketNumber)) }
  }

  func progress(_ progress: RunProgress) -> Bool {
    var progress = progress
    progress.stage = RunProgress.Stage(.doingAgain, done: state.withLock(\.done), of: total)
    let goesOn = outer.progress(progress)
    if !goesOn { state.withLock { $0.wasStopped = true } }
    return goesOn
  }
}
