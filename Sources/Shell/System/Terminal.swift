// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The properties of the terminal, or whatever else, at one end of a descriptor.
public struct Terminal: Sendable {
  public var descriptor: Int32

  public static let input = Terminal(descriptor: 0)
  public static let output = Terminal(descriptor: 1)
  public static let errors = Terminal(descriptor: 2)

  /// Whether there is a terminal at all.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether it understands escape codes.
  public var isCapable: Bool {
    guard isTerminal, let kind = Environment["TERM"] else { return false }
    return !kind.isEmpty && kind != "dumb"
  }

  /// The style of text for it, from its kind, the environment and its present width.
  public var style: TextStyle {
    var environment: [String: String] = [:]
    for name in ["TERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"] { environment[name] = Environment[name] }
    let isTerminal = isTerminal
    return TextStyle.detect(isTerminal: isTerminal, environment: environment, width: isTerminal ? width : nil)
  }

  /// Its present number of lines; 24 if the descriptor does not tell.
  public var height: Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }

  /// Its present number of columns; `COLUMNS` or 80 if the descriptor does not tell.
  public var width: Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return Environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }
}

/// The environment variables.
enum Environment {
  static subscript(name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
