// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

@Suite struct ServeTests: CommandSuite {
  private static func programs(_ session: inout Session) throws -> [String] {
    let report = try #require(try run("programs", in: &session).content as? ProgramsReport)
    return report.programs.map { "\($0.id) \($0.host) \($0.program) \($0.port ?? 0) \($0.state)" }
  }

  @Test func aServerIsListedSteppedAndUndone() throws {
    var session = try Self.session("scene one-home", "serve bob echo 7", "serve bob web")
    #expect(try Self.programs(&session) == ["1 bob echo 7 serving", "2 bob web 80 serving"])
    try Self.run("send alice:5000 bob:7 hello", in: &session)
    for _ in 0..<3 { try Self.run("step", in: &session) }
    // The datagram has come and its echo is on the way.
    #expect(session.network.trace.packetCount == 2 && session.packetsInFlight == 1)
    #expect(session.network.trace.packet(2)?.packet.payload.text == "hello")
    try Self.run("undo", in: &session)
    #expect(session.network.trace.packetCount == 1)
    try Self.run("redo", in: &session)
    try Self.run("run", in: &session)
    #expect(session.network.trace.packet(2)?.state == .delivered)
    try Self.run("stop bob echo", in: &session)
    try Self.run("undo", in: &session)
    #expect(try Self.programs(&session) == ["1 bob echo 7 serving", "2 bob web 80 serving"])
    try Self.run("undo 6", in: &session)
    #expect(try Self.programs(&session) == ["1 bob echo 7 serving"])
  }

  @Test func aWebServerTellsWhomItSees() throws {
    var session = try Self.session("scene one-home", "serve bob web", "connect alice:5000 bob:80", "run")
    try Self.run("send alice:5000 bob:80 tcp \"GET / HTTP/1.1\"", in: &session)
    let result = try Self.run("run", in: &session)
    let events = try #require(result.activity?.events)
    #expect(events.map(\.event) == ["request"] && events.first?.host == "bob" && events.first?.program == "web")
    #expect(events.first?.data["from"] == .endpoint(try #require(Endpoint("49.36.10.25:62000"))))
    #expect(events.first?.words == "answers 49.36.10.25:62000: 200 OK")
    let answers = try #require(session.network.trace.packet(6)?.packet.payload.text)
    #expect(answers.hasPrefix("HTTP/1.1 200 OK\r\n") && answers.hasSuffix("Hello, 49.36.10.25:62000\n"))
  }

  @Test(
    arguments: [
      ("serve bob echo 7", "port-in-use"), ("stop alice", "no-programs"), ("stop bob web", "no-such-program"),
      ("serve bob web alternate 1.2.3.4", nil), ("serve bob echo", nil), ("serve bob gopher 70", nil),
      ("serve home-a web", nil), ("serve bob echo 0", nil),
    ] as [(String, String?)])
  func mistakesChangeNothing(line: String, word: String?) throws {
    var session = try Self.session("scene one-home", "serve bob echo 7")
    let before = try Self.programs(&session)
    do throws(any Error) {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == word)
    } catch SessionError.syntax {
      #expect(word == nil)
    }
    #expect(try Self.programs(&session) == before)
  }
}
