// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Two ends over simulated packets, and the way that they find.
struct ICEProgramTests {
  static func town(_ a: [String], _ b: [String], turn: Bool = true) -> [String] {
    ["scene two-homes"] + a.map { "set home-a \($0)" } + b.map { "set home-b \($0)" }
      + ["host server 203.0.113.50", "serve server stun"] + (turn ? ["serve server turn"] : [])
  }

  static func events(
    _ lines: [String], from one: String = "alice", to other: String = "bob"
  ) throws -> [EventReport] {
    var session = try STUNProgramTests.session(lines + ["ice \(one) \(other)"])
    return try #require(try STUNProgramTests.run("run", in: &session).activity?.events)
  }

  static let cases: [(a: [String], b: [String], path: String)] = [
    (["preset full-cone"], ["preset full-cone"], "punched"),
    (["preset port-restricted-cone"], ["preset port-restricted-cone"], "punched"),
    (["preset symmetric"], ["preset full-cone"], "punched"),
    (["preset symmetric"], ["preset port-restricted-cone"], "relayed"),
    (["preset symmetric"], ["preset symmetric"], "relayed"),
    (["preset linux"], ["preset linux"], "punched"),
    (["preset symmetric"], ["preset cgnat"], "punched"),
  ]

  @Test(arguments: cases) func theWayIsTheOneThatTheRoutersAllow(a: [String], b: [String], path: String)
    throws
  {
    let events = try Self.events(Self.town(a, b))
    for host in ["alice", "bob"] {
      let selected = try #require(events.last { $0.host == host && $0.event == "selected" }, "\(host) selected nothing")
      #expect(selected.data["path"]?.text == path)
      // Data on the pair arrives.
      #expect(events.contains { $0.host == host && $0.event == "heard" })
    }
  }

  @Test func withoutARelayThereMayBeNoWay() throws {
    let events = try Self.events(Self.town(["preset symmetric"], ["preset symmetric"], turn: false))
    #expect(!events.contains { $0.event == "selected" })
    #expect(events.filter { $0.event == "failed" }.map(\.host).sorted() == ["alice", "bob"])
  }

  @Test func neighboursFindEachOtherWithoutLeavingTheirNetwork() throws {
    let events = try Self.events([
      "scene one-home", "host carol behind home-a", "remove bob", "host bob behind home-a", "host server 203.0.113.50",
      "serve server stun", "serve server turn",
    ])
    let selected = try #require(events.last { $0.event == "selected" })
    #expect(selected.data["path"]?.text == "direct" && selected.data["remote"]?.text.hasPrefix("192.168.") == true)
  }

  @Test func theCheckListCanBeSeenAtAnyTimeAndUndone() throws {
    var session = try STUNProgramTests.session(
      Self.town(["preset home"], ["preset home"]) + ["ice alice bob", "step 5"])
    var report = try #require(try STUNProgramTests.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.map(\.host) == ["alice", "bob"] && report.agents.allSatisfy { $0.path == nil })
    try STUNProgramTests.run("run", in: &session)
    report = try #require(try STUNProgramTests.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.allSatisfy { $0.path == "punched" && $0.state == "connected" })
    #expect(report.agents.allSatisfy { $0.pairs.filter(\.isNominated).count == 1 })
    try STUNProgramTests.run("undo", in: &session)
    report = try #require(try STUNProgramTests.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.allSatisfy { $0.path == nil })
  }

  private static let symmetric = ["scene call", "set home-a preset symmetric", "set home-b preset symmetric"]

  /// An end that begins again keeps the endpoint it has borrowed, or borrows another if its router has made a stranger
  /// of it (RFC 8445 §9, RFC 8656 §7.4, §8.3).
  @Test(
    arguments: [
      (["set bob loss 100%", "wait 40s", "set bob loss 0%", "wait 2m"], [:]),
      (["wait 10m", "set bob loss 100%", "wait 40s", "set bob loss 0%", "wait 2m"], [:]),
      (["reboot home-b", "wait 2m"], ["bob": 437]), (["renumber home-a", "wait 2m"], ["alice": 437]),
      (["reboot home-a", "reboot home-b", "wait 2m"], ["alice": 437, "bob": 437]),
    ] as [([String], [String: Int])])
  func aRelayOutlivesARestart(lines: [String], refusals: [String: Int]) throws {
    var session = try STUNProgramTests.session(Self.symmetric + ["ice alice bob", "run"])
    var events: [EventReport] = []
    for line in lines { events += try STUNProgramTests.run(line, in: &session).activity?.events ?? [] }
    #expect(Set(events.filter { $0.event == "restart" }.map(\.host)) == ["alice", "bob"])
    for host in ["alice", "bob"] {
      let codes = events.filter { $0.host == host && $0.event == "refused" && $0.data["code"] == .number(437) }
      #expect(codes.isEmpty == (refusals[host] == nil), "\(host)")
      #expect(events.last { $0.host == host && $0.event == "selected" }?.data["path"]?.text == "relayed", "\(host)")
    }
    let report = try #require(try STUNProgramTests.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.allSatisfy { $0.state == "connected" && $0.path == "relayed" })
  }

