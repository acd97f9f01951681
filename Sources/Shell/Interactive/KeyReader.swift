// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Single keys from the terminal, without waiting for Enter.
enum KeyReader {
  enum Key: Hashable {
    case character(Character)
    case enter
    case interrupt
    /// The terminal has gone.
    case end
    /// Nobody pressed a key in time.
    case timeout
    /// A key that means nothing here, such as an arrow.
    case other
  }

  /// Lets time pass.
  static func pause(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  /// Waits for a key, for that many milliseconds at most; a negative number is for ever.
  static func next(milliseconds: Int32 = -1) -> Key {
    var before = termios()
    let isTerminal = tcgetattr(0, &before) == 0
    if isTerminal {
      var raw = before
      raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
      tcsetattr(0, TCSANOW, &raw)
    }
    defer { if isTerminal { tcsetattr(0, TCSANOW, &before) } }
    var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    let ready = poll(&watched, 1, milliseconds)
    if ready == 0 { return .timeout }
    if ready < 0 { return errno == EINTR ? .interrupt : .end }
    var bytes = [UInt8](repeating: 0, count: 16)
    // An arrow or another such key sends several bytes at once.
    let count = retryingInterrupted { read(0, &bytes, isTerminal ? 1 : bytes.count) }
    guard count > 0 else { return .end }
    switch bytes[0] {
    case 3: return .interrupt
    case 4: return .end
    case 10, 13: return .enter
    case 27:
      while poll(&watched, 1, 20) > 0, read(0, &bytes, bytes.count) > 0 {}
      return .other
    case 32...126: return .character(Character(UnicodeScalar(bytes[0])))
    default: return .other
    }
  }
}
