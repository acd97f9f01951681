// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A program other than natsh.
public enum Program {
  /// The output of a run, and how it ended.
  public struct Outcome {
    public var output: String
    public var errors: String
    public var status: Int32
  }

  public static let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

  public static func path(of name: String) -> String? {
    folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs the program to its end.
  public static func run(_ name: String, _ arguments: [String], input: String = "") throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let streams = ["in", "out", "err"].map { folder.appending(path: $0) }
    for (file, text) in zip(streams, [input, "", ""]) { try Data(text.utf8).write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: path(of: name) ?? name)
    process.arguments = arguments
    process.environment = ["PATH": folders.joined(separator: ":"), "LC_ALL": "C.UTF-8"]
    process.standardInput = try FileHandle(forReadingFrom: streams[0])
    process.standardOutput = try FileHandle(forWritingTo: streams[1])
    process.standardError = try FileHandle(forWritingTo: streams[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: streams[2]), as: UTF8.self), status: process.terminationStatus)
  }

  /// A file with that text while `body` runs.
  public static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString).sh")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path(percentEncoded: false))
  }
}
