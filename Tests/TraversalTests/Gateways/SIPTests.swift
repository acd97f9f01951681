// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Calls with SIP through NATs, with and without an application level gateway.
@Suite struct SIPTests: CommandSuite {
  /// What the two ends say of a call at its end.
  private static func outcome(_ line: String, in session: inout Session) throws -> [String] {
    try run(line, in: &session)
    let events = try #require(try run("run", in: &session).activity?.events)
    return events.filter { ["ended", "failed"].contains($0.event) }.map { event in
      "\(event.host) \(event.event) \(event.data.fields.map(\.value.text).joined(separator: " "))"
    }.sorted()
  }

  private static let good = ["alice ended 5 5", "bob ended 5 5"]

  @Test func betweenPublicHostsNothingIsNeeded() throws {
    var session = try Self.session("scene direct", "serve bob sip")
    for _ in 0..<2 { #expect(try Self.outcome("sip alice bob", in: &session) == Self.good) }
  }

  @Test func withoutAGatewayTheAnswerIsLost() throws {
    var session = try Self.session("scene sip-alg")
    #expect(try Self.outcome("sip alice bob", in: &session) == ["alice failed timed-out", "bob ended 0 0"])
    let answers = session.network.trace.hops(1...session.network.trace.hopCount).filter { $0.verdict == .dropped }
    #expect(!answers.isEmpty && answers.allSatisfy { $0.reason == .noMapping && $0.destination.port == 5_060 })
  }

  /// Nobody is busy for ever with a call that was never acknowledged.
  @Test func theNextCallIsTaken() throws {
    var session = try Self.session("scene sip-alg")
    _ = try Self.outcome("sip alice bob", in: &session)
    try Self.run("set home-a alg sip on", in: &session)
    #expect(try Self.outcome("sip alice bob", in: &session) == Self.good)
  }

  /// The header's way back works, and the text's does not: the voice of one is lost.
  @Test func withRportOneHearsNothing() throws {
    var session = try Self.session("scene sip-alg")
    #expect(try Self.outcome("sip alice bob rport", in: &session) == ["alice ended 5 0", "bob ended 5 5"])
    let lost = session.network.trace.hops(1...session.network.trace.hopCount).filter { $0.verdict == .dropped }
    #expect(lost.count == 5 && lost.allSatisfy { $0.reason == .privateDestination })
  }

  @Test(arguments: NATPreset.allCases.filter { $0 != .open }, ["", "rport"])
  func withAGatewayBothHear(preset: NATPreset, mode: String) throws {
    var session = try Self.session(
      "scene sip-alg", "set home-a preset \(preset.rawValue)", "set home-a alg sip on", "set alice ports bound")
    for _ in 0..<2 { #expect(try Self.outcome("sip alice bob \(mode)", in: &session) == Self.good) }
    #expect(session.network.trace.events(from: 1).filter { $0.name == "refused" }.isEmpty)
  }

  @Test(arguments: ["home", "linux", "symmetric"])
  func aTelephoneInsideIsCalled(preset: String) throws {
    let lines = [
      "router home-b 88.90.100.110 lan 192.168.0.0/24", "host bob 192.168.0.25 behind home-b", "host alice 45.10.20.30",
      "serve bob sip", "forward home-b udp 5060 to bob:5060",
    ]
    var session = try Self.session(lines)
    #expect(try Self.outcome("sip alice 88.90.100.110", in: &session) != Self.good)
    session = try Self.session(lines + ["set home-b preset \(preset)", "set home-b alg sip on"])
    #expect(try Self.outcome("sip alice 88.90.100.110", in: &session) == Self.good)
  }

  /// The body's length is right on both sides of the router.
  @Test func theLengthIsCorrected() throws {
    var session = try Self.session("scene sip-alg", "set home-a alg sip on", "sip alice bob")
    try Self.run("run", in: &session)
    let hops = try #require(try Self.run("packet 1", in: &session).content as? PacketReport).trace
    for hop in hops {
      let text = try #require(hop.text)
      let message = try #require(SIPMessage(.data(Array(text.utf8))))
      let body = message.body.reduce(0) { $0 + $1.utf8.count + 2 }
      #expect(message["Content-Length"] == "\(body)")
    }
    #expect(hops.first?.text != hops.last?.text)
  }

  @Test func aTelephoneTakesOneCallAtATime() throws {
    var session = try Self.session(
      "scene direct", "host carol 66.77.88.99", "serve bob sip", "sip alice bob", "run for 100ms")
    try Self.run("sip carol bob", in: &session)
    let events = try #require(try Self.run("run", in: &session).activity?.events)
    #expect(events.first { $0.host == "carol" }?.data["reason"]?.text == "486")
    #expect(events.contains { $0.host == "alice" && $0.event == "ended" })
  }

  @Test func messagesAreReadAsTheyAreWritten() throws {
    let text =
      "BYE sip:a@1.2.3.4 SIP/2.0\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=x\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n"
    let message = try #require(SIPMessage(.data(Array(text.utf8))))
    #expect(message.method == "BYE" && message.code == nil && message.about == "BYE" && message["cseq"] == "2 BYE")
    let (own, other) = (try #require(Endpoint("1.2.3.4:9")), try #require(Endpoint("5.6.7.8:9")))
    #expect(message.answerAddress(from: own)?.target == Endpoint("1.2.3.4:5060"))
    let elsewhere = try #require(message.answerAddress(from: other))
    #expect(elsewhere.target == Endpoint("5.6.7.8:5060") && elsewhere.via.hasSuffix(";received=5.6.7.8"))
    for text in ["", "BYE", "SIP/2.0 200 OK", "HTTP/1.1 200 OK\r\n\r\n", "X SIP/2.0\r\nVia\r\n: \r\n\r\n\r\n"] {
      let message = SIPMessage(.data(Array(text.utf8)))
      #expect(message?.answerAddress(from: own) == nil)
    }
  }
}
