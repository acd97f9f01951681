// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Hole punching: what a pair of behaviours allows, and what the commands say about it.
@Suite struct PunchTests: CommandSuite {
  /// The last events of the two peers, such as `alice open both`.
  private static func ends(_ result: CommandResult) -> [String] {
    let events = (result.activity?.events ?? []).filter { $0.event == "open" || $0.event == "failed" }
    return events.map { "\($0.host) \($0.event) \(($0.data["direction"] ?? $0.data["reason"])?.text ?? "")" }.sorted()
  }

  @Test(
    arguments: [
      ("call", "punch alice bob", ["alice open both", "bob open both"]),
      ("call", "punch alice bob tcp", ["alice open both", "bob open both"]),
      ("call", "punch alice bob skew 3s", ["alice open both", "bob open both"]),
      ("call", "punch alice:5000 bob:6000 skew 700ms first bob", ["alice open both", "bob open both"]),
      ("call", "punch alice bob low-ttl", ["alice open both", "bob open both"]),
      ("call-symmetric", "punch alice bob", ["alice failed nothing-heard", "bob failed nothing-heard"]),
      ("call-symmetric", "punch alice bob predict 2", ["alice open both", "bob open both"]),
      ("call-cgnat", "punch alice bob", ["alice open both", "bob open both"]),
    ])
  func scenes(scene: String, line: String, outcome: [String]) throws {
    var session = try Self.session(["scene \(scene)", line])
    #expect(Self.ends(try Self.run("run", in: &session)) == outcome)
  }

