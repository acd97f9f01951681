// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The project's folder, as the tests see it.
public enum Repository {
  /// The folder that holds Package.swift.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file, named from the project's folder.
  public static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Replaces a file, for tests that record what they saw.
  public static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: root.appending(path: path), options: .atomic)
  }

  /// Whether tests are to record what they see instead of comparing it (`RECORD=1 swift test`).
  public static let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"

  /// The files below a folder whose names end in one of the given ways, in the order of their paths, named from the
  /// project's folder. Hidden folders, which hold what is built, are left out.
  public static func files(below folder: String, endingIn endings: [String]) -> [String] {
    let start = root.appending(path: folder)
    let found = FileManager.default.enumerator(
      at: start, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    let prefix = root.path(percentEncoded: false)
    return (found?.allObjects as? [URL] ?? [])
      .map { String($0.path(percentEncoded: false).dropFirst(prefix.count)) }
      .filter { path in endings.contains { path.hasSuffix($0) } }
      .sorted()
  }
}
