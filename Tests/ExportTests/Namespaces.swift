// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport

/// Network namespaces on this machine, if it gives them.
enum Namespaces {
  /// Why there are none; nil where there are.
  static let missing: Comment? = {
    #if os(Linux)
      for tool in ["ip", "nft", "tc", "unshare"] where Program.path(of: tool) == nil { return "there is no '\(tool)'" }
      let trial =
        "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add x && ip netns exec x nft add table ip x"
      let outcome = try? Program.run("bash", ["-c", "unshare \(own) bash -c '\(trial)'"])
      guard outcome?.status == 0 else {
        return "network namespaces with nftables cannot be had: \(outcome?.errors.split(separator: "\n").last ?? "")"
      }
      return nil
    #else
      return "they are Linux's"
    #endif
  }()

  typealias Comment = String

  /// Root needs no user namespace.
  private static var own: String { getuid() == 0 ? "--mount --net" : "--map-root-user --mount --net" }

  /// The program that sends and receives in them.
  static var probe: String {
    BuiltExecutable.url.deletingLastPathComponent().appending(path: "NamespaceProbe").path(percentEncoded: false)
  }
}

/// Other programs.
enum Program {
  /// What a run printed, and how it ended.
  struct Outcome {
    var output: String
    var errors: String
    var status: Int32
  }

  static let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

  static func path(of name: String) -> String? {
    folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs one to its end.
  static func run(_ name: String, _ arguments: [String], input: String = "") throws -> Outcome {
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
  static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString).sh")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path(percentEncoded: false))
  }
}
