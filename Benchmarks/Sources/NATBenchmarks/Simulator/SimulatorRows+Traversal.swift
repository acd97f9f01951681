// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Traversal

/// The rows of getting through: calls by ICE, in crowds, and the matrix of hole punching.
extension SimulatorRows {
  private static let users = 40
  /// Pieces of one stream in the long and in the short crowd.
  private static let pieces = (long: 1_041, short: 2)

  /// A call with next to no talk, a packet of one that goes on, and the matrix, each round beside a bare look-up.
  static func traversal(rounds: Int) throws -> [Measurement] {
    let yardstick = BareWorkload(size: Target.size)
    var (bare, calls, packets, matrices) = (Samples(), Samples(), Samples(), Samples())
    for _ in 0..<rounds {
      bare.values.append(try bareLookUp(yardstick))
      let short = try time("crowd \(users) ice for 10ms")
      let long = try time("crowd \(users) ice for 5s")
      calls.values.append(short / Double(users / 2))
      packets.values.append((long - short) / Double(users * (pieces.long - pieces.short)))
      matrices.values.append(try time("matrix behaviors"))
    }
    return [
      Measurement(row: .iceCall, value: calls.lowerQuartile / 1e6, ratio: calls.ratio(to: bare)),
      Measurement(row: .icePacket, value: packets.lowerQuartile, ratio: packets.ratio(to: bare)),
      Measurement(row: .matrix, value: matrices.lowerQuartile / 1e6),
    ]
  }

  /// The crowd that must be faster than real time, in seconds.
  static func iceCrowdTime() throws -> Measurement {
    Measurement(row: .iceCrowdTime, value: try time("crowd 1000 ice for 10s") / 1e9)
  }

  /// Nanoseconds of the processor's time for a line in an empty network.
  private static func time(_ line: String) throws -> Double {
    var session = Session(catalog: Catalog(.standard, .traversal))
    return try ProcessorTime.of { try run(line, in: &session) }
  }
}
