// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A laboratory at whose prompt a test types one command after the other, and looks at natsh's process in between.
final class RunningLaboratory {
  /// What has gone wrong, rather than with the laboratory.
  enum Trouble: Error { case noAnswer(to: String, errors: String) }

  let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let folder: ScratchFolder
  private var pending: [UInt8] = []

  /// Opens it over the network that `commands` build.
  init(_ commands: String) throws {
    folder = try ScratchFolder()
    process.executableURL = BuiltExecutable.url
    process.arguments = ["lab", "-c", commands, "--json"]
    process.environment = ["PATH": Program.folders.joined(separator: ":"), "LC_ALL": "C.UTF-8"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: try folder.write("", to: "errors"))
    // A thread of the tests' may not take signals, and what it starts would inherit that.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  var errors: String { (try? String(contentsOfFile: "\(folder.path)/errors", encoding: .utf8)) ?? "" }

  /// Has a command carried out; returns its result. A command that fails has none.
  @discardableResult
  func say(_ command: String, within seconds: Double = 60) throws -> [String: Any] {
    try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    let descriptor = output.fileHandleForReading.fileDescriptor
    let end = Date(timeIntervalSinceNow: seconds)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let newline = pending.firstIndex(of: 10) {
        let line = Data(pending[..<newline])
        pending.removeSubrange(...newline)
        return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Int32(max(0, end.timeIntervalSinceNow * 1_000))) > 0 else {
        throw Trouble.noAnswer(to: command, errors: errors)
      }
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw Trouble.noAnswer(to: command, errors: errors) }
      pending += chunk[..<count]
    }
  }

  /// What a started program has printed so far.
  func printed(by program: Int) throws -> String { try say("jobs \(program)")["output"] as? String ?? "" }

  /// Waits until a started program has printed `text`; false if it does not in time.
  func waits(_ seconds: Double, for text: String, by program: Int) throws -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while try !printed(by: program).contains(text) {
      if Date() > end { return false }
      usleep(50_000)
    }
    return true
  }

  /// The descriptors that natsh has open.
  var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/fd").count) ?? 0
  }

  /// The memory that natsh has, in megabytes.
  var megabytes: Int {
    let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1_024
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
}
