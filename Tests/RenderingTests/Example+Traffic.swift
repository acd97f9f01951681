// SPDX-License-Identifier: GPL-3.0-or-later

@testable import Commands
@testable import Traversal

/// Measured traffic, as `call` and `crowd` give it.
extension Example {
  static func call(
    via: String? = nil, streams: Int = 2, packets: Int = 4_166, lost: Int = 0, delay: TrafficReport.Delay? = nil,
    losses: [TrafficReport.Loss] = []
  ) -> CallReport {
    CallReport(
      from: "alice", to: "bob",
      traffic: TrafficReport(
        via: via, users: 2, packets: packets, lost: lost, delay: delay,
        server: via == nil ? nil : .init(inBitsPerSecond: 4_000_000, outBitsPerSecond: 3_884_784),
        rateBitsPerSecond: 2_000_000, durationMicroseconds: 10_000_000, losses: losses, wasStopped: false),
      streams: streams, expired: [], timeMicroseconds: 10_042_000)
  }

  static func crowd(via: String?, _ users: [Int], wasStopped: Bool = false) -> CrowdReport {
    let delay: Int64 = via == nil ? 20_000 : 40_000
    return CrowdReport(
      traffic: TrafficReport(
        via: via, users: 1_000, packets: 2_083_000, lost: 0,
        delay: .init(minimum: delay, median: delay, maximum: delay),
        server: via == nil ? nil : .init(inBitsPerSecond: 2_000_000_000, outBitsPerSecond: 2_000_000_000),
        rateBitsPerSecond: 2_000_000, durationMicroseconds: wasStopped ? 3_200_000 : 10_000_000, losses: [],
        wasStopped: wasStopped),
      growth: users.map {
        .init(
          users: $0, inBitsPerSecond: Int64($0) * 2_000_000, outBitsPerSecond: Int64($0) * 2_000_000)
      })
  }
}
