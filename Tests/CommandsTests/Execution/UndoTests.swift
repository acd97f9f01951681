// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Testing

@testable import Commands

@Suite struct UndoTests {
  /// Stops whatever asks.
  private struct Refusing: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { false }
  }

  /// Sixty hosts and, as one step of `undo` after which no state is kept, a call; then one host more.
  private static func session() throws -> Session {
    var session = Session(catalog: .standard)
    func run(_ line: String, in session: inout Session) throws {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    for number in 1...60 { try run("host h\(number)", in: &session) }
    try session.group { (session: inout Session) throws(SessionError) in
      for line in ["call h1 h2 for 2s", "host late"] {
        guard let statement = try? Statement.statements(in: line).first else { continue }
        _ = try session.execute(statement)
      }
    }
    try run("host last", in: &session)
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

  @Test func anInterruptedUndoLeavesEverythingAsItWas() throws {
    var session = try Self.session()
    let before = Self.state(of: session)
    session.monitor = Refusing()
    do {
      _ = try Self.execute("undo", in: &session)
      Issue.record("nothing stopped the replay")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "interrupted")
    }
    #expect(Self.state(of: session) == before && session.monitor is Refusing)

    session.monitor = nil
    _ = try Self.execute("undo", in: &session)
    #expect(session.network.device(named: "last") == nil && session.network.device(named: "late") != nil)
    let undone = Self.state(of: session)
    _ = try Self.execute("undo", in: &session)
    #expect(session.network.trace.hopCount == 0 && session.network.device(named: "late") == nil)

    session.monitor = Refusing()
    let early = Self.state(of: session)
    #expect(throws: SessionError.self) { try Self.execute("redo", in: &session) }
    #expect(Self.state(of: session) == early)
    session.monitor = nil
    _ = try Self.execute("redo", in: &session)
    #expect(Self.state(of: session) == undone)
  }

  @Test func aWatchedReplayTellsHowFarItIs() throws {
    let watch = Recorder()
    var session = try Self.session()
    session.monitor = watch
    _ = try Self.execute("undo", in: &session)
    #expect(watch.replays.count > 2 && watch.replays.allSatisfy { $0.total == 2 && $0.done == 0 })
  }
}

/// Keeps what it is told.
private final class Recorder: RunMonitor, @unchecked Sendable {
  private(set) var replays: [RunProgress.Replay] = []

  func progress(_ progress: RunProgress) -> Bool {
    if let replay = progress.replay { replays.append(replay) }
    return true
  }
}
