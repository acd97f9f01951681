// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// Conditions after commands: whether they are met, and what is said if they are not.
struct ConditionTests {
  static let start = "scene one-home"
  static let call = "send alice:5000 bob:4000 hello; run"
  static let meet = "scene call; stun alice; run"

  /// The commands, the condition, and whether it is met.
  static let table: [(String, String, Bool)] = [
    (call, "hop: {node: home-a, verdict: translated}", true),
    (call, "hop: {node: HOME-A, mapping_change: created, new_source: \"49.36.10.25:62000\"}", true),
    (call, "hop: {node: home-a, new_source: 49.36.10.25}", true),
    (call, "hop: {node: home-a, new_source: home-a}", true),
    (call, "hop: {node: home-a, new_source: \"home-a:62001\"}", false),
    (call, "hop: {verdict: dropped}", false),
    (call, "hop: {node: internet, ttl: \"< 63\", length: 33}", true),
    (call, "hop: {source: alice, count: 4}", true),
    (call, "hop: {source: \"alice:5000\", count: \">= 4\"}", true),
    (call, "hop: {source: \"alice:5001\"}", false),
    (call, "delivered: {to: bob, from: \"49.36.10.25:62000\", text: hello}", true),
    (call, "delivered: {to: \"bob:4000\", from: alice}", true),
    (call, "delivered: {to: \"bob:4001\"}", false),
    (call, "delivered: {to: bob, text: hell}", false),
    (call, "delivered: {to: alice}", false),
    (call, "delivered: {to: 88.90.100.110, protocol: udp}", true),
    (call, "delivered: {to: bob, count: \"> 1\"}", false),
    (call, "delivered: {to: bob, count: \"<= 1\"}", true),
    (call, "delivered: {to: alice, count: 0}", true),
    (
      call, "mapping: {router: home-a, internal: \"alice:5000\", external: \"49.36.10.25:62000\", permitted: bob}", true
    ),
    (call, "mapping: {router: home-a, permitted: \"bob:4001\"}", false),
    (call, "mapping: {permitted: \"*\"}", false),
    ("set home-a preset full-cone; \(call)", "mapping: {permitted: \"*\"}", true),
    ("set home-a preset full-cone; \(call)", "mapping: {permitted: \"bob:1\"}", true),
    ("set home-a preset symmetric; \(call)", "mapping: {remote: \"bob:4000\", static: no}", true),
    ("forward home-a 80 to alice:80", "mapping: {static: yes, external: \"home-a:80\"}", true),
    ("\(call); wait 5m", "mapping: {router: home-a}", false),
    ("\(call); wait 5m", "mapping: {router: home-a, expired: yes}", true),
    (call, "mapping: {router: home-a, expired: yes}", false),
    ("wait 5m", "clock: \">= 5m\"", true),
    ("wait 5m; \(call)", "delivered: {to: bob, clock: \">= 5m\"}", true),
    ("\(call); wait 5m", "delivered: {to: bob, clock: \">= 5m\"}", false),
    ("\(call); wait 5m", "hop: {node: home-a, clock: \"< 1s\"}", true),
    ("\(call)", "unchanged: home-a", true), ("set home-a filtering eif", "unchanged: home-a", false),
    ("set home-a filtering eif; undo", "unchanged: home-a", true), ("map", "unchanged: nobody", false),
    ("wait 299s", "clock: \">= 5m\"", false),
    ("reset; wait 10s", "clock: \"> 9s\"", true),
    ("reset; host carol; host dave; send carol dave; run", "delivered: {to: dave}", true),
    ("\(call); undo 2", "delivered: {to: bob}", false),
    ("host carol behind home-a", "device: {name: carol, kind: host, behind: home-a}", true),
    ("host carol", "device: {name: carol, behind: home-a}", false),
    ("host carol", "device: {kind: host, count: 3}", true),
    ("remove alice", "not: {device: {name: alice}}", true),
    ("map", "device: {address: 192.168.1.10, name: alice}", true),
    ("set home-a filtering eif", "setting: {device: home-a, filtering: endpoint-independent}", true),
    ("set home-a filtering endpoint-independent", "setting: {device: home-a, filtering: eif}", true),
    ("set home-a udp-timeout 60s", "setting: {device: home-a, udp-timeout: 1m}", true),
    ("set home-a hairpinning on", "setting: {device: home-a, hairpinning: on}", true),
    ("map", "setting: {device: home-a, hairpinning: on}", false),
    ("map", "setting: {device: nobody, hairpinning: off}", false),
    ("table", "looked: table", true),
    ("tables", "looked: table", true),
    ("map", "looked: table", false),
    (call, "any: [{delivered: {to: alice}}, {delivered: {to: bob}}]", true),
    (call, "all: [{delivered: {to: alice}}, {delivered: {to: bob}}]", false),
    (call, "not: [{delivered: {to: alice}}, {delivered: {to: bob}}]", false),
    (call, "not: [{delivered: {to: alice}}, {looked: why}]", true),
    ("ping alice bob; run", "delivered: {to: alice, icmp: echo-reply}", true),
    ("connect alice bob; run", "delivered: {to: bob, flags: syn}", true),
    ("\(call); send bob:4000 home-a:62000; run", "order: [{delivered: {to: bob}}, {delivered: {to: alice}}]", true),
    (call, "order: [{delivered: {to: bob}}, {hop: {node: home-a}}]", false),
    ("\(call); wait 5m", "mapping: {router: home-a, expired: no}", false),
    (meet, "event: {host: alice, program: stun-client, event: mapped-address, mapped: \"49.36.10.25:62000\"}", true),
    (meet, "event: {event: mapped-address, mapped: home-a, server: server}", true),
    (meet, "event: {host: ALICE, event: mapped-address, mapped: 49.36.10.25}", true),
    (meet, "event: {event: mapped-address, mapped: \"49.36.10.25:62001\"}", false),
    (meet, "event: {event: mapped-address, mapped: \"home-b:62000\"}", false),
    (meet, "event: {host: bob, event: mapped-address}", false),
    (meet, "event: {event: mapped-address, count: 2}", false),
    (meet, "event: {event: mapped-address, local: none}", false),
    ("scene call; stun alice", "event: {event: mapped-address}", false),
    ("\(meet); reset", "event: {event: mapped-address}", false),
    ("\(meet); undo 2", "event: {event: mapped-address}", false),
    ("\(meet); undo", "event: {event: mapped-address}", false),
    ("scene call; punch alice bob; run", "event: {program: punch, event: probe, number: \">= 1\", host: bob}", true),
    ("scene call; punch alice bob; run", "event: {program: punch, event: probe, number: \"> 1\"}", false),
    ("scene call; punch alice bob; run", "event: {program: punch, event: open, direction: both, count: 2}", true),
    ("scene call", "program: {host: server, program: stun-server, state: serving}", true),
    ("scene call", "program: {host: server, program: stun-server, port: 3478}", true),
    ("scene call", "program: {host: alice, program: stun-server}", false),
    ("scene call; stop server", "program: {program: stun-server, state: serving}", false),
    ("scene call; serve bob echo 7", "program: {state: serving, count: 4}", true),
    ("matrix symmetric home", "matrix: {a: symmetric, b: home, result: none}", true),
    ("matrix symmetric home", "matrix: {a: home, b: symmetric}", true),
    ("matrix symmetric home", "matrix: {b: home, result: none}", true),
    ("matrix symmetric home", "matrix: {a: symmetric, b: home, result: punched}", false),
    ("matrix home linux", "matrix: {a: symmetric}", false),
    ("matrix home home; matrix home home", "matrix: {a: home, b: home, count: 1}", true),
    ("matrix presets", "matrix: {result: none, a: symmetric, count: \">= 1\"}", true),
    ("scene call; stop server", "program: {host: server, program: stun-server, state: stopped}", true),
    ("send alice bob; matrix symmetric home; undo", "matrix: {a: symmetric, b: home}", true),
  ]

