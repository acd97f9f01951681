// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Temporary files: written under a name of their own, beside the file whose place they then take.
///
/// The maker holds the file's lock until it has taken that place. A file whose lock is free was left by a natsh that
/// was killed, and is removed when the next of its kind is made in that folder.
enum PassingFile {
  /// The file's purpose, which begins its name.
  enum Purpose: String {
    case save = ".natsh-save-"
    case export = ".natsh-export-"
  }

  private static let pattern = "XXXXXX"

  /// Makes one, open for writing and locked.
  static func make(in folder: String, for purpose: Purpose) throws(SystemError) -> (path: String, descriptor: Int32) {
    while true {
      var template = Array("\(folder)/\(purpose.rawValue)\(pattern)".utf8CString)
      let descriptor = mkstemp(&template)
      guard descriptor >= 0 else { throw .last }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      // A file system without locks keeps the leftovers; that is not a reason not to save.
      _ = flock(descriptor, LOCK_EX | LOCK_NB)
      let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      var status = stat()
      // Another process may have swept it away before it was locked.
      if fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (path, descriptor) }
      close(descriptor)
    }
  }

  /// Removes files that nobody is writing any more.
  static func sweep(_ folder: String, of purpose: Purpose) {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let lead = purpose.rawValue
      guard name.hasPrefix(lead), name.utf8.count == lead.utf8.count + pattern.utf8.count else { continue }
      remove(folder + "/" + name)
    }
  }

  private static func remove(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}
