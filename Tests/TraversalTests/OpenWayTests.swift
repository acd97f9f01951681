// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Calls by a way that is found for them, or was open before.
@Suite struct OpenWayTests: CommandSuite {
  static func call(_ lines: [String]) throws -> CallReport {
    var session = try session(Array(lines.dropLast()))
    let last = try #require(lines.last)
    return try #require(try run(last, in: &session).content as? CallReport)
  }

  static let found: [(lines: [String], outcome: String)] = [
    (["scene call", "call alice bob ice for 1s"], "punched 416 0 nil"),
    (["scene call", "ice alice bob", "run", "call bob alice ice for 1s"], "punched 416 0 nil"),
    (["scene call", "ice alice bob", "run", "call bob alice for 1s"], "punched 416 0 nil"),
    (["scene call-symmetric", "call alice bob ice for 1s"], "relayed 416 0 server"),
    (["scene call-cgnat", "call alice bob ice for 1s"], "punched 416 0 nil"),
    (["scene call-ipv6", "call alice bob ice for 1s"], "direct 416 0 nil"),
    (["scene call-symmetric", "stop server turn-server", "call alice bob ice for 1s"], "none 0 0 nil"),
    (["scene call", "punch alice bob", "run", "call alice bob for 1s"], "punched 416 0 nil"),
    (["scene call", "punch alice bob", "run", "call alice bob direct for 1s"], "direct 208 208 nil"),
    (["scene call", "call alice bob for 1s"], "direct 208 208 nil"),
    (["scene call-symmetric", "punch alice bob", "run", "call alice bob for 1s"], "direct 208 208 nil"),
  ]

  @Test(arguments: found) func theWayThatThereIsIsUsed(lines: [String], outcome: String) throws {
    let call = try Self.call(lines)
    #expect("\(call.path) \(call.packets) \(call.lost) \(call.traffic.via ?? "nil")" == outcome)
  }

  static let holes: [(lines: [String], outcome: String)] = [
    (["call alice bob for 1s"], "punched 416 0"), (["call alice:5000 bob for 1s"], "punched 416 0"),
    (["call bob alice for 1s"], "punched 416 0"), (["call alice:5000 bob:4000 for 1s"], "punched 416 0"),
    (["call alice:5001 bob for 1s"], "direct 208 208"), (["call alice bob:4001 for 1s"], "direct 208 208"),
    (["call alice bob direct for 1s"], "direct 208 208"),
    // A hole that has closed is tried, and is closed.
    (["reboot home-b", "call alice bob for 1s"], "punched 208 208"),
  ]

  @Test(arguments: holes) func twoPacketsThatHaveCrossedOpenAWayForACall(lines: [String], outcome: String)
    throws
  {
    let call = try Self.call(
      ["scene two-homes", "send alice:5000 88.90.100.110:62000", "send bob:4000 49.36.10.25:62000", "run"] + lines)
    #expect("\(call.path) \(call.packets) \(call.lost)" == outcome)
  }