  /// What an earlier client has left behind at the same endpoint is released first.
  @Test func anAllocationLeftBehindIsNoHindrance() throws {
    var session = try STUNProgramTests.session(Self.symmetric)
    let alice = try #require(session.network.device(named: "alice")?.id)
    let server = try #require(session.network.device(named: "server")?.id)
    let (turn, rendezvous) = try (Self.port(of: "turn-server", session), Self.port(of: "rendezvous", session))
    let address = try #require(session.network.addresses(of: server).first)
    let servers = ICEProgram.Servers(
      stun: [], turn: Endpoint(address, turn), rendezvous: Endpoint(address, rendezvous))
    for number in 1...2 {
      let program = ICEProgram(
        .controlling, name: "alice", peer: "bob", servers: servers, port: 5_000, at: session.network.clock)
      let id = try session.network.start(program, on: alice)
      let limit = session.network.clock + .seconds(5)
      while session.network.step(until: limit) {}
      let agent = session.network.program(id, as: ICEProgram.self)?.agent
      #expect(agent?.locals.contains { $0.type == .relayed } == true, "\(number)")
      session.network.forget(id)
    }
  }

  private static func port(of program: String, _ session: Session) throws -> UInt16 {
    try #require(session.network.programs().first { $0.name == program }?.port)
  }

  /// An end with only IPv6 and one with only IPv4 have a relay in common: it lends addresses of both.
  @Test func theFamiliesMeetAtARelay() throws {
    let events = try Self.events(RelayTests.sixtyFour, from: "phone", to: "bob")
    for host in ["phone", "bob"] {
      let selected = try #require(events.last { $0.host == host && $0.event == "selected" }, "\(host)")
      #expect(selected.data["path"]?.text == "relayed")
      #expect(events.contains { $0.host == host && $0.event == "heard" })
    }
    let lent = events.filter { $0.host == "phone" && $0.event == "allocated" }.compactMap { $0.data["relayed"]?.text }
    #expect(lent.map { $0.hasPrefix("203.0.113.50:") } == [true, false])
  }

  /// RFC 8445 §7.3.1.4: nothing further is done about a pair that has succeeded, but for the check that chooses it.
  @Test(arguments: ["call", "call-ipv6", "call-cgnat"]) func aPairThatHasSucceededIsLeftAlone(scene: String) throws {
    let checks = try Self.events(["scene \(scene)"]).filter { $0.event == "check" }
    for host in ["alice", "bob"] {
      let states = checks.filter { $0.host == host }
      for pair in Set(states.compactMap { $0.data["pair"]?.text }) {
        let history = states.filter { $0.data["pair"]?.text == pair }.compactMap { $0.data["state"]?.text }
        #expect(history.count { $0 == "succeeded" } <= 2, "\(host) \(pair): \(history)")
        #expect(history.count { $0 == "in-progress" } <= 3, "\(host) \(pair): \(history)")
      }
    }
  }

  @Test func consentIsKeptAndItsLossRestartsTheChecks() throws {
    var session = try STUNProgramTests.session(
      Self.town(["preset home"], ["preset home"]) + ["ice alice bob", "run"])
    let quiet = try #require(try STUNProgramTests.run("wait 10m", in: &session).activity?.events)
    #expect(!quiet.contains { $0.event == "consent-lost" })
    // The routers forget all.
    try STUNProgramTests.run("set home-a preset home", in: &session)
    try STUNProgramTests.run("set home-b preset home", in: &session)
    let events = try #require(try STUNProgramTests.run("wait 2m", in: &session).activity?.events)
    #expect(events.contains { $0.event == "consent-lost" })
    #expect(Set(events.filter { $0.event == "selected" }.map(\.host)) == ["alice", "bob"])
    let report = try #require(try STUNProgramTests.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.allSatisfy { $0.state == "connected" })
  }
}
