// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The place to which a path leads that is to be written.
enum Destination {
  /// Symbolic links followed, even to a file that does not exist yet.
  case path(String)
  /// An open descriptor of this process, such as `/dev/stdout`: whatever is behind it must be appended to, not
  /// replaced.
  case descriptor(Int32)

  /// A few more symbolic links than the system itself would follow.
  private static let mostLinks = 40

  init(_ path: String) {
    var target = path
    for _ in 0..<Self.mostLinks {
      if let descriptor = Self.descriptor(target) {
        self = .descriptor(descriptor)
        return
      }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(target, &buffer, buffer.count)
      guard count > 0, count < buffer.count else { break }
      let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      target = link.utf8.first == UInt8(ascii: "/") ? link : WholeFile.folder(of: target) + "/" + link
    }
    self = .path(SystemLessonFiles.realPath(target) ?? target)
  }

  /// The descriptor that a path names in the folder of this process's descriptors.
  private static func descriptor(_ path: String) -> Int32? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
      let number = Int32(path[path.utf8.index(after: slash)...]), number >= 0
    else { return nil }
    // `/dev/fd` is a folder of its own on Darwin, and leads to `/proc/self/fd` on Linux.
    let folder = SystemLessonFiles.realPath(WholeFile.folder(of: path))
    return folder == "/dev/fd" || folder == "/proc/\(getpid())/fd" ? number : nil
  }
}
