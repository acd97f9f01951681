// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reading a file that nobody vouches for.
package enum LessonFile {
  /// Bytes in the largest file that is read.
  package static let largest = 1 << 20

  package struct Failure: Error, Hashable, Sendable {
    package var message: String
  }

  /// The bytes of a regular file; its size is looked at before any byte is.
  package static func bytes(at path: String, atMost limit: Int = largest) throws(Failure) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw Failure(message: "that is no file name") }
    // Without O_NONBLOCK, opening a named pipe waits for someone to write to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(message: reason(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(message: reason(errno)) }
    if status.st_mode & S_IFMT == S_IFDIR { throw Failure(message: "it is a folder, not a file") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(message: "it is no file") }
    guard status.st_size <= limit else { throw tooLarge(Int(status.st_size), limit) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(message: reason(errno))
      }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if bytes.count > limit { throw tooLarge(bytes.count, limit) }
    }
  }

  private static func tooLarge(_ size: Int, _ limit: Int) -> Failure {
    Failure(
      message: "it has \(size >> 20) MB, and at most \(max(limit >> 20, 1)) MB are read"
        + (size >> 20 == limit >> 20 ? "; it is a little larger" : ""))
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "you have no permission to read it"
    case ENOTDIR: "a part of the path is a file and no folder"
    case ELOOP: "its symbolic links go round in a circle"
    default: String(cString: strerror(code))
    }
  }

  /// The names of the Markdown files in a folder, in order; README.md is for those who look into the folder.
  package static func markdownNames(in folder: String) throws(Failure) -> [String] {
    guard let directory = opendir(folder) else { throw Failure(message: reason(errno)) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      if name.hasSuffix(".md"), !name.hasPrefix("."), name.lowercased() != "readme.md" { names.append(name) }
    }
    return names.sorted()
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether the file is a symbolic link to somewhere outside of the folder that it stands in.
  package static func leadsOut(_ path: String) -> Bool {
    guard let file = realPath(path), let folder = realPath(Self.folder(of: path)) else { return false }
    return !file.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// The folder part of a path; `.` where there is none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// The path without symbolic links; nil where nothing is there.
  package static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
