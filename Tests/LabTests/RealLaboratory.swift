// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// `natsh lab` on this machine, if it allows namespaces and TUN devices.
enum RealLaboratory {
  /// Why there is none; nil if there is.
  static let missing: Namespaces.Comment? = {
    #if os(Linux)
      guard let outcome = try? run("host alice", "-- run alice true") else { return "natsh cannot be run" }
      return outcome.status == 0 ? nil : "no laboratory can be had: \(outcome.errors)"
    #else
      return "it is Linux's"
    #endif
  }()

  /// Why programs that a test needs, or the laboratory, cannot be had; nil if all is there.
  static func missing(_ programs: String...) -> Namespaces.Comment? {
    if let missing { return missing }
    return programs.first { Program.path(of: $0) == nil }.map { "there is no '\($0)'" }
  }

  /// Why the same programs cannot be run through the machine's kernel; nil if they can.
  static let noComparison =
    Namespaces.missing ?? missing("turnserver", "turnutils_natdiscovery", "ip", "nft", "ping")

  /// Runs programs in the places of a network that `commands` build.
  ///
  /// - Parameter words: what follows them, separated by spaces; `%N` stands for `arguments[N]`, which may have spaces.
  static func run(
    _ commands: String, _ words: String, _ arguments: String..., input: String = "", seconds: Int = 60
  ) throws -> Program.Outcome {
    let words = words.split(separator: " ").map { word in
      word.first == "%" ? Int(word.dropFirst()).map { arguments[$0] } ?? String(word) : String(word)
    }
    return try natsh(["lab", "-c", commands] + words, input: input, seconds: seconds)
  }

  /// Runs the built natsh, which is killed when its time is up.
  static func natsh(_ arguments: [String], input: String = "", seconds: Int = 60) throws -> Program.Outcome {
    try Program.run(
      "timeout", ["--kill-after=2", "\(seconds)", BuiltExecutable.path] + arguments, input: input)
  }

  /// The pair that punches.
  static let pair = BuiltExecutable.url.deletingLastPathComponent().appending(path: "PunchingPair")
    .path(percentEncoded: false)
}

/// The tests that open laboratories, one after the other: several at a time would measure each other.
@Suite(.enabled(if: RealLaboratory.missing == nil, Comment(rawValue: RealLaboratory.missing ?? "")), .serialized)
struct RealLaboratoryTests {}

/// A folder of its own, removed with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "natsh-lab-\(UUID().uuidString)")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into it; returns its path.
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  func write(_ data: Data, to name: String) throws -> String {
    try data.write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}
