// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Traversal

@Suite struct StreamPlanTests {
  @Test(
    arguments: [
      (2_000_000, .seconds(10), 2_083), (64_000, .seconds(10), 66), (1_000_000_000, .seconds(1), 104_166),
      (9_600, .seconds(1), 1), (9_599, .seconds(1), 0), (1, .hours(2), 0),
      (1_000_000_000_000_000, .milliseconds(8), 833_333_333),
    ] as [(Int64, Interval, Int)])
  func wholePackets(bitsPerSecond: Int64, duration: Interval, packets: Int) {
    #expect(StreamPlan(bitsPerSecond: bitsPerSecond, duration: duration)?.packets == packets)
  }

  @Test(
    arguments: [
      (0, .seconds(1)), (2_000_000, .zero), (1_000_000_000_000_000, .seconds(1)),
      (1_000_000_000_000_000, .longest), (2_000_000, .longest),
    ] as [(Int64, Interval)])
  func noPlan(bitsPerSecond: Int64, duration: Interval) {
    #expect(StreamPlan(bitsPerSecond: bitsPerSecond, duration: duration) == nil)
  }

  @Test func packetsDoNotDrift() throws {
    let plan = try #require(StreamPlan(bitsPerSecond: 7_000_000, duration: .seconds(1_000)))
    #expect(
      (0...7).map { plan.offset(after: $0).microseconds } == [0, 1_371, 2_742, 4_114, 5_485, 6_857, 8_228, 9_600])
    #expect(plan.offset(after: 700_000).microseconds == 960_000_000)
  }

  /// A call that is hung up is redone as one of that length.
  @Test(arguments: [1_000, 64_000, 2_000_000, 7_777_777, 9_600_000_000, 123_456_789_012] as [Int64])
  func shortenedPlansHoldWhatTheyMust(bitsPerSecond: Int64) throws {
    let plan = try #require(StreamPlan(bitsPerSecond: bitsPerSecond, duration: .seconds(60)))
    for count in stride(from: 1, through: min(plan.packets, 5_000), by: 7) {
      let short = plan.shortened(to: count)
      #expect(short.packets >= count && short.packets <= plan.packets)
      #expect(StreamPlan(bitsPerSecond: bitsPerSecond, duration: short.duration) == short)
      if bitsPerSecond <= 9_600_000_000 { #expect(short.packets == count) }
    }
  }
}

@Suite struct DelayCounterTests {
  @Test(
    arguments: [
      ([5], 5, 5, 5), ([3, 1, 2], 1, 2, 3), ([4, 4, 1, 9], 1, 4, 9), ([1, 2, 3, 4], 1, 2, 4),
      ([7, 7, 0, 0, 0], 0, 0, 7),
    ] as [([Int64], Int64, Int64, Int64)])
  func summary(delays: [Int64], minimum: Int64, median: Int64, maximum: Int64) {
    var counter = DelayCounter()
    for delay in delays { counter.count(Interval(microseconds: delay)) }
    let summary = counter.summary
    #expect(summary?.minimum.microseconds == minimum)
    #expect(summary?.median.microseconds == median)
    #expect(summary?.maximum.microseconds == maximum)
    #expect(counter.total == delays.count)
  }

  @Test func nothingHasNoSummary() { #expect(DelayCounter().summary == nil) }
}
