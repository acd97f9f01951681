// SPDX-License-Identifier: GPL-3.0-or-later

import Benchmark

/// The rows of the NAT at one size, each round of them beside a round of the yardstick: what else the machine does then
/// hits both.
struct NATRows {
  let size: Int
  let rounds: Int
  /// Batches of a row in a round.
  let batches: Int

  func measure() throws -> [Measurement] {
    let workload = try Workload(size: size)
    let yardstick = BareWorkload(size: size)
    let suite = BenchmarkSuite(name: String(size))
    let batch = min(Workload.batch, size)

    for (row, chained) in [(Row.lookUp, false), (.chainedLookUp, true)] {
      suite.benchmark(row.rawValue) { (_: inout BenchmarkState) in
        try expect(yardstick.lookUp(chained: chained), batch, row)
      }
    }
    for kind in Workload.Kind.allCases {
      suite.benchmark(kind.row.rawValue) { (_: inout BenchmarkState) in
        try expect(workload.translate(kind), batch, kind.row)
      }
    }
    suite.benchmark(Row.newMapping.rawValue) { (state: inout BenchmarkState) in
      state.start()
      let made = workload.makeMappings()
      try state.end()
      try expect(made, Workload.batch, .newMapping)
      try expect(workload.endMappings(), 0, .endOfMapping)
    }
    suite.benchmark(Row.endOfMapping.rawValue) { (state: inout BenchmarkState) in
      try expect(workload.makeMappings(), Workload.batch, .newMapping)
      state.start()
      let left = workload.endMappings()
      try state.end()
      try expect(left, 0, .endOfMapping)
    }

    var samples: [Row: Samples] = [:]
    for _ in 0..<rounds {
      var runner = BenchmarkRunner(
        suites: [suite], settings: [Iterations(batches), WarmupIterations(1), Format(.none), Quiet(true)])
      try runner.run()
      for result in runner.results {
        guard let row = Row(rawValue: result.benchmarkName) else { continue }
        let packets = row == .newMapping || row == .endOfMapping ? Workload.batch : batch
        samples[row, default: Samples()].values.append(
          Samples(values: result.measurements).lowerQuartile / Double(packets))
      }
    }
    let bare = samples[.lookUp] ?? Samples()
    return suite.benchmarks.compactMap { Row(rawValue: $0.name) }.compactMap { row in
      samples[row].map { samples in
        Measurement(row: row, size: size, value: samples.median, ratio: samples.ratio(to: bare))
      }
    }
  }
}

extension Workload.Kind {
  var row: Row {
    switch self {
    case .outbound: .outbound
    case .inbound: .inbound
    case .filtered: .filtered
    case .noMapping: .noMapping
    }
  }
}

/// Ends the run when a workload does not do what its name says. (The runner ends the program on a thrown error of
/// another kind than its own, so this says which row it was.)
func expect(_ right: Int, _ expected: Int, _ row: Row) throws {
  guard right == expected else { throw WorkloadError.wrongOutcomes(of: row.rawValue, right: right, expected: expected) }
}
