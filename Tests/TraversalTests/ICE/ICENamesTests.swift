// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Candidates behind names of multicast DNS: who can resolve them, and what that changes.
@Suite struct ICENamesTests: CommandSuite {
  private static func agents(_ lines: [String]) throws -> (session: Session, agents: [ICEReport.Agent]) {
    var session = try session(lines + ["ice alice bob mdns", "run"])
    let report = try #require(try run("ice", in: &session).content as? ICEReport)
    return (session, report.agents)
  }

  private static let server = ["host server 203.0.113.50", "serve server stun", "serve server turn"]
  private static let oneHome =
    ["scene one-home", "remove bob", "host bob behind home-a", "host carol behind home-a"] + server

  private static func events(_ name: String, in session: Session) -> [ProgramEvent] {
    session.network.trace.events(from: 1).filter { $0.name == name }
  }

  @Test func neighboursResolveEachOtherAndTalkDirectly() throws {
    let (session, agents) = try Self.agents(Self.oneHome)
    #expect(agents.map(\.path) == ["direct", "direct"])
    #expect(Self.events("resolved", in: session).count == 2 && Self.events("unresolved", in: session).isEmpty)
    for agent in agents {
      #expect(agent.pairs.first { $0.isNominated }?.remote.hasPrefix("192.168.1.") == true)
      let named = agent.candidates.filter { $0.name != nil }
      #expect(named.map(\.isRemote).sorted { !$0 && $1 } == [false, true])
      #expect(named.allSatisfy { $0.why == nil && $0.name?.count == 42 && $0.name?.hasSuffix(".local") == true })
    }
  }

  @Test func inTwoHomesTheNameIsWorthNothingAndNothingIsLost() throws {
    let lines = ["scene two-homes"] + Self.server
    let (session, agents) = try Self.agents(lines)
    var open = try Self.session(lines + ["ice alice bob", "run"])
    let others = try #require(try Self.run("ice", in: &open).content as? ICEReport).agents
    #expect(agents.map(\.path) == ["punched", "punched"] && others.map(\.path) == ["punched", "punched"])
    #expect(Self.events("resolved", in: session).isEmpty && Self.events("unresolved", in: session).count == 2)
    for agent in agents {
      #expect(!agent.pairs.contains { $0.remote.hasPrefix("192.168.") })
      let unknown = try #require(agent.candidates.first { $0.isRemote && $0.why != nil })
      #expect(unknown.address.contains(".local:") && unknown.why?.contains("nobody on this network") == true)
    }
    // Without names there is a pair for it, which comes to nothing.
    #expect(others.allSatisfy { $0.pairs.contains { $0.remote.hasPrefix("192.168.") && $0.state != "succeeded" } })
  }

  @Test func theQuestionEndsAtTheRouterAndReachesNoBystander() throws {
    let (session, _) = try Self.agents(Self.oneHome)
    let trace = session.network.trace
    let questions = (1...trace.packetCount).filter { number in
      trace.packet(number)?.packet.destination == Endpoint(IPAddress(ipv4: 0xE000_00FB), 5_353)
    }
    #expect(questions.count >= 2)
    for number in questions {
      let hops = trace.hops(ofPacket: number)
      let names = hops.filter { $0.verdict != .sent }.map { session.network.device($0.node).name }
      #expect(names.contains("home-a") && !names.contains("carol") && !names.contains("internet"))
      #expect(hops.first { $0.verdict == .dropped }?.reason == .invalid)
      #expect(hops.count { $0.verdict == .delivered } == 1)
    }
  }

  /// Neither the addresses nor anything made from them is told to the server, or through it to the other end.
  @Test(arguments: [["scene two-homes"] + server, oneHome]) func noOwnAddressIsTold(lines: [String]) throws {
    let (session, _) = try Self.agents(lines)
    let trace = session.network.trace
    var told = 0
    for number in 1...trace.packetCount {
      guard let packet = trace.packet(number)?.packet, let bytes = packet.payload.bytes,
        let message = SignalMessage(decoding: bytes[...])
      else { continue }
      guard case .tell(_, let letter) = message else { continue }
      told += 1
      #expect(!letter.body.contains("192.168.") && letter.body.contains(".local "), "\(letter.body)")
      for host in ["alice", "bob"] {
        let own = try #require(session.network.device(named: host).map { session.network.addresses(of: $0.id) }?.first)
        let base = Endpoint(own, 1)
        #expect(!letter.body.contains(ICECandidate(.host, base, base: base).foundation))
      }
    }
    #expect(told >= 2)
  }

