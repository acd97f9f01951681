// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writing a file whole or not at all.
enum WholeFile {
  enum Failure: Error {
    /// The path contains a NUL, or is empty.
    case unusablePath
    case folder
    case missingFolder(String)
    /// No new file can be made in the folder.
    case folderRefuses(String, SystemError)
    /// A named pipe that nothing reads from.
    case noReader
    case system(SystemError)

    /// The system's word for it.
    var cause: SystemError {
      switch self {
      case .system(let error), .folderRefuses(_, let error): error
      case .unusablePath, .folder, .missingFolder, .noReader: SystemError(code: EINVAL)
      }
    }
  }

  /// Replaces the file at `path` by `text`: readers see the old file or the new one and never a part, and a failure
  /// leaves the old one as it was. An existing file keeps its permissions and, where allowed, its owner; a symbolic
  /// link stays one, and the file it points to is replaced. Anything but a regular file (a pipe, a device) is written
  /// to, and so is an open descriptor of natsh's own under whatever name (`/dev/stdout`), since the file behind it
  /// belongs to somebody else. If `isExecutable`, a new file may be run.
  static func write(_ text: String, to path: String, isExecutable: Bool = false) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .unusablePath }
    let target: String
    switch Destination(path) {
    case .descriptor(let descriptor):
      do throws(SystemError) { try writeAll(text, to: descriptor) } catch { throw .system(error) }
      return
    case .path(let path): target = path
    }
    var status = stat()
    let exists = stat(target, &status) == 0
    if !exists, errno != ENOENT { throw .system(.last) }
    if exists, status.st_mode & S_IFMT == S_IFDIR { throw .folder }
    if exists, access(target, W_OK) != 0 { throw .system(.last) }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      try writeInPlace(text, to: target)
      return
    }
    let folder = Self.folder(of: target)
    if !exists {
      if target.utf8.last == UInt8(ascii: "/") || access(folder, F_OK) != 0 { throw .missingFolder(folder) }
    }
    try replace(target, in: folder, by: text, mode: isExecutable ? 0o777 : 0o666, like: exists ? status : nil)
  }

  /// Whether there is a non-empty file of that name, which writing would replace.
  static func holdsSomething(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  }

  /// The folder part of a path; `.` if there is none.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder and those above it, accessible to the owner alone.
  static func makeFolder(_ folder: String) throws(SystemError) {
    if access(folder, F_OK) == 0 { return }
    let parent = Self.folder(of: folder)
    if parent != folder { try makeFolder(parent) }
    if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .last }
  }

  private static func writeInPlace(_ text: String, to path: String) throws(Failure) {
    // Without O_NONBLOCK, opening a named pipe waits for a reader, and Ctrl-C would not end the wait.
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw errno == ENXIO ? .noReader : .system(.last) }
    do throws(SystemError) {
      try writeAll(text, to: descriptor)
    } catch {
      close(descriptor)
      throw .system(error)
    }
    guard close(descriptor) == 0 else { throw .system(.last) }
  }

  private static func replace(
    _ path: String, in folder: String, by text: String, mode: mode_t, like old: stat?
  ) throws(Failure) {
    let temporary: String
    let descriptor: Int32
    do throws(SystemError) {
      PassingFile.sweep(folder, of: .save)
      (temporary, descriptor) = try PassingFile.make(in: folder, for: .save)
    } catch {
      throw .folderRefuses(folder, error)
    }
    do throws(SystemError) {
      if let old {
        // Only the administrator may give files away; everyone else owns the file already.
        _ = fchown(descriptor, old.st_uid, old.st_gid)
        try check(fchmod(descriptor, old.st_mode & 0o7777))
      } else {
        let mask = umask(0)
        umask(mask)
        try check(fchmod(descriptor, mode & ~mask))
      }
      try writeAll(text, to: descriptor)
      try check(fsync(descriptor))
    } catch {
      close(descriptor)
      unlink(temporary)
      throw .system(error)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = SystemError.last
      unlink(temporary)
      throw .system(error)
    }
    // The new name must outlive a power cut as well; a file system that cannot promise it does not make saving fail.
    let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  private static func check(_ result: Int32) throws(SystemError) {
    if result != 0 { throw .last }
  }
}
