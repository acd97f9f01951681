// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

/// How far a long run is, for those who know only this target.
public typealias RunProgress = NetworkSimulator.RunProgress

/// Watches a long run from outside, where there are clocks and keys.
public protocol RunMonitor: Sendable {
  /// Takes note of how far a run is; false stops it, with everything consistent.
  func progress(_ progress: RunProgress) -> Bool
}