  @Test func aHostWithoutANATTellsWhatTheServerSaw() throws {
    let (_, agents) = try Self.agents(["host alice 88.90.1.1", "host bob 88.90.2.1"] + Self.server)
    #expect(agents.map(\.path) == ["direct", "direct"])
  }

  @Test func whyNamesTheRuleOfTheGroup() throws {
    var session = try Self.session("scene two-homes", "send alice 224.0.0.251:5353", "run")
    let why = try #require(try Self.run("why", in: &session).content as? WhyReport)
    #expect(why.hop.node == "home-a" && why.hop.reason == .invalid)
  }

  @Test func withIPv6BothFamiliesAreAskedAndAnswered() throws {
    let (session, agents) = try Self.agents([
      "scene call-ipv6", "remove bob", "host bob 192.168.1.25 2001:db8:a1::25 behind home-a",
    ])
    #expect(agents.map(\.path) == ["direct", "direct"])
    #expect(Self.events("resolved", in: session).count == 4)
  }
}

/// The messages of multicast DNS.
struct MDNSMessageTests {
  static let messages: [MDNSMessage] = [
    MDNSMessage(.query(["a.local"])), MDNSMessage(.query(["3f2a9c1e-0000-4000-8000-000000000001.local", "b.local"])),
    MDNSMessage(.response([.init(name: "a.local", address: IPAddress(ipv4: 0xC0A8_010A))])),
    MDNSMessage(
      .response([
        .init(name: "a.local", address: IPAddress(ipv4: 1)),
        .init(name: "b.local", address: IPAddress(uncheckedHigh: 0x2001_0DB8_0000_0000, low: 5)),
      ])),
  ]

  @Test(arguments: messages) func whatWasWrittenIsReadBack(message: MDNSMessage) {
    #expect(MDNSMessage(decoding: message.encoded()[...]) == message)
  }

  /// As RFC 1035 §4.1 writes it.
  @Test func aQuestionHasTheFormatOfDNS() {
    let question: [UInt8] = [1, 97, 5, 108, 111, 99, 97, 108, 0]
    #expect(
      MDNSMessage(.query(["a.local"])).encoded()
        == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0] + question + [0, 1, 0x80, 1] + question + [0, 28, 0x80, 1])
  }

  @Test func aNameMayPointToAnEarlierOne() throws {
    let answer: [UInt8] = [1, 98, 0xC0, 14, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 10, 0, 0, 1]
    let bytes: [UInt8] =
      [0, 0, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0] + [1, 97, 5, 108, 111, 99, 97, 108, 0, 0, 1, 0, 1] + answer
    #expect(
      MDNSMessage(decoding: bytes[...])?.content
        == .response([.init(name: "b.local", address: IPAddress(ipv4: 0x0A00_0001))]))
  }

  static let wrong: [[UInt8]] = [
    [], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    // A question that is not there, one that ends early, one about itself, one of another type alone.
    [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 97],
    [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1],
    [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0, 0, 16, 0, 1],
    // A length that does not fit an address, and one beyond the end.
    [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3],
    [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3],
  ]

  @Test(arguments: wrong) func bytesThatAreNotAMessageAreNotRead(bytes: [UInt8]) {
    #expect(MDNSMessage(decoding: bytes[...]) == nil)
  }

  @Test func noBytesCrashTheProgram() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<4_000 {
      var bytes = Self.messages[round % Self.messages.count].encoded()
      for _ in 0..<1 + generator.below(4) {
        bytes[Int(generator.below(UInt64(bytes.count)))] = UInt8(generator.below(256))
      }
      if generator.below(3) == 0 { bytes.removeLast(Int(generator.below(UInt64(bytes.count)))) }
      if let message = MDNSMessage(decoding: bytes[...]) { #expect(!message.encoded().isEmpty) }
    }
  }
}
