// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Synchronization
import Testing

@testable import Capture

/// Captures of a session in memory, and sessions that have no files.
@Suite struct SessionTests {
  /// Collects what it sees.
  private final class Collector: PacketTap {
    let state: Mutex<(capture: TrafficCapture, looks: Int, bytes: [UInt8])>

    init(_ session: Session) { state = Mutex((TrafficCapture(of: session, devices: nil), 0, [])) }

    func see(_ session: Session) { take(session, after: nil) }

    func take(_ session: Session, after command: String?) {
      state.withLock { state in
        state.looks += 1
        while let more = state.capture.take(from: session, atMost: 100, after: command) { state.bytes += more }
      }
    }
  }

  private static func run(_ lines: [String], in session: inout Session) throws {
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
  }

  private static func busySession() throws -> Session {
    var session = Session(catalog: Catalog(.standard, .capture))
    try run(["host alice", "host bob"], in: &session)
    return session
  }

  private static let sends = (0..<1_500).map { "send alice:\(5_000 + $0) bob:4000 \($0)" }

  /// A long run is looked at while it is under way, and the file is the same as if it had not been.
  @Test func aLongRunIsWrittenInPieces() throws {
    var session = try Self.busySession()
    let (whole, pieces) = (Collector(session), Collector(session))
    session.tap = pieces
    try Self.run(Self.sends, in: &session)
    let looksBefore = pieces.state.withLock { $0.looks }
    try Self.run(["run"], in: &session)
    #expect(pieces.state.withLock { $0.looks } > looksBefore)
    pieces.take(session, after: "run")
    whole.take(session, after: "run")
    let bytes = whole.state.withLock { $0.bytes }
    #expect(bytes == pieces.state.withLock { $0.bytes })
    #expect(whole.state.withLock { $0.capture.packets } == 3_000)
  }

  /// What is only tried on a copy is nobody's traffic.
  @Test func remediesAreNotCaptured() throws {
    var session = try Self.busySession()
    try Self.run(Self.sends, in: &session)
    let collector = Collector(session)
    session.tap = collector
    let copy = session
    try Self.run(["why 1", "packets", "stats"], in: &session)
    #expect(collector.state.withLock { $0.looks } == 0)
    #expect(copy.packetsInFlight == session.packetsInFlight)
  }

  @Test(arguments: ["replay x from alice", "import capture x"])
  func aSessionWithoutFilesReadsNone(line: String) throws {
    var session = try Self.busySession()
    let statement = try #require(try Statement.statements(in: line).first)
    do {
      _ = try session.execute(statement)
      Issue.record("it was carried out")
    } catch {
      guard case .command(let fault) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(fault.kind.word == "no-files")
    }
  }

  /// Cut anywhere, blocks are whole up to a block's end.
  @Test func blocksAreCutBetweenBlocks() throws {
    var session = try Self.busySession()
    let collector = Collector(session)
    try Self.run(["send alice bob hello", "run"], in: &session)
    collector.take(session, after: "run")
    let (head, bytes) = collector.state.withLock { ($0.capture.head, $0.bytes) }
    for count in 0...bytes.count {
      let whole = TrafficCapture.whole(bytes, upTo: count)
      #expect(whole.bytes <= count)
      let read = readAll(head + bytes[..<whole.bytes])
      #expect(read.fault == nil && read.frames.count == whole.packets)
    }
    #expect(TrafficCapture.whole(bytes, upTo: bytes.count) == (bytes.count, 2))
  }

  // MARK: Stopped replays

  /// Ctrl-C after the first thousand events.
  private struct Impatience: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { false }
  }

  /// Two packets an hour apart, and meanwhile thousands of events.
  private static func interruptedReplay() throws -> (session: Session, saved: [String]) {
    var file = FileBytes(little: true)
    file.section()
    file.interface()
    for stamp in [0, 3_600_000_000] {
      var packet = FileBytes.udp()
      packet.replaceSubrange(16..<20, with: [9, 9, 9, 9])
      file.packet(packet, at: UInt64(stamp))
    }
    let bytes = file.bytes
    var session = Session(catalog: Catalog(.standard, .capture))
    session[CaptureFiles.self] = CaptureFiles { _ in CaptureFiles.Source(bytes) }
    try run(["host alice", "host bob 9.9.9.9"] + sends, in: &session)
    session.monitor = Impatience()
    try run(["replay x from alice"], in: &session)
    session.monitor = nil
    return (session, session.standingLines)
  }

  /// A replay that was stopped between two packets is done again as far as it came, by `redo` and by what is saved.
  @Test func aStoppedReplayIsRedoneAsFarAsItWent() throws {
    let (stopped, saved) = try Self.interruptedReplay()
    #expect(saved.last?.contains(" first 1 then 1024 sum ") == true, "\(saved.last ?? "")")
    func sight(_ session: Session) -> [Int] {
      [Int(session.clock.microseconds), session.packetsInFlight, session.network.trace.hopCount]
    }
    #expect(stopped.packetsInFlight > 0)
    var again = stopped
    try Self.run(["undo", "redo"], in: &again)
    #expect(sight(again) == sight(stopped))
    var loaded = Session(catalog: Catalog(.standard, .capture))
    loaded[CaptureFiles.self] = stopped[CaptureFiles.self]
    try Self.run(saved, in: &loaded)
    #expect(sight(loaded) == sight(stopped))
    #expect(loaded.standingLines == saved)
  }

  /// Time passes even for packets that cannot be sent.
  @Test func aReplayOfNothingStillTakesItsTime() throws {
    var file = FileBytes(little: true)
    file.section()
    file.interface()
    for stamp in [0, 5_000_000] { file.packet(FileBytes.udp(ipv6: true), at: UInt64(stamp)) }
    let bytes = file.bytes
    var session = Session(catalog: Catalog(.standard, .capture))
    session[CaptureFiles.self] = CaptureFiles { _ in CaptureFiles.Source(bytes) }
    try Self.run(["host alice", "replay x from alice"], in: &session)
    let clock = session.clock
    try Self.run(["undo", "redo"], in: &session)
    #expect(session.clock == clock && clock.microseconds == 5_000_000)
  }
}
