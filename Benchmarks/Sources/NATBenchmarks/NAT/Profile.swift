// SPDX-License-Identifier: GPL-3.0-or-later

/// One row and nothing else, for a profiler. Two runs that differ in their packets only differ by what those cost.
enum Profile {
  /// Runs at least that many packets of a row with a table of that size; returns their number.
  static func run(_ row: Row, size: Int, packets: Int) throws -> Int {
    var met = 0
    switch row {
    case .untraced, .traced:
      let workload = try SimulatorWorkload(mappings: size)
      while met < packets {
        _ = try workload.send(traced: row == .traced)
        met += SimulatorWorkload.batch
      }
    case .crowd:
      // The size is the number of users; the packets are as many as they all send in a given time.
      while met < packets { met += try SimulatorRows.crowd(users: size, for: .seconds(1)).packets }
    case .lookUp, .chainedLookUp:
      let workload = BareWorkload(size: size)
      while met < packets { met += workload.lookUp(chained: row == .chainedLookUp) }
    case .newMapping, .endOfMapping:
      let workload = try Workload(size: size)
      while met < packets {
        met += workload.makeMappings()
        _ = workload.endMappings()
      }
    default:
      guard let kind = Workload.Kind.allCases.first(where: { $0.row == row }) else { return 0 }
      let workload = try Workload(size: size)
      while met < packets { met += workload.translate(kind) }
    }
    return met
  }
}
