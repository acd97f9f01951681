// SPDX-License-Identifier: GPL-3.0-or-later

import Benchmark
import Commands
import NATModel
import NetworkSimulator
import Traversal

/// The rows of the simulator and of the commands on a large network.
enum SimulatorRows {
  /// A packet from end to end, trace off and on, each round beside one of the bare look-up of the same size.
  static func endToEnd(mappings: Int, rounds: Int, batches: Int) throws -> [Measurement] {
    let workload = try SimulatorWorkload(mappings: mappings)
    let yardstick = BareWorkload(size: mappings)
    let suite = BenchmarkSuite(name: "simulator")
    suite.benchmark(Row.lookUp.rawValue) { (_: inout BenchmarkState) in
      try expect(yardstick.lookUp(chained: false), BareWorkload.batch(of: mappings), .lookUp)
    }
    for (row, traced) in [(Row.untraced, false), (.traced, true)] {
      suite.benchmark(row.rawValue) { (_: inout BenchmarkState) in
        try expect(
          workload.send(traced: traced), SimulatorWorkload.batch * SimulatorWorkload.eventsPerPacket, row)
      }
    }
    var samples: [Row: Samples] = [:]
    for _ in 0..<rounds {
      var runner = BenchmarkRunner(
        suites: [suite], settings: [Iterations(batches), WarmupIterations(1), Format(.none), Quiet(true)])
      try runner.run()
      for result in runner.results {
        guard let row = Row(rawValue: result.benchmarkName) else { continue }
        let packets = row == .lookUp ? BareWorkload.batch(of: mappings) : SimulatorWorkload.batch
        samples[row, default: Samples()].values.append(
          Samples(values: result.measurements).lowerQuartile / Double(packets))
      }
    }
    let bare = samples[.lookUp] ?? Samples()
    return [Row.untraced, .traced].compactMap { row in
      samples[row].map { Measurement(row: row, size: mappings, value: $0.median, ratio: $0.ratio(to: bare)) }
    }
  }

  /// Packets of a crowd in one round, at the least: a small one has its say several times.
  private static let crowdPackets = 20_000

  /// A crowd's packet, at each of so many users: a second of streams through a server. Each round has all crowds beside
  /// one of the bare look-up, so that what else the machine does hits all of them.
  static func crowds(users: [Int], rounds: Int) throws -> [Measurement] {
    let yardstick = BareWorkload(size: Target.size)
    var bare = Samples()
    var samples = users.map { _ in Samples() }
    for _ in 0..<rounds {
      bare.values.append(try bareLookUp(yardstick))
      for (place, count) in users.enumerated() {
        var runs = Samples()
        var packets = 0
        repeat {
          let run = try crowd(users: count, for: .seconds(1))
          packets += run.packets
          runs.values.append(run.took / Double(run.packets))
        } while packets < crowdPackets
        samples[place].values.append(runs.lowerQuartile)
      }
    }
    return users.indices.map { place in
      Measurement(
        row: .crowd, size: users[place], value: samples[place].lowerQuartile, ratio: samples[place].ratio(to: bare))
    }
  }

  /// The bare look-up as a round of its row measures it, in nanoseconds.
  static func bareLookUp(_ yardstick: BareWorkload) throws -> Double {
    let batch = BareWorkload.batch(of: Target.size)
    let samples = try (0..<24).map { _ in
      try ProcessorTime.of { try expect(yardstick.lookUp(chained: false), batch, .lookUp) }
    }
    return Samples(values: samples).lowerQuartile / Double(batch)
  }

  /// The crowd that must be faster than real time, in seconds.
  static func crowdTime() throws -> Measurement {
    Measurement(row: .crowdTime, value: try crowd(users: 1_000, for: .seconds(10)).took / 1e9)
  }

  static func crowd(users: Int, for duration: Interval) throws -> (packets: Int, took: Double) {
    guard let plan = StreamPlan(bitsPerSecond: 2_000_000, duration: duration) else {
      throw WorkloadError.wrongOutcomes(of: Row.crowd.rawValue, right: 0, expected: users)
    }
    var packets = 0
    let took = try ProcessorTime.of {
      packets = try Crowd(users: users, path: .via("server"), plan: plan, seed: 1).run()?.received ?? 0
    }
    try expect(packets, users * plan.packets, .crowd)
    return (packets, took)
  }

  /// Building that many hosts by typed commands, in seconds, and undoing a command in that network.
  static func building(hosts: Int, undos: Int) throws -> [Measurement] {
    var session = Session(catalog: Catalog.standard)
    try run("router r lan 10.0.0.0/8", in: &session)
    let took = try ProcessorTime.of {
      for index in 0..<hosts { try run("host h\(index) behind r", in: &session) }
    }
    var samples = Samples()
    try run("host outside", in: &session)
    for index in 0..<undos {
      try run("send h\(index * 7_919 % hosts):5000 outside:4000", in: &session)
      try run("run", in: &session)
      samples.values.append(try ProcessorTime.of { try run("undo", in: &session) } / 1e6)
    }
    return [
      Measurement(row: .building, size: hosts, value: took / 1e9),
      Measurement(row: .undo, size: hosts, value: samples.median),
    ]
  }

  static func run(_ line: String, in session: inout Session) throws {
    for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
  }
}
