// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

@Suite struct UndoTests {
  /// Stops whatever asks.
  private struct Refusing: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { false }
  }

  /// Seventy steps, the tenth of them a call. Not all those states are kept: the one after the call is not.
  private static func session() throws -> Session {
    var session = Session(catalog: .traversal)
    for number in 1...70 {
      let line = number < 3 ? "host h\(number)" : number == 10 ? "call h1 h2 for 2s" : "wait 1ms"
      _ = try execute(line, in: &session)
    }
    return session
  }

  private static func execute(_ line: String, in session: inout Session) throws -> CommandResult {
    try session.execute(try #require(try Statement.statements(in: line).first))
  }

  private static func state(of session: Session) -> String {
    let network = session.network
    return "\(network.clock) \(network.trace.hopCount) \(network.allDevices.map(\.name)) \(session.standingLines) "
      + "\(session.past.undoable) \(session.past.redoable)"
  }

  /// Runs `line`, which must be stopped.
  private static func interrupt(_ line: String, in session: inout Session) throws {
    let before = state(of: session)
    session.monitor = Refusing()
    do {
      _ = try execute(line, in: &session)
      Issue.record("nothing stopped \(line)")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "interrupted")
    }
    #expect(state(of: session) == before && session.monitor is Refusing)
    session.monitor = nil
  }

  @Test func anInterruptedUndoLeavesEverythingAsItWas() throws {
    var session = try Self.session()
    let whole = Self.state(of: session)
    try Self.interrupt("undo 60", in: &session)
    _ = try Self.execute("undo 60", in: &session)
    let afterCall = session.network.trace.hopCount
    #expect(afterCall > 1_024 && session.standingLines.count == 10)
    _ = try Self.execute("undo", in: &session)
    #expect(session.network.trace.hopCount == 0)
    try Self.interrupt("redo 61", in: &session)
    _ = try Self.execute("redo 61", in: &session)
    #expect(Self.state(of: session) == whole)
  }

  @Test func aWatchedReplayReportsItsProgress() throws {
    let watch = Recorder()
    var session = try Self.session()
    session.monitor = watch
    _ = try Self.execute("undo 60", in: &session)
    #expect(!watch.stages.isEmpty && watch.stages.allSatisfy { $0 == RunProgress.Stage(.doingAgain, done: 0, of: 1) })
  }
}

/// Remembers the progress that is reported.
private final class Recorder: RunMonitor, @unchecked Sendable {
  private(set) var stages: [RunProgress.Stage] = []

  func progress(_ progress: RunProgress) -> Bool {
    if let stage = progress.stage { stages.append(stage) }
    return true
  }
}
