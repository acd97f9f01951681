// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Terminals

/// The time from starting a program to its first prompt, on a pseudo-terminal, as in a learner's terminal window.
struct FirstPrompt {
  enum Failure: Error {
    /// The program did not show its prompt within seconds.
    case noPrompt(String, printed: String)
  }

  /// Both programs start in the same empty home, so that no history and no start file of the machine's owner counts.
  let environment: [String]

  init(home: String) {
    environment = ["HOME=\(home)", "PATH=/usr/bin:/bin", "TERM=xterm-256color", "LANG=C.UTF-8"]
  }

  /// Natsh and sqlite3 in turn; sqlite3's row only if it is installed.
  static func measure(natsh: String, sqlite: String?, rounds: Int) throws -> [Measurement] {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("natsh-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let prompts = FirstPrompt(home: home.path)
    var (ours, theirs) = (Samples(), Samples())
    // The first start of each reads it from the disk and is not counted.
    for round in 0...rounds {
      let own = try prompts.milliseconds(natsh, prompt: "natsh\u{1B}[m> ")
      let other = try sqlite.map { try prompts.milliseconds($0, prompt: "sqlite> ") }
      guard round > 0 else { continue }
      ours.values.append(own)
      if let other { theirs.values.append(other) }
    }
    guard sqlite != nil else { return [Measurement(row: .firstPrompt, value: ours.median)] }
    // Of medians: one start that was held up should not count twice.
    let ratio = ours.median / theirs.median
    return [
      Measurement(row: .sqlitePrompt, value: theirs.median),
      Measurement(row: .firstPrompt, value: ours.median, ratio: ratio),
    ]
  }

  /// Starts the program and waits for its prompt.
  func milliseconds(_ program: String, prompt: String) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let child = try TerminalProgram([program], environment: environment)
    defer { child.kill() }
    let wanted = Array(prompt.utf8)
    var printed: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while clock.now - start < .seconds(10) {
      var watched = pollfd(fd: child.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 1_000) > 0 else { continue }
      let count = read(child.descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      printed += chunk[..<count]
      if printed.count >= wanted.count, printed[(printed.count - wanted.count)...].elementsEqual(wanted) {
        return (clock.now - start).nanoseconds / 1e6
      }
    }
    throw Failure.noPrompt(program, printed: String(decoding: printed, as: UTF8.self))
  }

  /// The path of a program of that name; nil if PATH has none.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
