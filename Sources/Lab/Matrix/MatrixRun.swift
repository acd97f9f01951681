// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Rendering
import Shell
import Traversal
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `natsh lab --matrix`: a pair of programs, run once behind each pair of kinds of routers.
public final class MatrixRun {
  private let programs: MatrixPrograms
  private let kinds: [MatrixKind]
  private let comparesWithMatrix: Bool
  private let seed: UInt64
  private let jobs: Int
  private let loop: EventLoop
  private var trials: [(index: Int, trial: MatrixTrial)] = []
  private var outcomes: [MatrixOutcome?] = []
  /// The next cell to begin.
  private var next = 0
  private var mayBegin: Bool { next < outcomes.count && trials.count < jobs }
  private let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)

  /// - Parameters:
  ///   - usesPresets: whether the kinds are presets, instead of the nine behaviours of RFC 4787.
  ///   - comparesWithMatrix: whether a cell is right if it ends as natsh's own `matrix` does, rather than if it succeeds.
  ///   - jobs: how many cells run at a time; nil is as many as there are processors.
  public init(
    _ programs: MatrixPrograms, usesPresets: Bool, comparesWithMatrix: Bool, seed: UInt64, jobs: Int?
  ) throws(SystemError) {
    self.programs = programs
    kinds = usesPresets ? MatrixKind.presets : MatrixKind.behaviors
    self.comparesWithMatrix = comparesWithMatrix
    self.seed = seed
    self.jobs = jobs ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    loop = try EventLoop()
    outcomes = Array(repeating: nil, count: kinds.count * kinds.count)
  }

  /// Runs all cells.
  ///
  /// - Returns: nil if the laboratory could not be opened; that was said.
  public func run() -> MatrixRunReport? {
    do throws(LabFault) {
      #if !os(Linux)
        throw .notLinux
      #else
        try Laboratory.prepare()
        try runCells()
      #endif
    } catch {
      for (_, trial) in trials { _ = trial.finish() }
      endProgress()
      errors.writeMessage(said("natsh: error: \(error.message)"))
      return nil
    }
    endProgress()
    return MatrixRunReport(rows: kinds.map(\.name), cells: outcomes.compactMap(\.self))
  }

  private func runCells() throws(LabFault) {
    loop.accompany(by: self)
    while next < outcomes.count || !trials.isEmpty {
      // One at a time: those that run must not wait for others to be built.
      if mayBegin {
        let trial = try MatrixTrial(
          kinds[next / kinds.count], kinds[next % kinds.count], programs, seed: seed, loop: loop)
        trials.append((next, trial))
        next += 1
        showProgress()
      }
      guard loop.turn() else { return }
      for (_, trial) in trials { try trial.goOn() }
      for (index, trial) in trials where trial.isOver {
        outcomes[index] = try completed(trial)
        showProgress()
      }
      trials.removeAll { outcomes[$0.index] != nil }
    }
  }

  private func completed(_ trial: MatrixTrial) throws(LabFault) -> MatrixOutcome {
    var outcome = trial.finish()
    guard comparesWithMatrix else { return outcome }
    do throws(BuildError) {
      outcome.expected = try MatrixCell(trial.first, trial.second, .udp, seed: seed).result.isThrough
    } catch {
      throw .noNetwork
    }
    return outcome
  }

  // MARK: Progress

  private func showProgress() {
    guard Terminal.errors.isTerminal else { return }
    let done = outcomes.count { $0 != nil }
    let through = outcomes.count { $0?.isThrough == true }
    errors.write("\r" + said("\(done) of \(outcomes.count) pairs, \(through) through "))
  }

  private func endProgress() {
    if Terminal.errors.isTerminal { errors.write("\r" + String(repeating: " ", count: 50) + "\r") }
  }
}

extension MatrixRun: LoopCompanion {
  public var patience: Int64? {
    if mayBegin { return 0 }
    return trials.map { min($0.trial.laboratory?.patience ?? .max, $0.trial.nanosecondsLeft) }.min()
  }

  public func beat() { for (_, trial) in trials { trial.laboratory?.beat() } }
}
