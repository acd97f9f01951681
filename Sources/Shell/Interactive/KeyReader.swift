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
    case backspace
    case up, down, left, right
    case pageUp, pageDown
    case home, lastPage
    case interrupt
    /// A signal came, such as that of a window that has another size now.
    case signal
    /// The terminal has gone.
    case end
    /// Nobody pressed a key in time.
    case timeout
    /// A key that means nothing here.
    case other
  }

  /// Keeps the terminal from showing keys and from waiting for Enter while `body` runs.
  static func withRawTerminal<Result>(_ body: () -> Result) -> Result {
    var before = termios()
    guard tcgetattr(0, &before) == 0 else { return body() }
    setRaw(before)
    defer { tcsetattr(0, TCSANOW, &before) }
    return body()
  }

  private static func setRaw(_ settings: termios) {
    var raw = settings
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(0, TCSANOW, &raw)
  }

  /// Lets time pass.
  static func pause(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  /// Waits for a key, for that many milliseconds at most; a negative number is for ever.
  static func next(milliseconds: Int32 = -1) -> Key {
    withRawTerminal {
      var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, milliseconds)
      if ready == 0 { return .timeout }
      if ready < 0 { return errno == EINTR ? .signal : .end }
      var byte: UInt8 = 0
      guard retryingInterrupted({ read(0, &byte, 1) }) > 0 else { return .end }
      switch byte {
      case 3: return .interrupt
      case 4: return .end
      case 10, 13: return .enter
      case 8, 127: return .backspace
      case 27: return escaped(restOfSequence())
      case 32...126: return .character(Character(UnicodeScalar(byte)))
      default: return .other
      }
    }
  }

  /// The bytes that a key sends behind its escape, which come at once; none where it was Escape itself.
  private static func restOfSequence() -> [UInt8] {
    var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    var bytes: [UInt8] = []
    while bytes.count < 8, poll(&watched, 1, 20) > 0 {
      var byte: UInt8 = 0
      guard read(0, &byte, 1) > 0 else { break }
      bytes.append(byte)
      // A letter or `~` ends it; `[` and `O` begin it.
      if bytes.count > 1, byte >= 0x40 { break }
    }
    return bytes
  }

  /// The key of a sequence as terminals after the VT220 and xterm send it.
  private static func escaped(_ bytes: [UInt8]) -> Key {
    switch String(decoding: bytes, as: UTF8.self) {
    case "[A", "OA": .up
    case "[B", "OB": .down
    case "[C", "OC": .right
    case "[D", "OD": .left
    case "[5~": .pageUp
    case "[6~": .pageDown
    case "[H", "OH", "[1~", "[7~": .home
    case "[F", "OF", "[4~", "[8~": .lastPage
    default: .other
    }
  }
}