  @Test func aRelayCarriesBothStreamsInAndOut() throws {
    var session = try Self.session("scene call-symmetric")
    let call = try #require(try Self.run("call alice bob ice", in: &session).content as? CallReport)
    // The streams, and the checks that keep consent.
    let streams = 3_999_000...4_010_000 as ClosedRange<Int64>
    for rate in [call.serverInBitsPerSecond, call.serverOutBitsPerSecond] {
      #expect(streams.contains(rate ?? 0))
    }
    let text = call.text(style: .plain)
    #expect(text.contains("relayed via server") && text.contains("for a thousand users"))
    let stats = try #require(try Self.run("stats", in: &session).content as? StatsReport)
    let relay = try #require(stats.relays.first)
    #expect((relay.host, relay.program, stats.relays.count) == ("server", "turn-server", 1))
    #expect(relay.inBytes >= 4_166 * 1_200 && relay.outBytes >= 4_166 * 1_200)
    // The rate is that of the streams, whatever checks came before.
    for rate in [relay.inBitsPerSecond, relay.outBitsPerSecond] { #expect(streams.contains(rate)) }
    #expect((9_900_000...10_200_000).contains(relay.streamMicroseconds))
    #expect(relay.hourlyBytes == (relay.inBitsPerSecond + relay.outBitsPerSecond) * 450)
    #expect(stats.text(style: .plain).contains("turn-server"))
    // A second call is measured by itself.
    let again = try #require(try Self.run("call alice bob ice", in: &session).content as? CallReport)
    #expect(streams.contains(again.serverInBitsPerSecond ?? 0))
  }

  /// An hour of two calls costs what an hour of one does, and the time between them costs nothing.
  @Test(arguments: ["", "wait 10m"]) func aRelaysBillIsForTheTimeInWhichDataFlowed(between: String)
    throws
  {
    var session = try Self.session(
      ["scene call", "set home-a preset symmetric", "set home-b preset symmetric", "call alice bob ice for 2s"]
        + (between.isEmpty ? [] : [between, "run"]) + ["call alice bob ice for 2s"])
    let stats = try #require(try Self.run("stats", in: &session).content as? StatsReport)
    let relay = try #require(stats.relays.first)
    // Two streams of 2 Mbit/s each way, and the moment between two calls that follow each other.
    let rates = (between.isEmpty ? 3_700_000 : 3_950_000)...4_020_000 as ClosedRange<Int64>
    #expect(rates.contains(relay.inBitsPerSecond) && rates.contains(relay.outBitsPerSecond), "\(relay)")
    #expect((3_350_000_000...3_610_000_000).contains(relay.hourlyBytes))
    #expect((3_900_000...4_300_000).contains(relay.streamMicroseconds))
    #expect(stats.text(style: .plain).contains("MB"))
  }

  /// Checks alone, and a few words, are no stream: there is no rate to be billed.
  @Test func aRelayThatOnlyCarriedChecksHasNoRate() throws {
    var flow = RelayedFlow()
    flow.count(incoming: 100, outgoing: 100, at: .zero)
    #expect(flow.length == .zero && flow.bytes == .zero)
    flow.count(incoming: 100, outgoing: 100, at: .zero + .seconds(3))
    #expect(flow.length == .zero && flow.bytes == .zero)
    flow.count(incoming: 100, outgoing: 50, at: .zero + .seconds(4))
    #expect(flow.length == .seconds(1) && flow.bytes == CarriedTraffic.Bytes(incoming: 100, outgoing: 50))
    let check = STUNMessage(.request, .binding, STUNMessage.TransactionID(high: 1, low: 2)).encoded()
    #expect(STUNMessage.begins(check[...]) && !STUNMessage.begins(Array("hello, hello, hello, hello".utf8)[...]))
  }

  @Test(arguments: ["reboot home-a", "renumber home-a"])
  func aWayThatIsLostIsLookedForAgainInTheMiddleOfTheCall(disturbance: String) throws {
    var session = try Self.session("scene call", "ice alice bob", "run", disturbance)
    let call = try #require(try Self.run("call alice bob ice rate 64kbit for 2m", in: &session).content as? CallReport)
    // Consent is lost after 30 s, and what comes after that arrives.
    #expect(call.lost > 0 && call.lost * 2 < call.packets)
    let report = try #require(try Self.run("ice", in: &session).content as? ICEReport)
    #expect(report.agents.allSatisfy { $0.state == "connected" })
  }

  @Test(arguments: ["call alice bob ice", "call alice bob"])
  func aCallHungUpIsDoneAgainAsItWas(line: String) throws {
    var session = try Self.session("scene call", "punch alice bob", "run")
    session.monitor = Impatience(events: 2_500)
    let call = try #require(try Self.run(line, in: &session).content as? CallReport)
    #expect(call.traffic.wasStopped && call.path == "punched")
    let after = (session.network.clock, session.network.trace.hopCount)
    let written = try #require(session.standingLines.last)
    #expect(written.hasPrefix("\(line) for "))
    session.monitor = nil
    try Self.run("undo", in: &session)
    try Self.run(written, in: &session)
    #expect((session.network.clock, session.network.trace.hopCount) == after)
  }

  @Test(arguments: [("call alice:5 bob ice", "port-is-ices"), ("call alice alice ice", "calls-itself")])
  func whatCannotBeIsRefusedAndChangesNothing(line: String, word: String) throws {
    var session = try Self.session("scene call")
    let before = session.network.nextPacketNumber
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch let error as SessionError {
      guard case .command(let error) = error else { throw error }
      #expect(error.kind.word == word)
    }
    #expect(session.network.nextPacketNumber == before && session.network.programs().count == 3)
  }
}

private struct Impatience: RunMonitor {
  var events: Int

  func progress(_ progress: RunProgress) -> Bool { progress.events < events }
}
