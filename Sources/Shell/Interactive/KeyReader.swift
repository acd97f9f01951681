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
    /// The terminal has gone.
    case end
    /// Nobody pressed a key in time.
    case timeout
    /// A key without a meaning here.
    case other
  }

  /// Whether single keys are read from now on, not only for the next one.
  nonisolated(unsafe) private static var isHeld = false

  /// Stops the terminal from showing keys and waiting for Enter until `release`.
  static func hold() { if !isHeld { isHeld = terminal_keys_begin() != 0 } }

  /// Gives the terminal back its ordinary modes.
  static func release() {
    if isHeld { terminal_keys_end() }
    isHeld = false
  }

  /// Waits for that long.
  static func pause(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  /// Waits for a key, at most that many milliseconds; a negative number means for ever.
  static func next(milliseconds: Int32 = -1) -> Key {
    let isTerminal = !isHeld && terminal_keys_begin() != 0
    defer { if isTerminal { terminal_keys_end() } }
    if let key = wait(milliseconds) { return key }
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

  /// The bytes that a key sends after its escape, which come at once; none if it was Escape itself.
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

  /// Waits until there is a key to be read; returns what came instead. Other signals, such as that of a window's new
  /// size, do not end the wait.
  private static func wait(_ milliseconds: Int32) -> Key? {
    let end = RealTime.milliseconds() + Int(milliseconds)
    while true {
      var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let rest = milliseconds < 0 ? -1 : Int32(clamping: max(0, end - RealTime.milliseconds()))
      let ready = poll(&watched, 1, rest)
      if ready > 0 { return nil }
      if ready == 0 { return .timeout }
      if errno != EINTR || terminal_end_pending() != 0 { return .end }
      if terminal_interrupt_pending() != 0 { return .interrupt }
    }
  }
}
