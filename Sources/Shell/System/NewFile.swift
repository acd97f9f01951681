// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writing a file that does not exist yet.
enum NewFile {
  /// Writes the text to a new file; an existing one, even a link to nowhere, is left alone and is a failure.
  static func write(_ text: String, to path: String) throws(SystemError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    do throws(SystemError) {
      try writeAll(text, to: descriptor)
    } catch {
      unlink(path)
      throw error
    }
  }
}
