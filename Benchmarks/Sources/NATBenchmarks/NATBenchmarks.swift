// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

extension Row: ExpressibleByArgument {}

/// Measures natsh beside its yardsticks, in one run: absolute times depend on the machine and on what else it does, the
/// ratio to a yardstick in the same rounds much less.
@main
struct NATBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "NATBenchmarks", abstract: "Measures natsh beside its yardsticks.",
    discussion: "Without options, the rows of the NAT; --all adds every other row and prints what was to be reached.")

  @Option(parsing: .upToNextOption, help: "How many mappings the tables have.")
  var sizes: [Int] = [1_000, 64_000, 1_000_000]

  @Option(help: "Rounds, each of every row.")
  var rounds = 15

  @Flag(help: "Everything: memory, the simulator, scale, start-up.")
  var all = false

  @Option(help: "How many mappings a NAT grows to, while its longest pause is measured; a million take 160 MB.")
  var growth = 10_000_000

  @Flag(help: "Prints one JSON object a row.")
  var json = false

  @Option(help: "The executable whose first prompt is measured.")
  var natsh: String?

  @Option(help: "Measures briefly and fails where a ratio is twice what this document says.")
  var check: String?

  @Flag(help: "Does things ever more often; fails where ten times as often takes far longer than that.")
  var linear = false

  @Option(help: "Writes what was measured into this document, and the plot beside it.")
  var document: String?

  @Option(help: "Takes the rows from a file, as --json printed them, and measures nothing.")
  var measurements: String?

  @Option(help: "Meets packets of one row only, at the first size, for a profiler.")
  var profile: Row?

  @Option(help: "How many packets a profile has.")
  var packets = 1_000_000

  @Option(help: ArgumentHelp("Prints the bytes that a table of so many mappings takes.", visibility: .hidden))
  var fill: Int?

  func validate() throws {
    guard (sizes + [growth]).allSatisfy({ $0 >= 100 && $0 <= 20_000_000 }), rounds > 0 else {
      throw ValidationError("--sizes and --growth take 100 to 20,000,000 mappings, --rounds 1 and more.")
    }
  }

  func run() throws {
    if let fill {
      print(try Workload.filledBytes(size: fill) ?? 0)
    } else if let profile {
      print("\(grouped(try Profile.run(profile, size: sizes[0], packets: packets))) packets")
    } else if linear {
      try checkGrowth()
    } else if let check {
      try self.check(against: check)
    } else {
      let found = try measurements.map { try Self.read($0) } ?? measure()
      report(found)
      if let document { try write(found, to: document) }
    }
  }

  private func measure() throws -> Measurements {
    var found = Measurements()
    func add(_ measured: [Measurement]) { for measurement in measured { found.add(measurement) } }
    for size in sizes.sorted() {
      say("the NAT, \(grouped(size)) mappings")
      add(try NATRows(size: size, rounds: rounds, batches: 24).measure())
      if let bytes = try Self.bytes(filling: size) {
        add([Measurement(row: .bytes, size: size, value: Double(bytes) / Double(size))])
      }
    }
    guard all else { return found }
    say("a NAT that grows to \(grouped(growth)) mappings")
    add([
      Measurement(row: .longestPause, size: growth, value: try Workload.longestPause(growingTo: growth) / 1e6)
    ])
    say("the simulator, end to end")
    add(try SimulatorRows.endToEnd(mappings: Target.size, rounds: rounds, batches: 16))
    say("crowds")
    add(try SimulatorRows.crowds(users: [10, 100, 1_000, 10_000], rounds: 5))
    add([try SimulatorRows.crowdTime()])
    say("getting through")
    add(try SimulatorRows.traversal(rounds: 5))
    add([try SimulatorRows.iceCrowdTime()])
    say("100,000 hosts")
    add(try SimulatorRows.building(hosts: 100_000, undos: 9))
    if let natsh {
      say("the first prompt")
      add(try FirstPrompt.measure(natsh: natsh, sqlite: FirstPrompt.find("sqlite3"), rounds: 41))
    }
    return found
  }

  /// Runs in a process of its own, which has no free memory left from before.
  private static func bytes(filling size: Int) throws -> Int? {
    let child = Process()
    child.executableURL = Bundle.main.executableURL
    child.arguments = ["--fill", String(size)]
    let output = Pipe()
    child.standardOutput = output
    try child.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }

  private func report(_ found: Measurements) {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      for measurement in found.all {
        if let line = try? encoder.encode(measurement) { print(String(decoding: line, as: UTF8.self)) }
      }
      return
    }
    for measurement in found.all {
      print(
        Self.column(measurement.size.map { grouped($0) } ?? "", 10, right: true) + "  "
          + Self.column(measurement.row.rawValue, 36)
          + Self.column(decimal(measurement.value), 9, right: true) + " " + Self.column(measurement.row.unit, 6)
          + (measurement.ratio.map { Self.column(decimal($0), 7, right: true) + "x" } ?? ""))
    }
    guard all || measurements != nil else { return }
    print("")
    for target in Target.all(in: found) {
      let outcome = target.outcome.map { ($0.isMet ? "met      " : "NOT MET  ") + $0.measured } ?? "not measured"
      print(Self.column(target.work, 58) + outcome + "  (\(target.goal))")
    }
  }

  private static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(width - text.count, 0))
    return right ? space + text : text + space
  }

  private func write(_ found: Measurements, to path: String) throws {
    var document = Document(text: try String(contentsOfFile: path, encoding: .utf8))
    try document.fill(with: found, machine: Machine.description)
    try document.text.write(toFile: path, atomically: true, encoding: .utf8)
    let plot = URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension("svg")
    try Plot(found).svg.write(to: plot, atomically: true, encoding: .utf8)
  }

  static func read(_ path: String) throws -> Measurements {
    var found = Measurements()
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") where line.hasPrefix("{") {
      found.add(try JSONDecoder().decode(Measurement.self, from: Data(line.utf8)))
    }
    return found
  }

  /// Reports progress on standard error: standard output is for what comes of it.
  private func say(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}
