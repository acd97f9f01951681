// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// How far a long run is.
public struct RunProgress: Hashable, Sendable {
  /// How many commands of how many have been done again, where one is taken back by doing again those before it.
  public struct Replay: Hashable, Sendable {
    public var done: Int
    public var total: Int

    public init(done: Int, total: Int) {
      self.done = done
      self.total = total
    }
  }

  public var clock: Instant
  /// Packets handled by devices, and sent by programs, since the run began.
  public var events: Int
  /// Packets sent since the run began.
  public var packets: Int
  public var inFlight: Int
  public var replay: Replay?

  public init(clock: Instant, events: Int, packets: Int, inFlight: Int) {
    self.clock = clock
    self.events = events
    self.packets = packets
    self.inFlight = inFlight
  }
}

extension Network {
  /// How far a run is that has handled so many events, and before which `number` was the next packet's.
  public func progress(after events: Int, since number: Int) -> RunProgress {
    RunProgress(clock: clock, events: events, packets: nextPacketNumber - number, inFlight: inFlight)
  }
}
