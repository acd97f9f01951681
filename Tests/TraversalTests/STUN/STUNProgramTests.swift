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

  static func finding(_ lines: [String]) throws -> (EventReport, events: [EventReport]) {
    var session = try session(lines)
    let events = try #require(try run("run", in: &session).activity?.events)
    return (try #require(events.last { $0.event == "behavior" }), events)
  }

  /// Every request is repeated before its answer comes, and every repetition is answered: nothing is lost.
  @Test(arguments: [260, 300, 900, 4_000]) func aLongWayIsNotTakenForABadOne(milliseconds: Int) throws {
    let (found, events) = try Self.finding(
      Self.town + ["set alice delay \(milliseconds)ms", "stun alice:5000 behavior"])
    #expect(found.data["lossy"] == .flag(false))
    #expect(!events.contains { $0.data["uncertain"] == .flag(true) || $0.words?.contains("lost") == true })
    #expect(found.data["mapping"]?.text == "endpoint-independent")
    #expect(found.data["filtering"]?.text == "address-and-port-dependent")
  }

  /// What is said about loss is what has happened, whether the way is long or short.
  @Test(arguments: 1...12, [0, 300]) func lossIsSaidWhereAnAnswerIsMissing(seed: Int, milliseconds: Int) throws {
    var session = try Self.session(
      ["seed \(seed)"] + Self.town
        + ["set alice delay \(milliseconds)ms", "set alice loss 15%", "stun alice:5000 behavior"])
    let events = try #require(try Self.run("run", in: &session).activity?.events)
    guard let found = events.last(where: { $0.event == "behavior" }) else { return }
    // A transaction that was answered has missed an answer if a packet of it was lost.
    var packets: [STUNMessage.TransactionID: (sent: Int, answers: Int)] = [:]
    let trace = session.network.trace
    for number in 1...trace.packetCount {
      guard let record = trace.packet(number), let bytes = record.packet.payload.bytes,
        let message = try? STUNMessage(decoding: bytes[...])
      else { continue }
      if message.kind == .request { packets[message.transaction, default: (0, 0)].sent += 1 }
      if message.kind == .success, record.state == .delivered {
        packets[message.transaction, default: (0, 0)].answers += 1
      }
    }
    let isLossy = packets.values.contains { $0.answers > 0 && $0.answers < $0.sent }
    #expect(found.data["lossy"] == .flag(isLossy), "\(packets.values)")
    #expect(found.words?.contains("silence proves little") == isLossy)
  }

  /// A row for each destination, all with the host's port: nobody outside can tell, so nobody says it is certain.
  @Test(
    arguments: [
      (["set home-a mapping apdm", "set home-a ports overload"], "kept-port"),
      (["set home-a preset linux"], "kept-port"),
      (["set home-a ports preserve"], "kept-port"), ([], "none"), (["set home-a mapping apdm"], "none"),
    ] as [([String], String)])
  func whatCannotBeKnownIsSaid(settings: [String], doubt: String) throws {
    let (found, _) = try Self.finding(Self.town + settings + ["stun alice:5000 behavior"])
    #expect(found.data["doubts"] == .list(doubt == "none" ? [] : [.text(doubt)]))
    #expect(found.words?.contains("a row for each destination") == (doubt != "none"))
  }

  @Test func aServerThatIsNotOutsideLeavesDoubts() throws {
    let inside = ["scene one-home", "host nas 192.168.1.53 behind home-a", "serve nas stun alternate 192.168.1.54"]
    let (found, _) = try Self.finding(inside + ["stun alice behavior"])
    #expect(found.data["doubts"] == .list([.text("inside-server")]))
    #expect(found.words?.contains("this side of the router") == true)
    let half = [
      "router isp 49.36.10.25 lan 100.64.0.0/10", "router home 100.64.0.10 lan 192.168.1.0/24 behind isp",
      "host alice 192.168.1.10 behind home", "host stun 100.64.0.53 behind isp",
      "serve stun stun alternate 100.64.0.54",
    ]
    let (measured, _) = try Self.finding(half + ["stun alice behavior"])
    #expect(measured.data["doubts"] == .list([.text("private-mapping")]))
    var plan = BehaviorDiscovery(
      server: Endpoint(IPAddress(ipv4: 0x3124_0A19), 3_478), local: Endpoint(IPAddress(ipv4: 0xC0A8_010A), 5_000))
    let answer = BehaviorDiscovery.Answer.mapped(
      Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000), other: Endpoint(IPAddress(ipv4: 0x3124_0A1A), 3_479))
    for test in [BehaviorDiscovery.Test.reachable, .filteringII] { _ = plan.next(after: test, answer) }
    guard case .found(let findings) = plan.next(after: .mappingII, answer) else {
      Issue.record("not finished")
      return
    }
    #expect(findings.doubts == [.hairpinned] && findings.mapping == .endpointIndependent)
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
