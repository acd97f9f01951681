// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Classroom

/// States as numbered changes, and their contents.
@Suite struct FollowingTests {
  private static func session(_ lines: String...) throws -> Session {
    var session = Session(catalog: .standard)
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    return session
  }

  private static func state(_ lines: String..., command: String = "") throws -> PageState {
    var session = Session(catalog: .standard)
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    return PageState(of: session, at: PageState.Moment(command: command))
  }

  private static func value(_ key: String, _ state: PageState) -> String {
    state.entries.first { $0.key == key }?.json ?? "missing"
  }

  @Test func aSnapshotHasTheContractsKeys() throws {
    let state = try Self.state("scene one-home; send alice:5000 bob:4000", command: "send alice bob")
    let text = state.snapshot(sequence: 17)
    #expect(text.hasPrefix(#"{"sequence":17,"clock_us":0,"prompt":"natsh ●1> ","command":"send alice bob","#))
    for key in ["devices", "flights", "hops", "events", "tables", "lesson", "question"] {
      #expect(Self.value(key, state) != "missing", "\(key)")
    }
    #expect(
      Self.value("flights", state).contains(
        #""destination":"88.90.100.110:4000","due_us":1000,"from":"alice","packet":1"#))
    #expect(Self.value("devices", state).contains(#""address":"192.168.1.10""#))
    #expect(Self.value("tables", state) == #"[{"left_out":0,"mappings":[],"router":"home-a"}]"#)
    #expect(!text.contains("\n"))
  }

  @Test func aChangeHasOnlyWhatChanged() throws {
    let before = try Self.state("scene one-home; send alice:5000 bob:4000")
    let after = try Self.state("scene one-home; send alice:5000 bob:4000; step")
    let change = try #require(after.change(since: before, sequence: 2))
    #expect(change.hasPrefix(#"{"sequence":2,"clock_us":1000,"#))
    #expect(change.contains("\"hops\":") && change.contains("\"tables\":") && !change.contains("\"devices\":"))
    #expect(after.change(since: after, sequence: 3) == nil)
  }

  @Test func lookingAtThePageIsNotLookingAtTheTable() throws {
    var session = try Self.session("scene one-home; send alice:5000 bob:4000; run")
    _ = PageState(of: session, at: PageState.Moment())
    let table = try session.execute(try #require(Statement.statements(in: "table home-a").first))
    guard case .one(let report)? = table.content as? TablesReport else { return #expect(Bool(false)) }
    #expect(report.mappings.map(\.change) == [.new])
  }

  @Test func aRefusedPacketComesWithItsReasonInWords() throws {
    let state = try Self.state("scene one-home; send bob:4001 49.36.10.25:62000; run")
    #expect(Self.value("hops", state).contains(#""reason_words":"no-mapping: \"Who are you?\""#))
    #expect(Self.value("hops", state).contains("home-a dropped packet 1, no-mapping"))
  }

  @Test func aBigNetworkIsCutAndSaysSo() throws {
    let state = try Self.state((1...250).map { "host h\($0)" }.joined(separator: "; "))
    #expect(Self.value("devices_left_out", state) == "50")
  }

  @Test func aProofIsShownOnACopyOfTheNetwork() throws {
    let teacher = try Self.state("scene one-home", command: "class reveal")
    let run = try Self.state("scene one-home; send alice:5000 bob:4000; run", command: "run")
    let shown = teacher.onNetwork(of: run)
    for key in ["hops", "tables", "clock_us", "devices", "flights"] {
      #expect(Self.value(key, shown) == Self.value(key, run), "\(key)")
    }
    for key in ["command", "prompt", "lesson", "question", "asked"] {
      #expect(Self.value(key, shown) == Self.value(key, teacher), "\(key)")
    }
  }

  @Test func aReturningPageGetsWhatItMissedOrASnapshot() throws {
    var log = ChangeLog(try Self.state(), sequence: 100)
    for count in 1...3 {
      #expect(log.advance(to: try Self.state("host a; wait \(count)s"))?.sequence == 100 + count)
    }
    func kinds(_ seen: Int?) -> [String] {
      log.catchingUp(after: seen).map { "\($0.kind.rawValue) \($0.sequence)" }
    }
    #expect(kinds(nil) == ["snapshot 103"])
    #expect(kinds(103) == [])
    #expect(kinds(101) == ["change 102", "change 103"])
    #expect(kinds(100) == ["change 101", "change 102", "change 103"])
    // Another server's number, or one that was never used.
    #expect(kinds(99) == ["snapshot 103"])
    #expect(kinds(104) == ["snapshot 103"])
    #expect(kinds(-1) == ["snapshot 103"])
    #expect(kinds(.max) == ["snapshot 103"] && kinds(.min) == ["snapshot 103"])
  }

  @Test func oldChangesAreForgotten() throws {
    var log = ChangeLog(try Self.state(), sequence: 0)
    for count in 1...(ChangeLog.Most.projector.changes + 10) {
      _ = log.advance(to: try Self.state("host a; wait \(count)s"))
    }
    #expect(log.catchingUp(after: 5).map(\.kind) == [.snapshot])
    #expect(log.catchingUp(after: 10).count == ChangeLog.Most.projector.changes)
  }

  /// Goes away as soon as it receives something.
  private final class Visitor: Viewer {
    let board: Board
    var takesMore: Bool { true }
    init(_ board: Board) { self.board = board }
    func send(_ message: Board.Message) { board.remove(self) }
    func leave() {}
  }

  @Test func aPageThatLeavesDuringAChangeTakesNobodyAlong() throws {
    let board = Board(try Self.state(), sequence: 0)
    let onlooker = Onlooker()
    let visitors = (1...3).map { _ in Visitor(board) }
    for visitor in visitors { board.add(visitor, after: 0) }
    board.add(onlooker, after: 0)
    board.show(try Self.state("host a"))
    #expect(onlooker.got.map(\.sequence) == [1] && board.viewerCount == 1)
    board.add(Visitor(board), after: nil)
    #expect(board.viewerCount == 1)
  }

  private final class Onlooker: Viewer {
    var takesMore = true
    var got: [ChangeLog.Event] = []
    func send(_ message: Board.Message) { got.append(message.event) }
    func leave() {}
  }

  @Test func aPageThatFallsBehindGetsASnapshotAndHoldsUpNobody() throws {
    let board = Board(try Self.state(), sequence: 0)
    let (quick, slow) = (Onlooker(), Onlooker())
    board.add(quick, after: nil)
    board.add(slow, after: nil)
    slow.takesMore = false
    for count in 1...5 { board.show(try Self.state("host a; wait \(count)s")) }
    #expect(quick.got.map(\.sequence) == [0, 1, 2, 3, 4, 5])
    #expect(slow.got.map(\.sequence) == [0])
    slow.takesMore = true
    board.catchUp(slow)
    board.show(try Self.state("host a; wait 9s"))
    #expect(slow.got.map { "\($0.kind.rawValue) \($0.sequence)" } == ["snapshot 0", "snapshot 5", "change 6"])
    board.remove(slow)
    #expect(board.viewerCount == 1)
  }
}