  @Test func oneWayIsAVerdictOfItsOwn() throws {
    var session = try Self.session([
      "scene call", "set home-a mapping apdm", "set home-a filtering eif", "punch alice bob",
    ])
    #expect(
      Self.ends(try Self.run("run", in: &session)) == ["alice open in", "bob failed nothing-heard"])
  }

  @Test func twoBehindOneRouterMeetInside() throws {
    var session = try Self.session([
      "scene same-lan", "host server 203.0.113.50", "serve server rendezvous", "punch alice bob",
    ])
    let result = try Self.run("run", in: &session)
    #expect(Self.ends(result) == ["alice open both", "bob open both"])
    let open = try #require(result.activity?.events.first { $0.event == "open" && $0.host == "alice" })
    #expect(open.data["remote"]?.text.hasPrefix("192.168.1.20:") == true)
  }

  /// Two who meet again meet where they are now, whatever the server remembers of their first meeting.
  @Test(
    arguments: [
      ["punch alice bob"], ["punch bob alice"], ["stop alice", "stop bob", "punch alice bob"],
      ["reboot home-b", "stop alice", "stop bob", "punch alice bob"], ["wait 10m", "punch alice bob"],
      ["reboot home-a", "punch alice bob"], ["set home-b filtering adf", "punch alice bob"],
    ], ["udp", "tcp"])
  func aSecondPunchOpensAsWell(lines: [String], transport: String) throws {
    var session = try Self.session(["scene call", "punch alice bob \(transport)", "run"])
    for line in lines.dropLast() { try Self.run(line, in: &session) }
    let first = session.network.trace.events(from: 1).count
    try Self.run("\(lines.last ?? "") \(transport)", in: &session)
    let result = try Self.run("run", in: &session)
    #expect(Self.ends(result) == ["alice open both", "bob open both"])
    // Nobody was sent to where the other one had been.
    let events = session.network.trace.events(from: 1).dropFirst(first)
    for (host, peer) in [("alice", "bob"), ("bob", "alice")] {
      let learned = events.filter { session.network.device($0.host).name == host && $0.name == "learned" }
      let seen = events.last { session.network.device($0.host).name == peer && $0.name == "registered" }
      #expect(learned.map { $0.data["remote"] } == [seen?.data["outside"]], "\(host)")
    }
  }

  /// From the same ports, the server cannot tell a second meeting from the first until both have asked.
  @Test(arguments: ["alice", "bob"]) func whoeverIsSentToTheWrongPlaceIsToldTheRightOne(first: String) throws {
    var session = try Self.session([
      "scene call", "set home-b ports sequential 62000", "send bob:1111 203.0.113.50:9", "punch alice:5000 bob:6000",
      "run", "reboot home-b", "stop alice", "stop bob", "punch alice:5000 bob:6000 skew 200ms first \(first)",
    ])
    #expect(Self.ends(try Self.run("run", in: &session)) == ["alice open both", "bob open both"])
  }

  @Test func theHoleIsKeptOpen() throws {
    var session = try Self.session(["scene call", "punch alice:5000 bob:6000", "run", "wait 20m"])
    try Self.run("send bob:6000 49.36.10.25:62000", in: &session)
    try Self.run("run", in: &session)
    #expect(session.network.trace.packet(session.network.trace.packetCount)?.state == .delivered)
    // Without the programs it closes.
    try Self.run("stop alice", in: &session)
    try Self.run("stop bob", in: &session)
    try Self.run("wait 20m", in: &session)
    try Self.run("send bob:6000 49.36.10.25:62000", in: &session)
    try Self.run("run", in: &session)
    #expect(session.network.trace.packet(session.network.trace.packetCount)?.state == .dropped(.expired))
  }

  @Test func undoRevertsTheWholePunchAndRedoReplaysIt() throws {
    var session = try Self.session(["scene call", "punch alice bob"])
    let before = session.network.trace.hopCount
    try Self.run("run", in: &session)
    let (hops, events) = (session.network.trace.hopCount, session.network.trace.events(from: 1))
    try Self.run("undo", in: &session)
    #expect(session.network.trace.hopCount == before)
    while session.isBusy { try Self.run("step", in: &session) }
    #expect(session.network.trace.hopCount == hops && session.network.trace.events(from: 1) == events)
  }

  @Test(
    arguments: [
      ("punch alice alice", "same-peer"), ("punch alice bob via bob", "does-not-serve"),
      ("punch alice bob skew 1s first server", "not-a-peer"), ("punch alice bob:3480", nil),
    ] as [(String, String?)])
  func mistakes(line: String, word: String?) throws {
    var session = try Self.session(["scene call"])
    do throws(any Error) {
      try Self.run(line, in: &session)
      #expect(word == nil)
    } catch SessionError.command(let error) {
      #expect(error.kind.word == word)
    }
  }

  @Test func aRefusalSaysWhatIsMissing() throws {
    var session = try Self.session(["scene two-homes"])
    do throws(any Error) {
      try Self.run("punch alice bob", in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "no-server")
    }
  }

  // MARK: The matrix

  /// Of 45 unordered pairs 25 open, 6 hear one way and 14 not at all: the filter's memory is the mapping's, and an
  /// answer leaves by the mapping rule.
  @Test func theMatrixOfBehaviors() throws {
    var cells: [[String]: MatrixCell] = [:]
    for first in MatrixKind.behaviors {
      for second in MatrixKind.behaviors {
        cells[[first.name, second.name]] = try MatrixCell(first, second, .udp, seed: 1)
      }
    }
    var counts: [MatrixCell.Result: Int] = [:]
    var oneWay: Set<Set<String>> = []
    for (index, first) in MatrixKind.behaviors.enumerated() {
      for second in MatrixKind.behaviors[index...] {
        let cell = try #require(cells[[first.name, second.name]])
        #expect(cell.result == cells[[second.name, first.name]]?.result, "\(first.name) \(second.name)")
        counts[cell.result, default: 0] += 1
        if cell.result == .oneWay { oneWay.insert([first.name, second.name]) }
        #expect(!cell.why.isEmpty)
      }
    }
    #expect(counts == [.punched: 25, .oneWay: 6, .none: 14])
    let expected = ["adm/eif", "apdm/eif"].flatMap { first in
      ["eim/apdf", "adm/apdf", "apdm/apdf"].map { Set([first, $0]) }
    }
    #expect(oneWay == Set(expected))
  }

  /// A TCP connection that is open is open both ways, so nothing is one-way; and every cell has its reason.
  @Test(arguments: MatrixKind.behaviors) func theMatrixOfBehaviorsOverTCP(first: MatrixKind) throws {
    for second in MatrixKind.behaviors {
      let cell = try MatrixCell(first, second, .tcp, seed: 1)
      #expect(cell.result == .punched || cell.result == .none, "\(first.name) \(second.name)")
      #expect(!cell.why.isEmpty, "\(first.name) \(second.name)")
      #expect(try MatrixCell(second, first, .tcp, seed: 1).result == cell.result, "\(first.name) \(second.name)")
    }
  }

  @Test func anAnswerFromElsewhereOpensNoConnection() throws {
    let kind = try #require(MatrixKind.named("apdm/eif"))
    let cell = try MatrixCell(kind, kind, .tcp, seed: 1)
    #expect(cell.result == .none)
    #expect(
      cell.why.hasPrefix(
        "alice's SYN arrives at 88.90.100.110:62000, but bob's answer to it leaves from 88.90.100.110:62002;"))
    #expect(cell.why.contains("bob's SYN arrives at 49.36.10.25:62000"))
  }

  /// Neither end gives up a connection that is open, and both call it open.
  @Test(arguments: [("adm", "apdm"), ("apdm", "adm"), ("adm", "adm")])
  func anOpenConnectionIsOpenAtBothEnds(mappings: (String, String)) throws {
    var session = try Self.session([
      "scene call", "set home-a mapping \(mappings.0)", "set home-a filtering eif",
      "set home-b mapping \(mappings.1)", "set home-b filtering eif", "punch alice bob tcp",
    ])
    #expect(Self.ends(try Self.run("run", in: &session)) == ["alice open both", "bob open both"])
  }

  /// Greetings may be lost: they are repeated on the connection that there is.
  @Test(arguments: 1...12 as ClosedRange<Int>) func lossDoesNotPartThoseWhoAreConnected(seed: Int) throws {
    var session = try Self.session([
      "seed \(seed)", "scene call", "set alice loss 10%", "set bob loss 10%", "punch alice bob tcp",
    ])
    let ends = Self.ends(try Self.run("run", in: &session)).map { $0.split(separator: " ").dropFirst().joined() }
    #expect(Set(ends).count == 1, "\(ends)")
  }

  @Test(
    arguments: [
      ("home", "home", MatrixCell.Result.punched), ("symmetric", "home", .none), ("symmetric", "full-cone", .punched),
      ("symmetric", "symmetric", .none), ("open", "open", .direct), ("open", "symmetric", .punched),
      ("symmetric", "restricted-cone", .punched),
    ])
  func presets(first: String, second: String, result: MatrixCell.Result) throws {
    let kinds = (try #require(MatrixKind.named(first)), try #require(MatrixKind.named(second)))
    #expect(try MatrixCell(kinds.0, kinds.1, .udp, seed: 1).result == result)
  }

  @Test func theCommandLeavesTheNetworkAlone() throws {
    var session = try Self.session(["scene call", "send alice bob hello"])
    let before = session.network.trace.hopCount
    let matrix = try #require(try Self.run("matrix", in: &session).content as? MatrixReport)
    #expect(matrix.rows.count == 9 && matrix.cells.count == 81)
    let presets = try #require(try Self.run("matrix presets", in: &session).content as? MatrixReport)
    #expect(presets.cells.count == 64)
    let cell = try #require(try Self.run("matrix symmetric home", in: &session).content as? MatrixCellReport)
    #expect(cell.cell.result == "none" && !cell.ladder.trace.isEmpty)
    #expect(session.network.trace.hopCount == before)
    #expect(throws: SessionError.self) { try Self.run("matrix symmetrical home", in: &session) }
  }

  // MARK: Disturbances

  @Test func aRebootForgetsAndARenumberedRouterIsElsewhere() throws {
    var session = try Self.session([
      "scene one-home", "forward home-a 8080 to alice:80", "send alice:5000 bob:4000", "run",
    ])
    let reboot = try #require(try Self.run("reboot home-a", in: &session).content as? DisturbanceReport)
    #expect(reboot.rows == 1)
    try Self.run("send bob:4000 49.36.10.25:62000", in: &session)
    try Self.run("run", in: &session)
    guard case .dropped(let reason)? = session.network.trace.packet(2)?.state else {
      Issue.record("not dropped")
      return
    }
    #expect(reason == .noMapping || reason == .expired)
    let renumber = try #require(try Self.run("renumber home-a 49.36.10.99", in: &session).content as? DisturbanceReport)
    #expect(renumber.address == "49.36.10.99")
    let home = try #require(session.network.device(named: "home-a"))
    let forwards = session.network.router(home.id)?.nat.mappings.filter(\.isStatic).map(\.external.description)
    #expect(forwards == ["49.36.10.99:8080"])
    try Self.run("send alice:5000 bob:4000", in: &session)
    try Self.run("run", in: &session)
    #expect(session.network.trace.hops(ofPacket: 3).last?.source.address.description == "49.36.10.99")
    try Self.run("send bob:4000 49.36.10.25:62000", in: &session)
    try Self.run("run", in: &session)
    #expect(session.network.trace.packet(4)?.state == .dropped(.noSuchHost))
    #expect(throws: SessionError.self) { try Self.run("renumber home-a 192.168.7.7", in: &session) }
    try Self.run("undo 7", in: &session)
    #expect(
      session.network.addresses(of: try #require(session.network.device(named: "home-a")).id).map(\.description) == [
        "49.36.10.25"
      ])
  }
}
