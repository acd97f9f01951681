// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Shell
import Synchronization
import Wording

/// Watches one command of a learner's: it may not take too much, and gives way to others while it runs.
final class WorkBudget: RunMonitor {
  /// The limits on what one command may take, and on what it may leave behind.
  struct Limits: Sendable {
    /// Milliseconds of processor time.
    var milliseconds = 2_000
    var devices = 1_000
    var bytes = 64 << 20
    /// The limit for a replay of a learner's work, which was within its limits when it was done.
    static let replay = Limits(milliseconds: 120_000)
  }

  /// The limit that was exceeded.
  enum Excess: Hashable, Sendable {
    case time
    case devices(Int)
    case memory
  }

  private struct State {
    var began: Int
    var gaveWay: Int
    var excess: Excess?
  }

  /// For this long nobody has to wait for a turn, in milliseconds.
  private static let turn = 10
  /// Roughly the bytes of a packet on its way.
  private static let flightBytes = 200

  let limits: Limits
  private let turns: Turns?
  private let state: Mutex<State>

  /// Begins on the thread that does the work.
  init(_ limits: Limits = Limits(), turns: Turns?) {
    self.limits = limits
    self.turns = turns
    state = Mutex(State(began: RealTime.threadMilliseconds(), gaveWay: RealTime.milliseconds()))
  }

  /// The limit that was exceeded; nil while all is well.
  var excess: Excess? { state.withLock(\.excess) }

  var mostDevices: Int { limits.devices }

  func progress(_ progress: RunProgress) -> Bool {
    let (goesOn, givesWay) = state.withLock { state -> (Bool, Bool) in
      if RealTime.threadMilliseconds() - state.began > limits.milliseconds { state.excess = state.excess ?? .time }
      if progress.inFlight > limits.bytes / Self.flightBytes { state.excess = state.excess ?? .memory }
      let now = RealTime.milliseconds()
      let givesWay = now - state.gaveWay >= Self.turn
      return (state.excess == nil, givesWay)
    }
    if goesOn, givesWay, let turns {
      turns.giveWay()
      state.withLock { $0.gaveWay = RealTime.milliseconds() }
    }
    return goesOn
  }

  /// Looks at what a command has left.
  func look(at session: Session) {
    let devices = session.deviceCount
    let isLarge = session.approximateBytes > limits.bytes
    state.withLock { state in
      if devices > limits.devices { state.excess = state.excess ?? .devices(devices) }
      if isLarge { state.excess = state.excess ?? .memory }
    }
  }
}

extension WorkBudget.Excess {
  /// The kind's name in JSON.
  var kind: String {
    switch self {
    case .time: "too-long"
    case .devices: "too-many-devices"
    case .memory: "too-large"
    }
  }

  func message(_ limits: WorkBudget.Limits) -> String {
    switch self {
    case .time:
      said(
        "that takes more than the \(limits.milliseconds / 1_000) seconds of computing that a learner's command may take; ",
        "nothing was done")
    case .devices(let count):
      said(
        "a learner's network may have at most \(limits.devices) devices, and this would make \(count); nothing was done"
      )
    case .memory:
      said("a learner's network may take at most \(limits.bytes >> 20) MB, and this would take more; nothing was done")
    }
  }
}
