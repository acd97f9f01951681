// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Keeps what a learner does in lessons, one file per sitting, so that all of it can be handed in whatever happens.
///
/// Each command is appended as soon as it has been carried out: a crash loses none. Two shells have two files.
struct SittingFiles: Sendable {
  /// The folder of all lessons' folders.
  let folder: String

  /// Beside the history; nil if there is no home folder.
  static var standard: SittingFiles? {
    HistoryFile.defaultPath.map { SittingFiles(folder: WholeFile.folder(of: $0) + "/sittings") }
  }

  /// The most sittings kept, so that they do not fill the disk.
  static let most = 500

  /// Begins a sitting's file.
  func begin(_ lesson: String) throws(SystemError) -> String {
    let folder = folder + "/" + lesson
    try WholeFile.makeFolder(folder)
    let last = Self.names(in: folder).compactMap { Int($0.prefix { $0.isNumber }) }.max() ?? 0
    for number in last + 1...last + 64 where number <= Self.most {
      let digits = String(number)
      let path = "\(folder)/\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits).natsh"
      // O_EXCL: another shell may just have begun one.
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 {
        close(descriptor)
        return path
      }
      guard errno == EEXIST else { throw .last }
    }
    throw SystemError(code: EMFILE)
  }

  /// Writes lines at the end of a sitting's file.
  static func append(_ lines: [String], to path: String) throws(SystemError) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    try writeAll(lines.map { $0 + "\n" }.joined(), to: descriptor)
  }

  /// The commands of all sittings of a lesson, in their order.
  func sittings(of lesson: String) -> [[String]] {
    let folder = folder + "/" + lesson
    return Self.names(in: folder).compactMap { name in
      guard let bytes = try? SystemLessonFiles.bytes(at: folder + "/" + name, atMost: 1 << 20, followsLinks: false)
      else {
        return nil
      }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      return lines.isEmpty ? nil : lines
    }
  }

  private static func names(in folder: String) -> [String] {
    (try? SystemLessonFiles.names(in: folder, ending: ".natsh")) ?? []
  }
}
