// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// How far a long run is.
public struct RunProgress: Hashable, Sendable {
  public var clock: Instant
  /// Packets handled by devices, and sent by programs, since the run began.
  public var events: Int
  public var inFlight: Int

  public init(clock: Instant, events: Int, inFlight: Int) {
    self.clock = clock
    self.events = events
    self.inFlight = inFlight
  }
}

extension Network {
  /// How far a run is that has handled so many events.
  public func progress(after events: Int) -> RunProgress {
    RunProgress(clock: clock, events: events, inFlight: inFlight)
  }
}
