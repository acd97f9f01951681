// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The file that remembers a learner's progress through the lessons, for several shells at once.
///
/// Each event is worked into the file as it is then, under a lock, so that no shell loses another's; the file is
/// replaced whole, so that a crash leaves the old one or the new.
struct ProgressFile: Sendable {
  let path: String
  private let patience = LockPatience()

  init(path: String) {
    self.path = path
  }

  /// Beside the history; nil if there is no home folder.
  static var standard: ProgressFile? {
    HistoryFile.defaultPath.map { ProgressFile(path: WholeFile.folder(of: $0) + "/progress") }
  }

  var keeper: ProgressKeeper {
    ProgressKeeper(load: load, record: record)
  }

  /// The file's contents; empty if there is no file, or it does not contain progress.
  func load() -> Progress {
    guard let bytes = try? SystemLessonFiles.bytes(at: path, atMost: 4 << 20) else { return Progress() }
    return Progress(text: String(decoding: bytes, as: UTF8.self))
  }

  /// Works an event into the file; returns why that could not be done.
  func record(_ event: ProgressEvent) -> String? {
    do throws(SystemError) {
      try WholeFile.makeFolder(WholeFile.folder(of: path))
      // The lock is a separate file, since the other one is replaced each time.
      let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard lock >= 0 else { throw .last }
      defer { close(lock) }
      try patience.lock(lock)
      var progress = load()
      progress.apply(event)
      do throws(WholeFile.Failure) {
        try WholeFile.write(progress.text, to: path)
        return nil
      } catch {
        return "'\(path)': \(FileFailure(saving: path, error).message)"
      }
    } catch {
      return "'\(path)': \(error.reason)"
    }
  }
}

extension ProgressKeeper {
  /// Remembers in the learner's own file, for the shell; nil if there is nowhere to keep one.
  public static var standard: ProgressKeeper? { ProgressFile.standard?.keeper }
}
