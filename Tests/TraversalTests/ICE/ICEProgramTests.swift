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

  static func events(_ lines: [String]) throws -> [EventReport] {
    var session = try STUNProgramTests.session(lines + ["ice alice bob"])
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
