// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands

/// `repeat` and `let`.
@Suite struct RepeatTests {
  @discardableResult
  private static func execute(_ lines: String, in session: inout Session) throws -> CommandResult? {
    var last: CommandResult?
    for line in lines.split(separator: "\n") {
      for statement in try Statement.statements(in: String(line)) { last = try session.execute(statement) }
    }
    return last
  }

  private static func sources(in session: Session) -> [String] {
    (1..<session.network.trace.packetCount + 1).compactMap {
      session.network.trace.packet($0)?.packet.source.description
    }
  }

  @Test func eachTimeHasItsNumber() throws {
    var session = Session(catalog: .standard)
    try Self.execute("scene one-home\nrepeat 3 send alice:500$i bob:4000 \"n$i\"", in: &session)
    #expect(Self.sources(in: session) == ["192.168.1.10:5001", "192.168.1.10:5002", "192.168.1.10:5003"])
    let texts = (1...3).map { session.network.trace.packet($0)?.packet.payload.text }
    #expect(texts == ["n1", "n2", "n3"])
  }

  @Test func undoTakesAllOfThemBack() throws {
    var session = Session(catalog: .standard)
    try Self.execute("scene one-home\nhost x\nrepeat 4 \"host h$i behind home-a; send h$i bob; run\"", in: &session)
    let (devices, packets) = (session.deviceCount, session.network.trace.packetCount)
    #expect(devices == 8 && packets == 4)
    try Self.execute("undo", in: &session)
    #expect(session.deviceCount == 4 && session.network.trace.packetCount == 0)
    try Self.execute("redo", in: &session)
    #expect(session.deviceCount == devices && session.network.trace.packetCount == packets)
    #expect(session.standingLines.last == "repeat 4 \"host h$i behind home-a; send h$i bob; run\"")
  }

  @Test func savedLinesLeadToTheSameNetwork() throws {
    var session = Session(catalog: .standard)
    try Self.execute(
      """
      scene one-home
      let there = bob:4000 "good day"
      let p = 5000
      send alice:$p $there
      let p = 6000
      repeat 2 send alice:$p $there
      run
      """, in: &session)
    #expect(
      session.standingLines == [
        "scene one-home", "send alice:5000 bob:4000 \"good day\"", "repeat 2 send alice:6000 bob:4000 \"good day\"",
        "run",
      ])
    var again = Session(catalog: .standard)
    try Self.execute(session.standingLines.joined(separator: "\n"), in: &again)
    #expect(Self.sources(in: again) == Self.sources(in: session))
    #expect(Self.sources(in: again).count == 3)
  }

  /// Of what fails, nothing stays.
  @Test(arguments: [
    "repeat 3 send alice bob$i", "repeat 2 \"host y; host y\"", "repeat 2 table", "repeat 2 repeat 2 host",
    "repeat 2 reset",
    "repeat 0 host", "repeat 2", "repeat 3 \"send alice bob; undo\"", "repeat 2 \"host \\\"\"", "let", "let x",
    "let x =",
    "let 1 = 2", "repeat 100001 host",
  ])
  func whatCannotBeRepeatedChangesNothing(_ line: String) throws {
    var session = Session(catalog: .standard)
    try Self.execute("scene one-home", in: &session)
    let before = (session.standingLines, session.deviceCount, session.network.trace.packetCount)
    if line != "let" {
      #expect(throws: SessionError.self) { try Self.execute(line, in: &session) }
    }
    #expect((session.standingLines, session.deviceCount, session.network.trace.packetCount) == before)
  }

  /// A name that has no value is what was typed; the longest name that has one counts; a value is never a command.
  @Test func onlyKnownNamesAreReplaced() throws {
    var session = Session(catalog: .standard)
    try Self.execute(
      """
      scene one-home
      let a = 1
      let ab = 2
      send alice:5$ab$a bob "costs $5, $abc, $x and $a."
      """, in: &session)
    #expect(session.network.trace.packet(1)?.packet.source.port == 521)
    #expect(session.network.trace.packet(1)?.packet.payload.text == "costs $5, 2c, $x and 1.")
    try Self.execute("let tail = bob; reset", in: &session)
    #expect(session.deviceCount == 0)
    try Self.execute("let tail = \"bob; reset\"\nscene one-home", in: &session)
    try Self.execute("send alice bob $tail", in: &session)
    #expect(session.network.trace.packet(1)?.packet.payload.text == "bob; reset")
  }

  private struct Stopper: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { progress.stage?.work != .repeating }
  }

  @Test func aStoppedOneHasNotBegun() throws {
    var session = Session(catalog: .standard)
    try Self.execute("scene one-home", in: &session)
    session.monitor = Stopper()
    #expect(throws: SessionError.self) { try Self.execute("repeat 1000 send alice bob", in: &session) }
    #expect(session.network.trace.packetCount == 0 && session.network.inFlight == 0)
  }
}
