// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Benchmark
import Foundation

/// Measures the NAT beside its yardstick, in one run: absolute times depend on the machine and on what else it does, the
/// ratio to a bare look-up at the same size much less.
@main
struct NATBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "NATBenchmarks", abstract: "Measures natsh's NAT beside a bare hash look-up of the same size.")

  @Option(help: "How many mappings the tables have.")
  var sizes: [Int] = [1_000, 64_000, 1_000_000]

  @Option(help: "Seconds to measure each row for.")
  var seconds = 1.0

  @Flag(help: "One JSON object a row.")
  var json = false

  /// The yardsticks: what the machine can do at most, and what it does when nothing overlaps.
  static let yardsticks = ["bare look-up", "bare look-up, chained"]

  func run() throws {
    if !json {
      print("mappings   what                      ns a packet   x look-up   x chained")
    }
    // The largest first: the memory that a table takes is seen only while the process has none to spare.
    let largestFirst = sizes.sorted(by: >)
    for size in largestFirst { try measure(size, reportingMemory: size == largestFirst.first) }
  }

  private func measure(_ size: Int, reportingMemory: Bool) throws {
    let workload = try Workload(size: size)
    let suite = BenchmarkSuite(name: String(size))
    let batch = min(Workload.batch, size)

    for (yardstick, chained) in zip(Self.yardsticks, [false, true]) {
      suite.benchmark(yardstick) { (_: inout BenchmarkState) in
        try expect(workload.lookUp(chained: chained), batch, yardstick)
      }
    }
    for kind in Workload.Kind.allCases {
      suite.benchmark(kind.rawValue) { (_: inout BenchmarkState) in
        try expect(workload.translate(kind), batch, kind.rawValue)
      }
    }
    suite.benchmark("new mapping", settings: MaxIterations(2_000)) { (state: inout BenchmarkState) in
      state.start()
      let made = workload.makeMappings()
      try state.end()
      try expect(made, Workload.batch, "new mapping")
      try expect(workload.endMappings(), 0, "a mapping's end")
    }
    suite.benchmark("a mapping's end", settings: MaxIterations(2_000)) { (state: inout BenchmarkState) in
      try expect(workload.makeMappings(), Workload.batch, "new mapping")
      state.start()
      let left = workload.endMappings()
      try state.end()
      try expect(left, 0, "a mapping's end")
    }

    var runner = BenchmarkRunner(
      suites: [suite], settings: [MinTime(seconds: seconds), WarmupIterations(20), Format(.none), Quiet(true)])
    try runner.run()
    var bare: [Double] = []
    for result in runner.results {
      let makes = result.benchmarkName.contains("mapping") && !result.benchmarkName.hasPrefix("refused")
      let nanoseconds = median(result.measurements) / Double(makes ? Workload.batch : batch)
      if Self.yardsticks.contains(result.benchmarkName) { bare.append(nanoseconds) }
      report(size, result.benchmarkName, nanoseconds, ratios: bare.map { nanoseconds / $0 })
    }
    if reportingMemory, let bytes = workload.filledBytes {
      report(size, "bytes a mapping", Double(bytes) / Double(size), ratios: [])
    }
  }

  private func report(_ size: Int, _ name: String, _ value: Double, ratios: [Double]) {
    let value = String(format: "%.1f", value)
    let ratios = ratios.map { String(format: "%.1f", $0) }
    if json {
      print(#"{"mappings":\#(size),"name":"\#(name)","value":\#(value),"ratios":[\#(ratios.joined(separator: ","))]}"#)
    } else {
      let cells = zip([String(size), value] + ratios, [8, 13, 12, 12]).map { cell, width in
        String(repeating: " ", count: max(width - cell.count, 0)) + cell
      }
      let title = "   " + name.padding(toLength: 24, withPad: " ", startingAt: 0)
      print(cells[0] + title + cells.dropFirst().joined())
    }
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.sorted()[values.count / 2]
  }
}

/// Ends the run when a workload does not do what its name says. (The runner would end the program on a thrown error of
/// another kind than its own, so this says which row it was.)
private func expect(_ right: Int, _ expected: Int, _ name: String) throws {
  guard right == expected else { throw WorkloadError.wrongOutcomes(of: name, right: right, expected: expected) }
}
