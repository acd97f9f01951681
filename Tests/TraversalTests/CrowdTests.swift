// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Traversal

@Suite struct CrowdTests {
  private static func measure(
    _ users: Int, _ path: Crowd.Path, bitsPerSecond: Int64 = 2_000_000, _ duration: Interval = .seconds(1),
    watchedBy monitor: ((RunProgress) -> Bool)? = nil
  ) throws -> TrafficResult {
    let plan = try #require(StreamPlan(bitsPerSecond: bitsPerSecond, duration: duration))
    return try #require(try Crowd(users: users, path: path, plan: plan, seed: 1).run(watchedBy: monitor))
  }

  @Test(
    arguments: [
      (2, 2_000_000, 208, 4_000_000), (10, 2_000_000, 208, 20_000_000), (100, 2_000_000, 208, 200_000_000),
      (10, 64_000, 6, 640_000), (4, 7_000_001, 729, 28_000_004),
    ] as [(Int, Int64, Int, Int64)])
  func everyBitCrossesTheServerTwice(users: Int, rate: Int64, packets: Int, load: Int64) throws {
    let result = try Self.measure(users, .via("server"), bitsPerSecond: rate)
    #expect(result.sent == users * packets && result.lost == 0 && result.streams == users)
    let server = try #require(result.server)
    // The last packet's time is a whole number of microseconds, so an odd rate is met to the nearest of them.
    #expect(abs(server.inBitsPerSecond - load) * 1_000_000 <= load)
    #expect(server.outBitsPerSecond == server.inBitsPerSecond)
    if rate != 7_000_001 { #expect(server.inBitsPerSecond == load) }
    // Two access links to the server, and two from it.
    #expect(result.delays.summary?.minimum == .milliseconds(40))
    #expect(result.delays.summary?.maximum == .milliseconds(40))
  }

  @Test(arguments: [2, 10, 64]) func aPeerToPeerCallUsesNoServer(users: Int) throws {
    let result = try Self.measure(users, .direct)
    #expect(result.sent == users * 208 && result.lost == 0 && result.server == nil)
    #expect(result.delays.summary?.minimum == .milliseconds(20))
    #expect(result.delays.summary?.maximum == .milliseconds(20))
  }

  @Test(arguments: [Crowd.Path.direct, .via("server"), .via("USER-1")])
  func stoppedEndsAsAShorterOneWould(path: Crowd.Path) throws {
    var asked = 0
    let stopped = try Self.measure(20, path, .seconds(5)) { progress in
      asked += 1
      return progress.events < 5_000
    }
    #expect(stopped.wasStopped && asked > 0 && stopped.sent > 0 && stopped.plan.duration < .seconds(5))
    let short = try Self.measure(20, path, stopped.plan.duration)
    #expect(!short.wasStopped && short.plan == stopped.plan)
    #expect((short.sent, short.received) == (stopped.sent, stopped.received))
    #expect(short.delays.summary == stopped.delays.summary && short.server == stopped.server)
  }

  @Test func aCallStoppedBeforeAnybodySpeaksLeavesNothing() throws {
    // So slow to begin that the first thousand events are registrations.
    let plan = try #require(StreamPlan(bitsPerSecond: 2_000_000, duration: .seconds(1)))
    #expect(try Crowd(users: 2_000, path: .via("server"), plan: plan, seed: 1).run { _ in false } == nil)
  }

  @Test func aServerCannotTakeTheInternetsName() throws {
    let plan = try #require(StreamPlan(bitsPerSecond: 2_000_000, duration: .seconds(1)))
    #expect(throws: BuildError.nameTaken("internet")) {
      try Crowd(users: 2, path: .via("internet"), plan: plan, seed: 1).run()
    }
  }
}