  @Test(arguments: table) func aConditionIsCheckedInTheNetwork(
    commands: String, condition: String, holds: Bool
  ) throws {
    var rehearsal = Rehearsal(catalog: Fixture.catalog)
    try rehearsal.run(Lesson.Located(Self.start, line: 1))
    // Packets from before the step do not count.
    try rehearsal.run(Lesson.Located("send bob:3999 alice hello; run", line: 1))
    try rehearsal.run(Lesson.Located("wait 1h", line: 1))
    rehearsal.beginStep()
    for line in commands.split(separator: ";") {
      try rehearsal.run(Lesson.Located("\(line)", line: 1))
    }
    var reader = ConditionReader()
    let yaml = try #require(try YAMLValue.read(condition, offset: 0))
    let conditions = reader.conditions(yaml)
    #expect(reader.problems.map(\.message) == [])
    #expect(rehearsal.context.hold(conditions) == holds)
    #expect(rehearsal.context.missing(conditions).isEmpty == holds)
  }

  /// The commands, the condition, and the words for it while it is not fulfilled, or after `✓` once it is.
  static let words: [(String, String, String)] = [
    (
      "scene call", "event: {host: alice, program: stun-client, event: mapped-address, mapped: \"49.36.10.25:62000\"}",
      "no 'mapped-address', mapped 49.36.10.25:62000 has been told by stun-client on alice yet"
    ),
    (
      meet, "event: {host: alice, event: mapped-address}",
      "✓ alice's stun-client: is seen as 49.36.10.25:62000 by 203.0.113.50:3478"
    ),
    (
      "scene call", "program: {host: alice, program: stun-server, state: serving}",
      "there is no stun-server on alice in the state serving yet"
    ),
    ("scene call", "program: {host: server, program: stun-server}", "✓ stun-server on server is in the state serving"),
    (
      "map", "matrix: {a: symmetric, b: home, result: none}",
      "no pair of symmetric and home with the result none has been tried with `matrix` yet"
    ),
    ("matrix home symmetric", "matrix: {a: symmetric, b: home}", "✓ symmetric and home: none"),
    (
      "map", "mapping: {router: home-a, internal: \"alice:5000\", packets_out: \">= 3\", static: no}",
      "there is no row in home-a's table for alice:5000 through which at least 3 packets have gone out yet"
    ),
    ("map", "mapping: {router: home-a, expired: yes}", "no row in home-a's table has timed out yet"),
    (
      "map", "hop: {node: home-a, verdict: dropped, reason: filtered, source: bob, protocol: udp, count: 2}",
      "it takes 2 of these: UDP packet from bob, dropped at home-a (reason: filtered); so far there are 0"
    ),
    (
      "map", "measured: {command: crowd, path: via, users: \">= 1000\", lost: 0, server_in: \">= 2gbit\"}",
      "no crowd through a server of at least 1,000 users without loss with at least 2,000 Mbit/s into the server has "
        + "been measured yet"
    ),
    (
      "map", "device: {name: carol, kind: host, behind: home-a}", "there is no host called carol behind home-a yet"
    ),
  ]

  @Test(arguments: words) func aConditionIsSaidInWords(
    commands: String, condition: String, wanted: String
  ) throws {
    var rehearsal = Rehearsal(catalog: Fixture.catalog)
    for line in [Self.start] + commands.split(separator: ";").map(String.init) {
      try rehearsal.run(Lesson.Located(line, line: 1))
    }
    var reader = ConditionReader()
    let conditions = reader.conditions(try #require(try YAMLValue.read(condition, offset: 0)))
    let missing = rehearsal.context.missing(conditions)
    let said = missing.isEmpty ? rehearsal.context.shown(conditions).map { "✓ " + $0 } : missing
    #expect(said == [wanted])
  }

  /// Every key of every condition can be read, and is matched by something.
  @Test func theTableOfConditionsHasEachWordAndEachKeyOnce() {
    let words = Condition.subjects.map { $0.word }
    #expect(Set(words).count == words.count)
    for subject in Condition.subjects {
      let keys = Self.keys(of: subject)
      #expect(Set(keys).count == keys.count && !keys.contains("count") && !keys.contains("ask") && keys.count >= 2)
    }
  }

  private static func keys<Subject: ConditionSubject>(of subject: Subject.Type) -> [String] {
    Subject.fields.map(\.key)
  }
}
