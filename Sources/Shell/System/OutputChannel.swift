// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Standard output or standard error: what is written to it leaves at once, and whole.
public final class OutputChannel {
  let descriptor: Int32

  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  public static let standardOutputDescriptor: Int32 = 1
  public static let standardErrorDescriptor: Int32 = 2

  /// Writes text. A reader who has gone ends the program as it ends any other in a pipe; any other failure to write
  /// standard output is said on standard error and ends the program too, since nobody would see what it does.
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
          .write("natsh: cannot write its output: \(error.reason)\n")
      }
      exit(1)
    }
  }

  /// Writes text and sees to it that the line ends.
  public func writeLine(_ text: String) {
    write(text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n")
  }
}
