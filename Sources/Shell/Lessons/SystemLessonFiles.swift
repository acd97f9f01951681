// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The file system as lessons see it: with care for files that nobody vouches for.
enum SystemLessonFiles {
  typealias Failure = LessonFiles.Failure

  /// The bytes of a regular file; its size is checked before any byte is read.
  ///
  /// - Parameter followsLinks: whether to read the file that a symbolic link leads to; else a link is a failure.
  static func bytes(at path: String, atMost limit: Int, followsLinks: Bool = true) throws(Failure) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw Failure(message: said("that is not a file name")) }
    // Without O_NONBLOCK, opening a named pipe waits for someone to write to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      let code = errno
      throw Failure(
        message: code == ELOOP && !followsLinks ? said("it is a symbolic link, which is not followed") : reason(code))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(message: reason(errno)) }
    if status.st_mode & S_IFMT == S_IFDIR { throw Failure(message: said("it is a folder, not a file")) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(message: said("it is not a file")) }
    guard status.st_size <= limit else { throw tooLarge(Int(status.st_size), limit) }
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readAll(from: descriptor, atMost: limit)
    } catch {
      throw Failure(message: error.reason)
    }
    guard bytes.count <= limit else { throw tooLarge(bytes.count, limit) }
    return bytes
  }

  private static func tooLarge(_ size: Int, _ limit: Int) -> Failure {
    Failure(
      message: said("it is \(size >> 20) MB, and at most \(max(limit >> 20, 1)) MB are read")
        + (size >> 20 == limit >> 20 ? said("; it is a little larger") : ""))
  }

  private static func reason(_ code: Int32) -> String { SystemError(code: code).reason }

  /// The names of the Markdown files in a folder, in order; README.md is for those who look into the folder.
  static func markdownNames(in folder: String) throws(Failure) -> [String] {
    try names(in: folder, ending: ".md").filter { $0.lowercased() != "readme.md" }
  }

  /// The names in a folder with that ending, in order; hidden ones are left out.
  static func names(in folder: String, ending: String) throws(Failure) -> [String] {
    guard let directory = opendir(folder) else { throw Failure(message: reason(errno)) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      if name.hasSuffix(ending), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether the file is a symbolic link to somewhere outside its own folder.
  static func leadsOut(_ path: String) -> Bool {
    guard let file = realPath(path), let folder = realPath(LessonFiles.folder(of: path)) else { return false }
    return !file.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// The path without symbolic links; nil if nothing is there.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

extension LessonFiles {
  /// The machine's own files.
  public static let system = LessonFiles(
    bytes: { path, limit throws(Failure) in try SystemLessonFiles.bytes(at: path, atMost: limit) },
    markdownNames: { folder throws(Failure) in try SystemLessonFiles.markdownNames(in: folder) },
    isFolder: SystemLessonFiles.isFolder, leadsOut: SystemLessonFiles.leadsOut,
    realPath: SystemLessonFiles.realPath,
    scriptNames: { folder throws(Failure) in try SystemLessonFiles.names(in: folder, ending: ".natsh") },
    unfollowedBytes: { path, limit throws(Failure) in
      try SystemLessonFiles.bytes(at: path, atMost: limit, followsLinks: false)
    })
}
