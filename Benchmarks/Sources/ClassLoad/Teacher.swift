// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Terminals

/// A teacher who types at natsh's prompt, in a terminal.
final class Teacher {
  private let program: TerminalProgram
  private(set) var printed: [UInt8] = []
  private var asked: ContinuousClock.Instant?
  private(set) var waits: [Duration] = []

  var descriptor: Int32 { program.descriptor }

  init(natsh: String, home: String) throws {
    program = try TerminalProgram(
      [natsh],
      environment: [
        "HOME=\(home)", "XDG_STATE_HOME=\(home)", "PATH=/usr/bin:/bin", "TERM=dumb", "LANG=C.UTF-8", "NO_COLOR=1",
        "INPUTRC=/dev/null",
      ], columns: 200, rows: 50)
    try waitForPrompt()
  }

  func kill() { program.kill() }

  func type(_ line: String, at now: ContinuousClock.Instant) {
    printed.removeAll(keepingCapacity: true)
    asked = now
    let bytes = Array((line + "\r").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// Reads what was printed; returns whether the prompt has come back.
  func receive(into buffer: inout [UInt8], at now: ContinuousClock.Instant) -> Bool {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return false }
    printed += buffer[..<count]
    guard isAtPrompt else { return false }
    if let asked { waits.append(now - asked) }
    asked = nil
    return true
  }

  /// The prompt is the last line, and what was typed is on a line before it.
  private var isAtPrompt: Bool {
    guard printed.suffix(2).elementsEqual(Array("> ".utf8)) else { return false }
    let line = printed.lastIndex(of: 10).map { printed[($0 + 1)...] } ?? (asked == nil ? printed[...] : [])
    return String(decoding: line, as: UTF8.self).contains("natsh")
  }

  /// Types a line, and waits for the prompt after it.
  func type(_ line: String, noting typing: Typing) throws {
    let now = ContinuousClock.now
    typing.note(now)
    type(line, at: now)
    try waitForPrompt()
  }

  /// Types a line that is not measured, and returns what it printed.
  @discardableResult
  func run(_ line: String) throws -> String {
    type(line, at: .now)
    try waitForPrompt()
    waits.removeLast()
    return String(decoding: printed, as: UTF8.self)
  }

  private func waitForPrompt() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 30_000) > 0 else {
        throw LoadFailure("natsh does not answer: \(String(decoding: printed.suffix(500), as: UTF8.self))")
      }
      if receive(into: &buffer, at: .now) || asked == nil && isAtPrompt { return }
    }
  }

  func forgetWaits() { waits = [] }

  /// The memory that natsh holds, in bytes; nil where the system does not tell.
  var residentBytes: Int? {
    let status = try? String(contentsOfFile: "/proc/\(program.process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1_024 }
  }
}
