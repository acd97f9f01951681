// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Lessons

/// Conditions after commands: whether they are met, and what is said if they are not.
struct ConditionTests {
  static let start = "scene one-home"
  static let call = "send alice:5000 bob:4000 hello; run"

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
}
