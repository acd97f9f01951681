// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The time from starting a program to its first prompt, on a pseudo-terminal, as in a learner's terminal window.
struct FirstPrompt {
  enum Failure: Error {
    case noTerminal(code: Int32)
    case notStarted(String, code: Int32)
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
    let terminal = try Terminal()
    defer { terminal.close() }
    let clock = ContinuousClock()
    let start = clock.now
    let child = try spawn(program, on: terminal)
    defer {
      kill(child, SIGKILL)
      var status: Int32 = 0
      waitpid(child, &status, 0)
    }
    let wanted = Array(prompt.utf8)
    var printed: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while clock.now - start < .seconds(10) {
      var watched = pollfd(fd: terminal.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 1_000) > 0 else { continue }
      let count = read(terminal.descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      printed += chunk[..<count]
      if printed.count >= wanted.count, printed[(printed.count - wanted.count)...].elementsEqual(wanted) {
        return (clock.now - start).nanoseconds / 1e6
      }
    }
    throw Failure.noPrompt(program, printed: String(decoding: printed, as: UTF8.self))
  }

  private func spawn(_ program: String, on terminal: Terminal) throws -> pid_t {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
      var actions: posix_spawn_file_actions_t?
      let newSession: Int16 = 0x400
    #else
      var attributes = posix_spawnattr_t()
      var actions = posix_spawn_file_actions_t()
      let newSession: Int16 = 0x80
    #endif
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    // In a session of its own the terminal that it opens first is the one that controls it.
    posix_spawnattr_setflags(&attributes, newSession)
    posix_spawn_file_actions_addopen(&actions, 0, terminal.name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_addclose(&actions, terminal.descriptor)
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw Failure.notStarted(program, code: code) }
    return child
  }

  /// The side of a pseudo-terminal that a terminal's window has.
  private struct Terminal {
    let descriptor: Int32
    let name: String

    init() throws {
      var (window, program): (Int32, Int32) = (-1, -1)
      var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
      var path = [CChar](repeating: 0, count: 1_024)
      guard openpty(&window, &program, &path, nil, &size) == 0 else { throw Failure.noTerminal(code: errno) }
      _ = Foundation.close(program)
      descriptor = window
      name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func close() { _ = Foundation.close(descriptor) }
  }

  /// The path of a program of that name; nil if PATH has none.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
