// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder of natsh's own beside the history, in which something is kept that must outlive the program.
package struct StateFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The folder of that name beside the history; nil where there is no home folder.
  package static func beside(_ name: String) -> StateFolder? {
    HistoryFile.defaultPath.map { StateFolder(path: WholeFile.folder(of: $0) + "/" + name) }
  }

  /// Sees to it that the folder is there.
  package func make() throws(SystemError) { try WholeFile.makeFolder(path) }

  /// Holds the folder for one program at a time, until ``Hold`` goes.
  ///
  /// - Throws: `isHeld` where another program has it.
  package func hold() throws(SystemError) -> Hold {
    try make()
    let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let error = SystemError.last
      close(descriptor)
      throw error
    }
    return Hold(descriptor: descriptor)
  }

  /// The folder is this program's for as long as this is there.
  package final class Hold: Sendable {
    private let descriptor: Int32

    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
  }

  /// The text of a file; nil where there is none that can be read.
  package func text(of name: String, atMost limit: Int) -> String? {
    guard let bytes = try? SystemLessonFiles.bytes(at: path + "/" + name, atMost: limit, followsLinks: false) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names of the files that end so, in order.
  package func names(ending: String) -> [String] {
    (try? SystemLessonFiles.names(in: path, ending: ending)) ?? []
  }

  /// Puts `text` in the place of a file's, whole or not at all.
  package func replace(_ name: String, by text: String) throws(SystemError) {
    do throws(WholeFile.Failure) {
      try WholeFile.write(text, to: path + "/" + name)
    } catch {
      throw error.cause
    }
  }

  /// Writes a line at a file's end. A line before it that was cut off by a crash stays a line of its own.
  package func append(_ line: String, to name: String) throws(SystemError) {
    let descriptor = open(path + "/" + name, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    try appendLine(line, to: descriptor)
  }

  /// Writes files into a folder of somebody's, each whole; returns the names of those that were there before.
  package static func write(_ files: [(name: String, text: String)], to folder: String) throws(SystemError) -> [String]
  {
    let target = OpenScript.expandingHome(folder)
    if access(target, F_OK) != 0, mkdir(target, 0o777) != 0 { throw .last }
    let place = StateFolder(path: target)
    var replaced: [String] = []
    for file in files {
      if WholeFile.holdsSomething(target + "/" + file.name) { replaced.append(file.name) }
      try place.replace(file.name, by: file.text)
    }
    return replaced
  }
}

/// Writes a line at the end of an open file. What a crash or a hand has left of a line before it stays a line of its own.
func appendLine(_ line: String, to descriptor: Int32) throws(SystemError) {
  var last = UInt8(ascii: "\n")
  let size = lseek(descriptor, 0, SEEK_END)
  if size > 0 { _ = pread(descriptor, &last, 1, size - 1) }
  try writeAll((last == UInt8(ascii: "\n") ? "" : "\n") + line + "\n", to: descriptor)
}

extension SystemError {
  /// Whether another program holds what was asked for.
  package var isHeld: Bool { code == EWOULDBLOCK }
}
