// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Standard output or standard error: text written to it leaves at once, and whole.
public final class OutputChannel: Sendable {
  let descriptor: Int32

  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Takes everything and shows it to nobody.
  public static var nowhere: OutputChannel { OutputChannel(descriptor: open("/dev/null", O_WRONLY | O_CLOEXEC)) }

  public static let standardOutputDescriptor: Int32 = 1
  public static let standardErrorDescriptor: Int32 = 2

  /// Writes text. A reader who has gone ends the program as it ends any other in a pipe; any other failure to write
  /// standard output is reported on standard error and ends the program too, since nobody would see what it does.
  public func write(_ text: String) {
    guard !text.isEmpty else { return }
    do throws(SystemError) {
      try writeAll(text, to: descriptor)
    } catch {
      if error.code == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      } else if descriptor != Self.standardErrorDescriptor {
        OutputChannel(descriptor: Self.standardErrorDescriptor)
          .write(said("natsh: cannot write its output: \(error.reason)\n"))
      }
      exit(1)
    }
  }

  /// Writes text and sees to it that the line ends; stops, at the end of what the terminal has taken, once `isStopped`.
  ///
  /// - Returns: whether everything was written.
  func writeLine(_ text: String, unless isStopped: () -> Bool) -> Bool {
    let bytes = text.utf8
    var start = bytes.startIndex
    while start < bytes.endIndex {
      if isStopped() { return false }
      // About a screen at a time, in whole lines.
      let end = text.lineEnd(after: bytes.index(start, offsetBy: 4_096, limitedBy: bytes.endIndex) ?? bytes.endIndex)
      write(String(text[start..<end]))
      start = end
    }
    if bytes.last != UInt8(ascii: "\n") { write("\n") }
    return !isStopped()
  }

  /// Writes a message that may quote what the caller or a file has said: control characters are spelled out.
  public func writeMessage(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { PrintableText.of($0) }
    writeLine(lines.joined(separator: "\n"))
  }

  /// Writes text and sees to it that the line ends.
  public func writeLine(_ text: String) {
    write(text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n")
  }
}

extension String {
  /// The end of the line in which `index` is, after its newline.
  fileprivate func lineEnd(after index: Index) -> Index {
    utf8[index...].firstIndex(of: UInt8(ascii: "\n")).map { utf8.index(after: $0) } ?? endIndex
  }
}
