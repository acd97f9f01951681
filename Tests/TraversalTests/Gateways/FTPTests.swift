// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// FTP through NATs, with and without an application level gateway.
@Suite struct FTPTests: CommandSuite {
  /// What a client has got: its last event, and the data that came with it.
  private static func outcome(_ line: String, in session: inout Session) throws -> String {
    try run(line, in: &session)
    let events = try #require(try run("run", in: &session).activity?.events)
    let last = try #require(events.last { $0.program == "ftp-client" })
    let key = last.event == "listed" ? "bytes" : "reason"
    return "\(last.event) \(last.data[key]?.text ?? "")"
  }

  private static let listed = "listed \(FTPServer.listing.utf8.count)"

  @Test(
    arguments: [
      ("", "failed 425"), ("active", "failed 425"), ("active extended", "failed 425"), ("passive", listed),
      ("passive extended", listed),
    ])
  func withoutAGatewayOnlyPassiveWorks(mode: String, outcome: String) throws {
    var session = try Self.session("scene ftp-active")
    #expect(try Self.outcome("ftp alice files \(mode)", in: &session) == outcome)
  }

  @Test(arguments: NATPreset.allCases.filter { $0 != .open }, ["active", "active extended", "passive"])
  func withAGatewayAllWork(preset: NATPreset, mode: String) throws {
    for more in [[], ["set alice retransmission on", "set files retransmission on"], ["set alice ports bound"]] {
      var session = try Self.session(
        ["scene ftp-active", "set home-a preset \(preset.rawValue)", "set home-a alg ftp on"] + more)
      // The second time follows the first one's traces.
      for _ in 0..<2 { #expect(try Self.outcome("ftp alice files \(mode)", in: &session) == Self.listed) }
    }
  }

  /// Numbers that were not shifted would end here: both ends take data only in order, and wait for what is acknowledged.
  @Test func numbersAgreeAtBothEnds() throws {
    var session = try Self.session(
      "seed 7", "scene ftp-active", "set alice retransmission on", "set files retransmission on",
      "set home-a alg ftp on",
      "set files loss 20%")
    #expect(try Self.outcome("ftp alice files", in: &session) == Self.listed)
    #expect(session.network.trace.events(from: 1).contains { $0.name == "rewrote" })
    #expect(session.network.trace.events(from: 1).contains { $0.name == "retransmitted" })
  }

  @Test func theRouterTellsWhatItDid() throws {
    var session = try Self.session("scene ftp-active", "set home-a alg ftp on", "ftp alice files")
    let result = try Self.run("run", in: &session)
    let told = try #require(result.activity?.events.filter { $0.program == "alg" })
    #expect(told.map(\.event) == ["rewrote", "expects"] && told.allSatisfy { $0.host == "home-a" })
    #expect(told[0].data["before"]?.text.hasPrefix("PORT 192,168,1,10,") == true)
    #expect(told[0].data["after"]?.text.hasPrefix("PORT 88,90,100,110,") == true)
    let number = try #require(told[0].packet)
    // Before the router the text is one, behind it the other.
    let hops = try #require(try Self.run("packet \(number)", in: &session).content as? PacketReport).trace
    #expect(hops.map { $0.text?.contains("192,168") } == [true, true, false, false])
    #expect(hops[0].length != hops[1].length && hops[1].length == hops[3].length)
    let why = try #require(try Self.run("why \(number)", in: &session).content as? WhyReport)
    #expect(why.rewrites?.map(\.event) == ["rewrote", "expects"])
  }

  @Test func aServerInsideIsReached() throws {
    let lines = [
      "router home-a 49.36.10.25 lan 192.168.1.0/24", "host nas 192.168.1.80 behind home-a", "host bob 88.90.100.110",
      "serve nas ftp", "forward home-a tcp 21 to nas:21",
    ]
    for mode in ["passive", "passive extended"] {
      var session = try Self.session(lines)
      #expect(try Self.outcome("ftp bob 49.36.10.25 \(mode)", in: &session) != Self.listed)
      for preset in ["home", "linux", "symmetric"] {
        session = try Self.session(lines + ["set home-a preset \(preset)", "set home-a alg ftp on"])
        #expect(try Self.outcome("ftp bob 49.36.10.25 \(mode)", in: &session) == Self.listed)
      }
    }
  }

  /// Behind two NATs both must read: the inner one's words are the outer one's inside.
  @Test func eachNATNeedsItsGateway() throws {
    let lines = [
      "router isp 49.36.10.25 lan 100.64.0.0/10", "router home-a 100.64.0.10 lan 192.168.1.0/24 behind isp",
      "host alice 192.168.1.10 behind home-a", "host files 203.0.113.50", "serve files ftp",
    ]
    for (inner, outer) in [(true, true), (true, false), (false, true)] {
      var session = try Self.session(
        lines + ["set home-a alg ftp \(inner ? "on" : "off")", "set isp alg ftp \(outer ? "on" : "off")"])
      #expect(try Self.outcome("ftp alice files", in: &session) == (inner && outer ? Self.listed : "failed 425"))
    }
  }

  @Test func undoAndAReplayAgree() throws {
    var session = try Self.session("scene ftp-active", "set home-a alg ftp on", "ftp alice files")
    let first = try Self.run("run", in: &session).activity?.hops.count
    let table = try #require(session.network.device(named: "home-a").flatMap { session.network.router($0.id) }).nat
      .mappings
    try Self.run("undo", in: &session)
    #expect(try Self.run("run", in: &session).activity?.hops.count == first)
    let again = try #require(session.network.device(named: "home-a").flatMap { session.network.router($0.id) }).nat
      .mappings
    #expect(again == table)
  }

  @Test func aTypedCommandIsReadAsWell() throws {
    var session = try Self.session(
      "scene one-home", "set home-a alg ftp on", "connect alice:50000 bob:21", "run",
      "send alice:50000 bob:21 tcp \"PORT 192,168,1,10,19,136\"", "run", "connect bob:20 49.36.10.25:62001")
    let hops = try #require(try Self.run("run", in: &session).activity?.hops)
    #expect(hops.contains { $0.node == "alice" && $0.destination.description == "192.168.1.10:5000" })
  }

  @Test func theSwitchesAreIndependent() throws {
    var session = try Self.session("scene one-home")
    func value() -> String? { session.setting("alg", of: "home-a")?.description }
    #expect(value() == "off")
    for (line, shown) in [
      ("set home-a alg ftp on", "ftp on"), ("set home-a alg sip on", "sip on ftp on"),
      ("set home-a preset linux", "sip on ftp on"), ("set home-a alg FTP OFF", "sip on"),
      ("set home-a alg ftp on sip off", "ftp on"), ("set home-a alg off", "off"), ("undo", "ftp on"),
    ] {
      try Self.run(line, in: &session)
      #expect(value() == shown, "\(line)")
    }
  }

  @Test(
    arguments: [
      "set home-a alg", "set home-a alg on", "set home-a alg ftp", "set home-a alg ftp maybe", "set home-a alg http on",
      "set home-a alg off on", "set home-a alg ftp on off", "set home-a alg ftp on ftp off",
      "set home-a alg off sip on",
      "set home-a alg ftp on sip on ftp", "ftp alice", "ftp home-a alice", "ftp alice bob sideways", "sip alice",
      "ftp alice nobody",
    ])
  func mistakesChangeNothing(line: String) throws {
    var session = try Self.session("scene one-home", "set home-a alg sip on")
    #expect(throws: (any Error).self) { try Self.run(line, in: &session) }
    #expect(session.setting("alg", of: "home-a")?.description == "sip on")
    #expect(session.network.trace.packetCount == 0)
  }

  @Test func ipv6NeedsTheExtendedWords() throws {
    var session = try Self.session("host a 2001:db8:1::1", "host b 2001:db8:2::1", "serve b ftp")
    #expect(throws: (any Error).self) { try Self.run("ftp a b", in: &session) }
    for mode in ["active", "passive"] {
      #expect(try Self.outcome("ftp a b \(mode) extended", in: &session) == Self.listed)
    }
  }

  @Test func nobodyThere() throws {
    var session = try Self.session("scene one-home")
    #expect(try Self.outcome("ftp alice bob", in: &session).hasPrefix("failed timed-out"))
    try Self.run("set bob ports bound", in: &session)
    #expect(try Self.outcome("ftp alice bob:2121", in: &session) == "failed closed")
  }
}
