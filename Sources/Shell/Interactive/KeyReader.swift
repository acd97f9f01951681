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
    let isTerminal = terminal_keys_begin() != 0
    defer { if isTerminal { terminal_keys_end() } }
    if let key = wait(milliseconds) { return key }
    var bytes = [UInt8](repeating: 0, count: 16)
    // An arrow or another such key sends several bytes at once.
    let count = retryingInterrupted { read(0, &bytes, isTerminal ? 1 : bytes.count) }
    guard count > 0 else { return .end }
    switch bytes[0] {
    case 3: return .interrupt
    case 4: return .end
    case 10, 13: return .enter
    case 27:
      var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      while poll(&watched, 1, 20) > 0, read(0, &bytes, bytes.count) > 0 {}
      return .other
    case 32...126: return .character(Character(UnicodeScalar(bytes[0])))
    default: return .other
    }
  }

  /// Waits until there is a key to be read; returns what came instead. Other signals, such as that of a window's new
  /// size, end no wait.
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
