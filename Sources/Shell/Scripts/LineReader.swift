// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads a descriptor line by line, each line as soon as it has arrived.
///
/// Lines end in LF or CRLF; the last one need not end at all; a byte order mark at the very start is skipped.
struct LineReader {
  enum Failure: Error {
    case system(SystemError)
    /// Bytes that are not UTF-8, in line `line`; `column` counts characters from 1.
    case invalidText(line: Int, column: Int, byte: UInt8)
    case lineTooLong(line: Int)
    case fileTooLong
  }

  /// Bytes in the longest line that is read. A longer one is not a script, and would fill the memory.
  static let longestLine = 16 << 20

  private let descriptor: Int32
  /// The most bytes read in all.
  private let limit: Int
  private let waiting: (() -> Void)?
  private var buffer: [UInt8] = []
  /// Where the next line starts in `buffer`, and up to where no end of line was found.
  private var start = 0
  private var searched = 0
  private var total = 0
  private var isAtEnd = false
  private(set) var lineNumber = 0

  /// - Parameter waiting: called before each read, which may have to wait.
  init(descriptor: Int32, limit: Int = .max, waiting: (() -> Void)? = nil) {
    self.descriptor = descriptor
    self.waiting = waiting
    self.limit = limit
  }

  /// The next line without its end; nil after the last.
  mutating func next() throws(Failure) -> String? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = start..<end
        start = end + 1
        searched = start
        return try text(of: line)
      }
      searched = buffer.count
      if searched - start > Self.longestLine { throw .lineTooLong(line: lineNumber + 1) }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        let line = start..<buffer.count
        start = buffer.count
        return try text(of: line)
      }
      try fill()
    }
  }

  private mutating func fill() throws(Failure) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    waiting?()
    let count = retryingInterrupted { read(descriptor, &chunk, chunk.count) }
    if count < 0 {
      guard errno == EAGAIN else { throw .system(.last) }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, -1)
      return
    }
    isAtEnd = count == 0
    total += count
    if total > limit { throw .fileTooLong }
    buffer += chunk[..<count]
  }

  private mutating func text(of range: Range<Int>) throws(Failure) -> String {
    lineNumber += 1
    var range = range
    if lineNumber == 1, buffer[range].starts(with: [0xEF, 0xBB, 0xBF]) {
      range = (range.lowerBound + 3)..<range.upperBound
    }
    if buffer[range].last == UInt8(ascii: "\r") { range = range.lowerBound..<(range.upperBound - 1) }
    let bytes = buffer[range]
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let (column, byte) = InvalidText.place(in: bytes)
    throw .invalidText(line: lineNumber, column: column, byte: byte)
  }
}

/// Finds the place where bytes stop being UTF-8.
enum InvalidText {
  /// The column, in characters from 1, of the first byte that is not UTF-8, and that byte.
  static func place(in bytes: some BidirectionalCollection<UInt8>) -> (column: Int, byte: UInt8) {
    // The longest valid prefix is found by bisection: a prefix that ends within a character becomes valid with at most
    // three bytes fewer.
    let bytes = Array(bytes)
    func isValid(_ count: Int) -> Bool {
      (0...3).contains { count >= $0 && String(validating: bytes[..<(count - $0)], as: UTF8.self) != nil }
    }
    var valid = 0
    var invalid = bytes.count
    while valid + 1 < invalid {
      let middle = (valid + invalid) / 2
      if isValid(middle) { valid = middle } else { invalid = middle }
    }
    var end = invalid
    while end > 0, String(validating: bytes[..<end], as: UTF8.self) == nil { end -= 1 }
    let prefix = String(decoding: bytes[..<end], as: UTF8.self)
    return (prefix.count + 1, end < bytes.count ? bytes[end] : 0)
  }
}
