// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Runs each ``GrowthRow`` in ever larger sizes, as a script of the built executable: ten times as many must take about
/// ten times the processor's time. A cost that grows with the square of the size would take a hundred times as long.
struct Growth {
  /// The most that ten times as many may take, in times: more than sorting and a cache that is outgrown account for.
  static let limit = 22.0

  enum Failure: Error {
    case failed(row: String, size: Int, status: Int32, said: String)
  }

  struct Finding {
    let row: String
    let size: Int
    let seconds: Double
    /// The time as a multiple of that of the size before it; nil for the first.
    let ratio: Double?

    var isTooMuch: Bool { (ratio ?? 0) > Growth.limit }

    var text: String {
      "\(row): \(grouped(size)) in \(decimal(seconds)) s"
        + (ratio.map { ", \(decimal($0)) times what a tenth of it takes" } ?? "")
    }
  }

  let natsh: String

  /// The findings of a row, up to the first size that takes too long.
  func findings(of row: GrowthRow) throws -> [Finding] {
    var found: [Finding] = []
    var before: (size: Int, seconds: Double)?
    // The cost of starting does not belong to the row.
    let start = try best(of: 3, row: row, size: row.sizes[0] / 100 + 1)
    for size in row.sizes {
      var seconds = max(try best(of: size <= row.sizes[1] ? 3 : 1, row: row, size: size) - start, 1e-4)
      var ratio = before.map { seconds / $0.seconds * 10 / (Double(size) / Double($0.size)) }
      if let first = ratio, first > Self.limit {
        // The machine may have been busy; if it happens twice in a row, it is the program.
        seconds = min(seconds, max(try best(of: 2, row: row, size: size) - start, 1e-4))
        ratio = before.map { seconds / $0.seconds * 10 / (Double(size) / Double($0.size)) }
      }
      found.append(Finding(row: row.name, size: size, seconds: seconds, ratio: ratio))
      if found.last?.isTooMuch == true { break }
      before = (size, seconds)
    }
    return found
  }

  private func best(of rounds: Int, row: GrowthRow, size: Int) throws -> Double {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("natsh-growth-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in row.files(size) {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    var best = Double.infinity
    for _ in 0..<rounds { best = min(best, try seconds(in: folder, row: row.name, size: size)) }
    return best
  }

  /// The processor's time of one run.
  private func seconds(in folder: URL, row: String, size: Int) throws -> Double {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: natsh)
    child.arguments = ["--lessons", folder.path, "main.natsh"]
    child.currentDirectoryURL = folder
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    child.standardError = errors
    let before = Self.childrensTime
    try child.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    guard child.terminationStatus == 0 else {
      throw Failure.failed(
        row: row, size: size, status: child.terminationStatus,
        said: String(decoding: said.prefix(500), as: UTF8.self))
    }
    return Self.childrensTime - before
  }

  /// Processor time of the finished child processes, in seconds.
  private static var childrensTime: Double {
    var usage = rusage()
    // RUSAGE_CHILDREN, whose type is not that of the parameter everywhere.
    getrusage(-1, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
