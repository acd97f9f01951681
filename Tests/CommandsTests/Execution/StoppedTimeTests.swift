// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands

/// Time in which nothing happens but that mappings time out, by the thousand: it is told how far it is, and can be stopped.
@Suite struct StoppedTimeTests {
  /// Stops what lets mappings time out, or does not.
  private struct Watcher: RunMonitor {
    var stops: Bool
    func progress(_ progress: RunProgress) -> Bool { !(stops && progress.stage?.work == .expiring) }
  }

  private static func execute(_ line: String, in session: inout Session) throws -> CommandResult {
    try session.execute(try #require(try Statement.statements(in: line).first))
  }

  /// A router with 3,000 mappings.
  private static func session() throws -> Session {
    var session = Session(catalog: .standard)
    for line in ["scene one-home"] + (1...3_000).map({ "send alice:\($0 + 2_000) bob" }) + ["run"] {
      _ = try execute(line, in: &session)
    }
    return session
  }

  private static func rows(of session: Session) -> Int {
    session.network.allDevices.reduce(0) { $0 + (session.network.router($1.id)?.nat.count ?? 0) }
  }

  @Test func aWaitThatIsStoppedWhileMappingsTimeOutHasNotBegun() throws {
    var session = try Self.session()
    let (clock, rows) = (session.clock, Self.rows(of: session))
    #expect(rows == 3_000)
    session.monitor = Watcher(stops: true)
    do {
      _ = try Self.execute("wait 1h", in: &session)
      Issue.record("nothing stopped it")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "interrupted")
    }
    #expect(session.clock == clock && Self.rows(of: session) == rows)
    session.monitor = Watcher(stops: false)
    let expired = try Self.execute("wait 1h", in: &session).activity?.expired
    #expect(expired?.count == 3_000 && Self.rows(of: session) == 0)
  }

  @Test func aWaitInWhichPacketsMovedIsStoppedBehindTheLastOfThem() throws {
    var session = try Self.session()
    _ = try Self.execute("send alice bob", in: &session)
    session.monitor = Watcher(stops: true)
    let result = try Self.execute("wait 1h", in: &session)
    guard case .interrupted(inFlight: 0) = result.notices.last else {
      Issue.record("\(result.notices)")
      return
    }
    #expect(result.activity?.hops.last?.verdict == .delivered && result.activity?.expired.isEmpty == true)
    let (clock, rows) = (session.clock, Self.rows(of: session))
    #expect(rows == 3_001)
    session.monitor = nil
    // What is remembered of it is what was done.
    #expect(session.standingLines.last == "step 3 within 1h")
    _ = try Self.execute("undo", in: &session)
    _ = try Self.execute("redo", in: &session)
    #expect(session.clock == clock && Self.rows(of: session) == rows)
  }
}
