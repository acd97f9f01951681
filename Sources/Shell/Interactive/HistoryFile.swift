// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The lines typed, kept between sessions in a file that several shells may use at once.
///
/// Each line is appended as it is typed, under a lock, so that no shell loses another's; the file is cut to
/// ``capacity`` lines when a shell begins and ends, by a new file that takes its place.
final class HistoryFile {
  /// Lines kept.
  static let capacity = 10_000
  /// Bytes in the longest line worth keeping.
  static let longestLine = 1 << 16
  /// Bytes read at the file's end; anything before them is too old, however few the lines are.
  static let mostBytes = 16 << 20

  private let path: String
  private let patience = LockPatience()
  private(set) var lastLine: String?

  init(path: String) {
    self.path = path
  }

  /// `$XDG_STATE_HOME/natsh/history`, by default in `~/.local/state`; nil if there is no home folder either.
  static var defaultPath: String? {
    // The XDG specification says to ignore a relative path.
    if let state = Environment["XDG_STATE_HOME"], state.utf8.first == UInt8(ascii: "/") {
      return state + "/natsh/history"
    }
    if let home = Environment["HOME"], home.utf8.first == UInt8(ascii: "/") {
      return home + "/.local/state/natsh/history"
    }
    return nil
  }

  /// The lines kept, the oldest first, after the file has been cut to its capacity.
  func load() throws(SystemError) -> [String] {
    let lines = try cut()
    lastLine = lines.last
    return lines
  }

  /// Whether a line should be kept: not an empty one, one that begins with a space, or the last once more.
  func wants(_ line: String) -> Bool {
    !line.isEmpty && line.utf8.first != UInt8(ascii: " ") && line != lastLine && Self.isKeepable(line)
  }

  /// Appends a line that ``wants(_:)`` accepts.
  func append(_ line: String) throws(SystemError) {
    lastLine = line
    let descriptor = try openLocked()
    defer { close(descriptor) }
    try appendLine(line, to: descriptor)
  }

  /// Makes sure that lines can be kept, without reading those that are.
  func check() throws(SystemError) {
    close(try openLocked())
  }

  /// Cuts the file to its capacity, and returns what is in it.
  @discardableResult
  func cut() throws(SystemError) -> [String] {
    let descriptor = try openLocked()
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let start = max(0, size - Self.mostBytes)
    lseek(descriptor, off_t(start), SEEK_SET)
    var all = try readAll(from: descriptor, atMost: Self.mostBytes).split(separator: UInt8(ascii: "\n"))
    // The first of them is only the end of a line.
    if start > 0 { all.removeFirst(min(1, all.count)) }
    let kept = all.suffix(Self.capacity)
    if start > 0 || all.count > kept.count { try replace(by: kept) }
    return kept.compactMap { line in
      line.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }.flatMap { Self.isKeepable($0) ? $0 : nil }
    }
  }

  /// False for a line with control characters, which would play tricks on the terminal when recalled.
  private static func isKeepable(_ line: String) -> Bool {
    guard line.utf8.count <= longestLine else { return false }
    return PrintableText.isPrintable(line.utf8.contains(9) ? line.replacing("\t", with: " ") : line)
  }

  private func replace(by lines: some Sequence<ArraySlice<UInt8>>) throws(SystemError) {
    let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    do throws(WholeFile.Failure) {
      try WholeFile.write(text, to: path)
    } catch {
      throw error.cause
    }
  }

  /// Opens the file, making it and its folder if need be, and waits for its lock, but not for long.
  private func openLocked() throws(SystemError) -> Int32 {
    try WholeFile.makeFolder(WholeFile.folder(of: path))
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
      guard descriptor >= 0 else { throw .last }
      var opened = stat()
      guard fstat(descriptor, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        throw SystemError(code: EINVAL)
      }
      do throws(SystemError) {
        try patience.lock(descriptor)
      } catch {
        close(descriptor)
        throw error
      }
      // Another shell may have put a shorter file in this one's place while this one waited for the lock.
      var named = stat()
      if stat(path, &named) == 0, named.st_ino == opened.st_ino, named.st_dev == opened.st_dev { return descriptor }
      close(descriptor)
    }
  }
}
