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
  static var standard: SittingFiles? { StateFolder.beside("sittings").map { SittingFiles(folder: $0.path) } }

  /// The most sittings kept, so that they do not fill the disk.
  static let most = 500

  /// Begins a sitting's file.
  func begin(_ lesson: String) throws(SystemError) -> String {
    let folder = folder(of: lesson)
    try folder.make()
    let last = folder.names(ending: Self.ending).compactMap { Int($0.prefix { $0.isNumber }) }.max() ?? 0
    for number in last + 1...last + 64 where number <= Self.most {
      let digits = String(number)
      let path = "\(folder.path)/\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)\(Self.ending)"
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
    let folder = folder(of: lesson)
    return folder.names(ending: Self.ending).compactMap { name in
      let lines = folder.text(of: name, atMost: 1 << 20)?.split(separator: "\n").map(String.init) ?? []
      return lines.isEmpty ? nil : lines
    }
  }

  private static let ending = ".natsh"

  private func folder(of lesson: String) -> StateFolder { StateFolder(path: folder + "/" + lesson) }
}
