// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Lessons are checked against what programs say that they tell, so they must say all of it.
@Suite struct ToldEventsTests: CommandSuite {
  /// Commands that bring many kinds of events about.
  static let scripts = [
    ["scene call", "stun alice", "run", "stun bob behavior", "run"],
    ["scene call", "stun alice", "stop server", "run"],
    ["scene call", "punch alice bob", "run"], ["scene call-symmetric", "punch alice bob", "run"],
    ["scene call", "relay alice bob", "run", "wait 1h"], ["scene call", "ice alice bob", "run", "wait 10m"],
    ["scene call-symmetric", "ice alice bob", "run", "reboot home-a", "wait 2m"],
    ["scene call", "stop server turn-server", "set home-a preset symmetric", "ice alice bob", "run"],
    [
      "scene one-home", "serve bob web", "connect alice:5000 bob:80", "run", "send alice:5000 bob:80 tcp \"GET /\"",
      "run",
    ],
    ["scene one-home", "set home-a port-control pcp nat-pmp upnp", "request alice udp 5000", "run"],
    ["scene one-home", "set home-a port-control upnp", "request alice udp 5000 for 1h with upnp", "run", "wait 2h"],
    ["scene one-home", "request alice udp 5000", "run"],
    ["scene call-ipv6", "ice alice bob", "run"],
  ]

  @Test(arguments: scripts) func everyEventIsDeclaredWithItsKeys(script: [String]) throws {
    let session = try Self.session(script)
    let events = session.network.trace.events(from: 1)
    #expect(!events.isEmpty)
    for event in events {
      let program = try #require(TraversalLanguage.programs.first { $0.name == event.program })
      let keys = try #require(
        program.events?.first { $0.key == event.name }?.value, "\(event.program) tells \(event.name)")
      for field in event.data.fields {
        #expect(keys.contains(field.key), "\(event.program)'s \(event.name) tells \(field.key)")
      }
    }
  }

  @Test func everyProgramSaysWhatItTells() {
    #expect(TraversalLanguage.programs.filter { $0.events == nil }.map(\.name) == [])
  }
}
