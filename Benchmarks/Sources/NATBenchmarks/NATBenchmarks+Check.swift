// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

extension NATBenchmarks {
  /// Briefly measures the rows whose ratios the document promises; one that seems too slow is measured again, for
  /// longer, since the machine may have been busy.
  func check(against path: String) throws {
    let promises = try Document(text: String(contentsOfFile: path, encoding: .utf8)).promises()
    guard !promises.all.isEmpty else { throw ValidationError("\(path) promises nothing.") }
    let sqlite = FirstPrompt.find("sqlite3")
    if natsh != nil, sqlite == nil, measurements == nil {
      print("skipped: the first prompt, as there is no sqlite3 to compare with")
    }
    var found = try measurements.map { try Self.read($0) } ?? brief(rounds: 5, sqlite: sqlite)
    var findings = Guard.findings(of: found, documented: promises)
    if measurements == nil, findings.contains(where: \.isTooMuch) {
      print("once more, for longer: " + findings.filter(\.isTooMuch).map(\.text).joined(separator: "; "))
      found = try brief(rounds: 21, sqlite: sqlite)
      findings = Guard.findings(of: found, documented: promises)
    }
    for finding in findings { print((finding.isTooMuch ? "TOO SLOW  " : "ok        ") + finding.text) }
    guard !findings.isEmpty else { throw ValidationError("nothing was measured that \(path) promises.") }
    if findings.contains(where: \.isTooMuch) { throw ExitCode.failure }
  }

  private func brief(rounds: Int, sqlite: String?) throws -> Measurements {
    var found = Measurements()
    for size in [1_000, Target.size] {
      for measurement in try NATRows(size: size, rounds: rounds, batches: 16).measure() { found.add(measurement) }
    }
    for measurement in try SimulatorRows.endToEnd(mappings: Target.size, rounds: rounds, batches: 16) {
      found.add(measurement)
    }
    for measurement in try SimulatorRows.crowds(users: [10, 1_000], rounds: rounds) {
      found.add(measurement)
    }
    for measurement in try SimulatorRows.traversal(rounds: rounds) { found.add(measurement) }
    if let natsh, let sqlite {
      for measurement in try FirstPrompt.measure(natsh: natsh, sqlite: sqlite, rounds: rounds * 3) {
        found.add(measurement)
      }
    }
    return found
  }

  /// Runs scripts that do one thing ever more often.
  func checkGrowth() throws {
    guard let natsh else { throw ValidationError("--linear needs --natsh.") }
    let growth = Growth(natsh: URL(fileURLWithPath: natsh).path)
    var isTooMuch = false
    for row in GrowthRow.all {
      for finding in try growth.findings(of: row) {
        print((finding.isTooMuch ? "TOO SLOW  " : "ok        ") + finding.text)
        isTooMuch = isTooMuch || finding.isTooMuch
      }
    }
    if isTooMuch { throw ExitCode.failure }
  }
}
