// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

@Suite struct CallCommandTests: CommandSuite {
  /// Everything that a call can leave behind, as one text.
  private static func state(of session: Session) -> String {
    let network = session.network
    let hops = network.trace.hopCount > 0 ? network.trace.hops(1...network.trace.hopCount) : []
    let mappings = network.allDevices.compactMap { network.router($0.id)?.nat.mappings }
    let links = network.allDevices.map { "\($0.crossed) \($0.delivered) \(network.host($0.id)?.openPorts ?? [])" }
    return "\(network.clock) \(network.nextPacketNumber) \(hops) \(mappings) \(links) \(session.standingLines)"
  }

  @Test func theContractsFigures() throws {
    var session = try Self.session("scene two-homes", "host server 203.0.113.50")
    let result = try Self.run("call alice bob via server", in: &session)
    #expect(result.activity == nil)
    let call = try #require(result.content as? CallReport)
    #expect((call.path, call.users, call.packets, call.lost) == ("via", 2, 4_166, 0))
    #expect(call.traffic.delay?.median == 42_000 && call.serverInBitsPerSecond == 4_000_000)
    #expect(call.serverOutBitsPerSecond == 4_000_000 && call.timeMicroseconds == session.clock.microseconds)
    #expect(session.network.trace.packetCount == 4_166 * 2 + 4)
  }

  @Test(
    arguments: [
      ("call alice bob", "direct 2083 2083 private-destination@internet"),
      ("call alice 203.0.113.50 for 1s", "direct 416 0 "),
      ("call server alice rate 1mbit for 3s", "direct 312 312 private-destination@internet"),
      ("call server home-b for 1s", "direct 208 208 no-mapping@home-b"),
      ("call 192.168.1.10 server:9 for 1s", "direct 416 0 "),
      ("call alice bob via server rate 64kbit", "via 132 0 "),
    ])
  func calls(line: String, outcome: String) throws {
    var session = try Self.session("scene two-homes", "host server 203.0.113.50")
    let call = try #require(try Self.run(line, in: &session).content as? CallReport)
    let losses = call.traffic.losses.map { "\($0.reason?.rawValue ?? "strayed")@\($0.node)" }.joined(separator: " ")
    #expect("\(call.path) \(call.packets) \(call.lost) \(losses)" == outcome)
  }

  @Test(
    arguments: [
      ("call alice alice", "calls-itself"), ("call alice 192.168.1.10", "calls-itself"),
      ("call alice bob via bob", "server-is-party"), ("call alice home-b via server", "not-a-host"),
      ("call alice bob rate 1bit", "not-one-packet"), ("call alice bob for 100000h", "too-many-packets"),
      ("call alice bob rate 1000000gbit", "too-many-packets"), ("crowd 3", "odd-crowd"),
      ("crowd 100000 rate 10gbit", "too-many-packets"), ("crowd 2 via internet", "name-taken"),
      ("call 9.9.9.9 bob", "unknown-source"), ("call six bob", "no-common-family"),
      ("call alice bob via six", "no-common-family"),
    ])
  func errorsChangeNothing(line: String, word: String) throws {
    var session = try Self.session(
      "scene two-homes", "host server 203.0.113.50", "router v6 lan 2001:db8:1::/64", "host six 2001:db8:2::1")
    let before = Self.state(of: session)
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch let error as SessionError {
      guard case .command(let error) = error else { throw error }
      #expect(error.kind.word == word)
    }
    #expect(Self.state(of: session) == before)
  }

  /// A command that has no port is told none.
  @Test(arguments: [
    ("ping phone bob", "64:ff9b::585a:646e"), ("connect phone bob", "64:ff9b::585a:646e"),
    ("send phone bob:53", "[64:ff9b::585a:646e]:53"),
  ]) func theAddressAcrossHasThePortThatWasTyped(line: String, suggestion: String) throws {
    var session = try Self.session("scene nat64")
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "no-common-family" && error.suggestion == suggestion)
    }
    let typed = line.split(separator: " ").dropLast().joined(separator: " ") + " " + suggestion
    try Self.run(typed, in: &session)
    #expect(session.packetsInFlight == 1)
  }

  @Test(arguments: ["call alice bob direct via server", "crowd 4 via x direct", "crowd 1", "crowd 4 via 9x"])
  func unreadable(line: String) throws {
    var session = try Self.session("scene two-homes", "host server")
    #expect(throws: SessionError.self) { try Self.run(line, in: &session) }
  }

  @Test func aCallIsUndone() throws {
    var session = try Self.session(
      "scene two-homes", "host server 203.0.113.50", "set bob loss 5%", "send alice:7 bob:7 hello")
    let before = Self.state(of: session)
    try Self.run("call alice bob via server for 2s", in: &session)
    let after = Self.state(of: session)
    try Self.run("undo", in: &session)
    #expect(Self.state(of: session) == before)
    try Self.run("redo", in: &session)
    #expect(Self.state(of: session) == after)
  }

  @Test(arguments: ["call alice bob via server", "call alice server rate 500kbit", "call alice server"])
  func aCallHungUpIsDoneAgainAsItWas(line: String) throws {
    var session = try Self.session("scene two-homes", "host server 203.0.113.50", "set server loss 2%")
    let before = Self.state(of: session)
    session.monitor = Impatient(events: 2_500)
    let call = try #require(try Self.run(line, in: &session).content as? CallReport)
    #expect(call.traffic.wasStopped && call.traffic.durationMicroseconds < 10_000_000)
    let after = Self.state(of: session)
    let written = try #require(session.standingLines.last)
    #expect(written.hasPrefix("\(line) for "))
    try Self.run("undo", in: &session)
    #expect(Self.state(of: session) == before)
    // Neither the replay nor the line that stands for the call is stopped.
    session.monitor = nil
    try Self.run("redo", in: &session)
    #expect(Self.state(of: session) == after)
    try Self.run("undo", in: &session)
    try Self.run(written, in: &session)
    #expect(Self.state(of: session) == after)
  }

  @Test func aCrowdLeavesTheLearnersNetworkAlone() throws {
    var session = try Self.session("scene two-homes", "host server", "send alice:7 bob:7 hello")
    let before = Self.state(of: session)
    let crowd = try #require(try Self.run("crowd 20 via server for 1s", in: &session).content as? CrowdReport)
    #expect((crowd.path, crowd.users, crowd.packets, crowd.lost) == ("via", 20, 4_160, 0))
    #expect(crowd.growth.map(\.users) == [4, 10, 14, 20])
    #expect(crowd.growth.map(\.inBitsPerSecond) == [8_000_000, 20_000_000, 28_000_000, 40_000_000])
    #expect(crowd.growth.map(\.outBitsPerSecond) == crowd.growth.map(\.inBitsPerSecond))
    let direct = try #require(try Self.run("crowd 20 direct for 1s", in: &session).content as? CrowdReport)
    #expect((direct.path, direct.packets, direct.serverInBitsPerSecond) == ("direct", 4_160, nil))
    #expect(Self.state(of: session) == before)
  }
}

/// Stops a run after so many events.
private struct Impatient: RunMonitor {
  var events: Int

  func progress(_ progress: RunProgress) -> Bool { progress.events < events }
}
