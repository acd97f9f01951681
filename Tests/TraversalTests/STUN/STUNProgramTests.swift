// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Rendering
import Testing

@testable import Commands
@testable import Traversal

/// The STUN client and server over simulated packets.
struct STUNProgramTests {
  static func session(_ lines: [String]) throws -> Session {
    var session = Session(catalog: .traversal)
    for line in lines { try run(line, in: &session) }
    return session
  }

  @discardableResult
  static func run(_ line: String, in session: inout Session) throws -> CommandResult {
    try session.execute(try #require(try Statement.statements(in: line).first))
  }

  static let town = ["scene one-home", "host stun 203.0.113.50", "serve stun stun alternate 203.0.113.51"]

  @Test func aHostLearnsHowItIsSeen() throws {
    var session = try Self.session(Self.town + ["stun alice:5000"])
    #expect(session.packetsInFlight == 1)
    let events = try #require(try Self.run("run", in: &session).activity?.events)
    #expect(events.map(\.event) == ["binding", "mapped-address"])
    let learned = try #require(events.last)
    #expect(learned.host == "alice" && learned.program == "stun-client" && learned.packet == 2)
    #expect(learned.data["local"]?.text == "192.168.1.10:5000" && learned.data["mapped"]?.text == "49.36.10.25:62000")
    #expect(learned.words == "is seen as 49.36.10.25:62000 by 203.0.113.50:3478")
    #expect(session.network.programs().map(\.state) == ["serving", "done"])
  }

  @Test func silenceIsAwaitedAsLongAsTheRFCSays() throws {
    var session = try Self.session(Self.town + ["stop stun", "host other 203.0.113.60", "serve other stun"])
    try Self.run("set other loss 100%", in: &session)
    try Self.run("stun alice", in: &session)
    let result = try Self.run("run", in: &session)
    let event = try #require(result.activity?.events.last)
    #expect(event.event == "timed-out" && event.data["requests"] == .number(7))
    #expect(event.timeMicroseconds == 39_500_000)
  }

  static let words = ["endpoint-independent", "address-dependent", "address-and-port-dependent"]

  /// The discovery tests find the router's settings.
  @Test(arguments: words, words) func discoveryFindsWhatTheRouterDoes(mapping: String, filtering: String) throws {
    var session = try Self.session(
      Self.town + ["set home-a mapping \(mapping)", "set home-a filtering \(filtering)", "stun alice behavior"])
    let events = try #require(try Self.run("run", in: &session).activity?.events)
    let found = try #require(events.last { $0.event == "behavior" })
    #expect(found.data["mapping"]?.text == mapping && found.data["filtering"]?.text == filtering)
    #expect(events.filter { $0.event == "test" }.count >= 3)
  }

  /// Each test with its conclusion and its packets, on two screens of 24 lines; the hops are a command away.
  @Test(arguments: words, [80, 40]) func discoveryIsToldInAFewLines(word: String, width: Int) throws {
    var session = try Self.session(
      Self.town + ["set home-a mapping \(word)", "set home-a filtering \(word)", "stun alice behavior"])
    let activity = try #require(try Self.run("run", in: &session).activity)
    let text = activity.text(style: TextStyle(width: width))
    #expect(text.split(separator: "\n").count <= 24 * 2 * 80 / width, "\(text)")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for event in activity.events where event.program == "stun-client" {
      #expect(words.contains(try #require(event.words)), "\(event.event)\n\(text)")
    }
    let dropped = activity.hops.contains { $0.verdict == .dropped }
    #expect(words.contains("dropped by home-a, filtered") == dropped)
    // Step by step, every hop is shown.
    try Self.run("undo", in: &session)
    #expect(try Self.run("step 3", in: &session).activity?.text(style: TextStyle()).contains("translated") == true)
  }

  @Test func aHostWithoutTranslationIsToldSo() throws {
    var session = try Self.session(Self.town + ["stun bob behavior"])
    let events = try #require(try Self.run("run", in: &session).activity?.events)
    let found = try #require(events.last)
    #expect(found.data["translated"] == .flag(false) && found.data["filtering"]?.text == "endpoint-independent")
  }

  @Test func oneAddressIsNotEnoughForDiscovery() throws {
    var session = try Self.session(["scene one-home", "host stun 203.0.113.50", "serve stun stun"])
    try Self.run("stun alice behavior", in: &session)
    let event = try #require(try Self.run("run", in: &session).activity?.events.last)
    #expect(event.event == "failed" && event.data["reason"]?.text == "no-other-address")
  }

  @Test(
    arguments: [
      (["stun alice via bob"], "does-not-serve"), (["stop stun", "stun alice"], "no-server"),
      (["serve bob stun", "stun alice"], "several-servers"), (["listen alice 5000", "stun home-a"], nil),
    ] as [([String], String?)])
  func withoutAServerThereIsAReason(lines: [String], word: String?) throws {
    var session = try Self.session(Self.town + lines.dropLast())
    let before = session.network.nextPacketNumber
    do throws(any Error) {
      try Self.run(lines[lines.count - 1], in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == word)
    } catch SessionError.syntax {
      #expect(word == nil)
    }
    #expect(session.network.nextPacketNumber == before)
  }
}
