// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A program on a pseudo-terminal, as in a person's terminal window.
public struct TerminalProgram {
  public enum Failure: Error {
    case noTerminal(code: Int32)
    case notStarted(String, code: Int32)
  }

  /// The window's side of the terminal: what is written there is typed, what is read there was printed.
  public let descriptor: Int32
  public let process: pid_t

  /// - Parameters:
  ///   - words: the program's path and its arguments.
  ///   - environment: `NAME=VALUE` each.
  public init(_ words: [String], environment: [String], columns: UInt16 = 80, rows: UInt16 = 24) throws {
    var (window, program): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var path = [CChar](repeating: 0, count: 1_024)
    guard openpty(&window, &program, &path, nil, &size) == 0 else { throw Failure.noTerminal(code: errno) }
    _ = close(program)
    descriptor = window
    let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    process = try Self.spawn(words, environment, on: name, window: window)
  }

  /// Ends the program at once, and closes its terminal.
  public func kill() {
    _ = Foundation.kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    _ = close(descriptor)
  }

  private static func spawn(
    _ words: [String], _ environment: [String], on terminal: String, window: Int32
  ) throws -> pid_t {
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
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_addclose(&actions, window)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0], &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw Failure.notStarted(words[0], code: code) }
    return child
  }
}
