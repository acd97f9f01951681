// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The progress of a long run.
public struct RunProgress: Hashable, Sendable {
  /// The progress of work that is counted in pieces rather than in events.
  public struct Stage: Hashable, Sendable {
    public enum Work: Hashable, Sendable {
      /// Commands that are repeated because a later one is undone.
      case doingAgain
      /// Times that a command has been repeated.
      case repeating
      /// The commands of a lesson that lead to the beginning of a step.
      case beginningStep
      /// The commands of the lesson in a file.
      case checking(file: String)
      /// The commands of a hand-in.
      case grading(file: String)
      /// Devices being laid out for another program.
      case exporting
      /// Devices whose part of an export is written.
      case writing
      /// Files of an export that are stored.
      case storing
      /// Commands that are played again for a recording.
      case recording
      /// Packets of a file that are looked at.
      case reading
      /// Mappings that time out while nothing else happens.
      case expiring
      /// Networks that a command builds for itself, one after another.
      case trying
    }
    public var work: Work
    public var done: Int
    /// Nil if it is not known.
    public var total: Int?

    public init(_ work: Work, done: Int, of total: Int? = nil) {
      self.work = work
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
  public var stage: Stage?

  public init(clock: Instant, events: Int, packets: Int, inFlight: Int) {
    self.clock = clock
    self.events = events
    self.packets = packets
    self.inFlight = inFlight
  }
}

extension Network {
  /// The progress of a run that has handled that many events, and before which `number` was the next packet's.
  public func progress(after events: Int, since number: Int) -> RunProgress {
    RunProgress(clock: clock, events: events, packets: nextPacketNumber - number, inFlight: inFlight)
  }
}
