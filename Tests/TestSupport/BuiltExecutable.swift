// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The natsh that was built beside the tests: the one place that knows where it is and how it is called.
public enum BuiltExecutable {
  /// `NATSH_EXECUTABLE`, or the executable in the folder that the test bundle was built into.
  public static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["NATSH_EXECUTABLE"] { return URL(filePath: path) }
    #if os(Linux)
      let test = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
      let test = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
    #endif
    return test.deletingLastPathComponent().appending(path: "natsh")
  }()

  /// The same as a path.
  public static let path = url.path(percentEncoded: false)

  /// The output of a run, and how it ended.
  public struct Outcome: Sendable {
    public var output: String
    public var errors: String
    public var status: Int32
  }

  /// Runs natsh to its end without a terminal, in a state folder of its own, 80 columns wide and in English.
  public static func run(_ arguments: [String], input: String = "", folder: URL = Repository.root) throws -> Outcome {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    // Files rather than pipes: no output, however long, can fill them and leave both sides waiting.
    let streams = ["in", "out", "err"].map { scratch.appending(path: $0) }
    for (file, text) in zip(streams, [input, "", ""]) { try Data(text.utf8).write(to: file) }

    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": scratch.path(percentEncoded: false), "LC_ALL": "C.UTF-8", "COLUMNS": "80",
      "XDG_STATE_HOME": scratch.path(percentEncoded: false),
    ]
    process.standardInput = try FileHandle(forReadingFrom: streams[0])
    process.standardOutput = try FileHandle(forWritingTo: streams[1])
    process.standardError = try FileHandle(forWritingTo: streams[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: streams[2]), as: UTF8.self), status: process.terminationStatus)
  }
}
