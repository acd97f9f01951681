// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// The options for video streams that `call` and `crowd` share.
struct StreamOptions: Sendable {
  let rate: Located<BitRate>?
  let duration: Located<Interval>?

  init(_ arguments: Arguments) {
    rate = arguments.optionalRate("rate")
    duration = arguments.optionalDuration("for")
  }

  /// Throws if both paths are asked for.
  static func checkPath(_ arguments: Arguments) throws(SyntaxError) {
    guard let direct = arguments.choice("path"), arguments.has("via") else { return }
    let columns = arguments.columns("via")
    throw SyntaxError(.conflict(direct.value, "via"), column: columns.lowerBound, length: columns.count)
  }

  static let parameters: [Parameter] = [.clause("rate", "RATE", .rate), .clause("for", "DURATION", .duration)]
}

extension StreamOptions {
  static let standardRate = BitRate(bitsPerSecond: 2_000_000)
  static let standardDuration = Interval.seconds(10)

  /// The plan of each of so many users.
  func plan(users: Int) throws(CommandError) -> StreamPlan {
    let rate = rate?.value ?? Self.standardRate
    let length = duration?.value ?? Self.standardDuration
    let columns = duration?.columns ?? self.rate?.columns
    guard length > .zero else {
      throw CommandError(.other(TrafficFault.notOnePacket(microseconds: Self.packetTime(rate))), at: columns)
    }
    guard let plan = StreamPlan(bitsPerSecond: rate.bitsPerSecond, duration: length),
      plan.packets <= Crowd.mostPackets / users
    else { throw CommandError(.other(TrafficFault.tooManyPackets(limit: Crowd.mostPackets)), at: columns) }
    guard plan.packets > 0 else {
      throw CommandError(.other(TrafficFault.notOnePacket(microseconds: Self.packetTime(rate))), at: columns)
    }
    return plan
  }

  private static func packetTime(_ rate: BitRate) -> Int64 {
    (Int64(StreamPlan.payloadLength) * 8 * 1_000_000 + rate.bitsPerSecond - 1) / rate.bitsPerSecond
  }
}

extension Session {
  /// The session's monitor in the form that the programs use.
  var trafficMonitor: ((RunProgress) -> Bool)? {
    guard let monitor else { return nil }
    return { monitor.progress($0) }
  }
}
