// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Traversal

@Suite struct CrowdTests {
  private static func measure(_ users: Int, _ path: Crowd.Path, seconds: Int64 = 1) throws -> TrafficResult {
    let plan = try #require(StreamPlan(bitsPerSecond: 2_000_000, duration: .seconds(seconds)))
    return try #require(try Crowd(users: users, path: path, plan: plan, seed: 1).run())
  }

  @Test(arguments: [(2, 4_000_000), (10, 20_000_000), (100, 200_000_000)] as [(Int, Int64)])
  func everyBitCrossesTheServerTwice(users: Int, bitsPerSecond: Int64) throws {
    let result = try Self.measure(users, .via("server"))
    #expect(result.sent == users * 208 && result.lost == 0 && result.streams == users)
    #expect(result.server?.inBitsPerSecond == bitsPerSecond)
    #expect(result.server?.outBitsPerSecond == bitsPerSecond)
    // Two access links to the server, and two from it.
    #expect(result.delays.summary?.minimum == .milliseconds(40))
    #expect(result.delays.summary?.maximum == .milliseconds(40))
  }
}
