// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Dispatch
import Testing

@testable import Traversal

/// Crowds behind routers of many kinds, who find their way by ICE.
@Suite struct PopulationTests: CommandSuite {
  private static func crowd(_ line: String) throws -> CrowdReport {
    var session = try session([])
    return try #require(try run(line, in: &session).content as? CrowdReport)
  }

  /// Each relayed pair has two streams of 2 Mbit/s, each of which crosses the relay's link in and out.
  @Test(
    arguments: [
      ("home:1", TrafficReport.Way.punched, 0), ("linux:3", .punched, 0), ("cgnat:1", .punched, 0),
      ("symmetric:1", .relayed, 4), ("open:1", .direct, 0), ("eim/apdf:5", .punched, 0), ("apdm/apdf:1", .relayed, 4),
    ])
  func alikeHomesHaveOneWay(mix: String, way: TrafficReport.Way, relayedMegabits: Int64) throws {
    let report = try Self.crowd("crowd 6 ice mix \(mix) for 1s")
    #expect(report.homes?.pairs == [way: 3])
    #expect(report.path == "ice" && report.users == 6 && report.lost == 0 && report.packets == 6 * 208)
    let load = try #require(report.serverInBitsPerSecond)
    #expect(abs(load - relayedMegabits * 3_000_000) < 1_000)
    #expect(report.serverOutBitsPerSecond == load)
  }

  /// What ICE finds for a seed's homes: direct, punched, relayed. Whatever makes it faster must not change it.
  static let verdicts: [(seed: UInt64, standard: [Int], mixed: [Int])] = [
    (1, [0, 19, 11], [3, 8, 9]), (2, [0, 22, 8], [4, 11, 5]), (3, [0, 21, 9], [8, 6, 6]),
  ]

  @Test(arguments: verdicts) func aSeedHasItsVerdicts(seed: UInt64, standard: [Int], mixed: [Int]) throws {
    for (line, expected) in [
      ("crowd 60 ice for 10ms", standard), ("crowd 40 ice mix eim/adf:3,apdm/apdf:3,open:1,cgnat:2 for 10ms", mixed),
    ] {
      var session = Session(catalog: .traversal, seed: seed)
      let report = try #require(try Self.run(line, in: &session).content as? CrowdReport)
      let pairs = try #require(report.homes?.pairs)
      #expect([TrafficReport.Way.direct, .punched, .relayed].map { pairs[$0] ?? 0 } == expected)
      #expect(pairs.values.reduce(0, +) == expected.reduce(0, +))
    }
  }

  /// With 300 users, two batches of pairs and part of a third.
  private static func crowd(_ users: Int) throws -> ICECrowd {
    let plan = try #require(StreamPlan(bitsPerSecond: 2_000_000, duration: .milliseconds(10)))
    return ICECrowd(users: users, population: .standard, plan: plan, seed: 7)
  }

  private static func expectSame(_ one: ICECrowd.Outcome, _ other: ICECrowd.Outcome) {
    #expect(one.pairs == other.pairs && one.traffic.streams == other.traffic.streams)
    #expect((one.traffic.sent, one.traffic.received) == (other.traffic.sent, other.traffic.received))
    #expect(one.traffic.delays.summary == other.traffic.delays.summary && one.traffic.server == other.traffic.server)
  }

  private static func inTurn(_ count: Int, _ work: @Sendable (Int) -> Void) {
    for index in 0..<count { work(index) }
  }

  private static func together(_ count: Int, _ work: @Sendable (Int) -> Void) {
    DispatchQueue.concurrentPerform(iterations: count, execute: work)
  }

  @Test func manyThreadsMeasureWhatOneDoes() throws {
    let crowd = try Self.crowd(300)
    Self.expectSame(
      try crowd.run(doingAll: Self.together, watchedBy: nil), try crowd.run(doingAll: Self.inTurn, watchedBy: nil))
  }

  @Test(arguments: [false, true]) func aStoppedCrowdIsASmallerOne(usesManyThreads: Bool) throws {
    let stopped = try Self.crowd(300).run(
      doingAll: usesManyThreads ? Self.together : Self.inTurn, watchedBy: { $0 < 70 })
    let pairs = stopped.pairs.values.reduce(0, +)
    #expect(stopped.traffic.wasStopped && (64...90).contains(pairs))
    Self.expectSame(stopped, try Self.crowd(pairs * 2).run(doingAll: Self.inTurn, watchedBy: nil))
  }

  @Test func aMixHasEachKindInItsShare() throws {
    let mix = try Population(Located("home:60,symmetric:40", columns: 1..<21), usage: "")
    let report = try Self.crowd("crowd 80 ice mix \(mix.text) for 10ms")
    let pairs = try #require(report.homes?.pairs)
    // A pair needs the relay as soon as one of the two is behind a symmetric NAT: 64 % of them.
    #expect(pairs.values.reduce(0, +) == 40 && Set(pairs.keys) == [.punched, .relayed])
    #expect((16...34).contains(pairs[.relayed] ?? 0))
  }

  @Test(
    arguments: [
      ("crowd 4 ice mix hoem:1", "unexpected-word", 17), ("crowd 4 ice mix home", "unexpected-word", 17),
      ("crowd 4 ice mix home:1,linux:0", "unexpected-word", 24),
      ("crowd 4 ice mix home:1,home:2", "duplicate-clause", 24),
      ("crowd 4 direct mix home:1", "conflict", 20), ("crowd 4 via server mix home:1", "conflict", 24),
      ("crowd 4 ice via server", "conflict", 17),
    ])
  func aMixThatCannotBeReadIsRefused(line: String, word: String, column: Int) throws {
    var session = try Self.session([])
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.syntax(let error) {
      #expect(error.kind.word == word && error.column == column)
    }
  }

  @Test func aCallThroughAServerTakesAPortThatIsFree() throws {
    var session = try Self.session(["scene call"])
    let report = try #require(try Self.run("call alice bob via server for 1s", in: &session).content as? CallReport)
    #expect(report.path == "via" && report.lost == 0)
  }
}
