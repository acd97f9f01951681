// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import NIOCore
import NIOPosix
import Shell
import Synchronization

/// The processors, shared by those who want to compute: each in its turn, and whoever has just come before those who have
/// been at it for long.
final class Turns: Sendable {
  private struct State {
    var free: Int
    /// Those who have not computed yet, and those who gave way, the first to go on first.
    var fresh: [DispatchSemaphore] = []
    var patient: [DispatchSemaphore] = []
  }

  private let state: Mutex<State>

  /// How many wait for a turn.
  var waiting: Int { state.withLock { $0.fresh.count + $0.patient.count } }

  init(processors: Int) { state = Mutex(State(free: processors)) }

  /// Waits for a turn.
  func take() {
    let mine = state.withLock { state -> DispatchSemaphore? in
      guard state.free == 0 else {
        state.free -= 1
        return nil
      }
      let semaphore = DispatchSemaphore(value: 0)
      state.fresh.append(semaphore)
      return semaphore
    }
    mine?.wait()
  }

  /// Ends the turn.
  func leave() {
    let next = state.withLock { state -> DispatchSemaphore? in
      guard let next = Self.next(&state) else {
        state.free += 1
        return nil
      }
      return next
    }
    next?.signal()
  }

  /// Lets others go on who wait, and waits for the next turn.
  func giveWay() {
    let mine = state.withLock { state -> DispatchSemaphore? in
      guard let next = Self.next(&state) else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.patient.append(semaphore)
      next.signal()
      return semaphore
    }
    mine?.wait()
  }

  private static func next(_ state: inout State) -> DispatchSemaphore? {
    if !state.fresh.isEmpty { return state.fresh.removeFirst() }
    return state.patient.isEmpty ? nil : state.patient.removeFirst()
  }
}

/// The threads that compute for a class, and step back behind those that somebody waits for at a prompt.
final class Staff: Sendable {
  private let pool: NIOThreadPool
  let turns: Turns

  /// - Parameter size: how many learners there may be: each has at most one command that is being carried out.
  init(size: Int) {
    let count = min(max(size, 2), 64)
    pool = NIOThreadPool(numberOfThreads: count)
    turns = Turns(processors: max(2, System.coreCount))
    let pool = pool
    ProcessSetup.withoutSignals { pool.start() }
  }

  /// Does `work` in its turn, on a thread of its own.
  func give(_ work: @escaping @Sendable () -> Void) {
    let turns = turns
    pool.submit { state in
      guard case .active = state else { return }
      ProcessSetup.stepBack(to: .computing)
      turns.take()
      defer { turns.leave() }
      work()
    }
  }

  func close() { pool.shutdownGracefully { _ in } }
}
