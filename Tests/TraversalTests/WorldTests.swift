// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Worlds side by side: kept, entered, compared and undone.
@Suite struct WorldTests: CommandSuite {
  private static func comparison(_ line: String, _ session: inout Session) throws -> WorldComparison {
    try #require(try run(line, in: &session).content as? WorldComparison)
  }

  @Test func oneSettingChangedIsSeenHopByHop() throws {
    var session = try Self.session([
      "scene two-homes", "send alice:5000 88.90.100.110:62000", "run", "fork open-door", "set home-b filtering eif",
      "send bob:4000 203.0.113.9:1", "send alice:5000 88.90.100.110:62000", "run", "switch main",
      "send bob:4000 203.0.113.9:1", "send alice:5000 88.90.100.110:62000", "run",
    ])
    let found = try Self.comparison("compare open-door", &session)
    #expect(found.here == "main" && found.there == "open-door")
    #expect(
      found.settings.map { "\($0.device) \($0.property) \($0.here ?? "-") \($0.there ?? "-")" } == [
        "home-b filtering address-and-port-dependent endpoint-independent"
      ])
    // The first packet and the one to nobody fared the same; alice's second one got in there.
    #expect(found.packets.map(\.packet) == [3] && found.alike == 2)
    #expect(found.packets.first?.here?.outcome == "dropped at home-b: filtered")
    #expect(found.packets.first?.there?.outcome == "delivered to bob")
    #expect(found.packets.first?.here?.apart?.hasPrefix("home-b dropped") == true)
  }

  @Test func aWorldGoesOnFromWhereItWasLeft() throws {
    var session = try Self.session(["scene one-home", "send alice bob", "step", "fork", "run"])
    let there = session.clock
    try Self.run("switch main", in: &session)
    #expect(session.clock < there && session.packetsInFlight == 1)
    try Self.run("run", in: &session)
    #expect(session.clock == there)
    let found = try Self.comparison("compare", &session)
    #expect(found.settings.isEmpty && found.packets.isEmpty && found.alike == 1)
    try Self.run("undo 3", in: &session)
    // Back in the copy, before it ran.
    #expect(session.network.worlds.current == "world-2" && session.packetsInFlight == 1)
    try Self.run("undo", in: &session)
    #expect(session.network.worlds.names == ["main"])
    try Self.run("redo 4", in: &session)
    #expect(session.network.worlds.names == ["main", "world-2"] && session.network.worlds.current == "main")
  }

  @Test func withoutANameTheWorldLeftLastIsCompared() throws {
    var session = try Self.session(["scene one-home", "fork a", "fork b", "switch main", "switch a"])
    #expect(try Self.comparison("compare", &session).there == "main")
    try Self.run("undo", in: &session)
    #expect(try Self.comparison("compare", &session).there == "b")
  }

  @Test(
    arguments: [
      ("fork MAIN", "name-taken"), ("switch other", "no-such-world"), ("compare other", "no-such-world"),
      ("compare", "only-one-world"),
    ])
  func mistakes(line: String, word: String) throws {
    var session = try Self.session(["scene one-home"])
    do throws(any Error) {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == word)
    }
    #expect(session.network.worlds.names == ["main"])
  }
}
