// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waits for a file's lock as long as another shell may need it, and not for one that never lets go.
final class LockPatience: Sendable {
  /// Milliseconds that the first who meets a lock waits for it.
  private static let longest = 1_000
  private static let pause: Int32 = 20

  /// Whether a wait was in vain; then the next does not wait again.
  private let hasRunOut = Atomic(false)

  /// Locks a file.
  ///
  /// - Throws: `EWOULDBLOCK` where somebody else keeps it.
  func lock(_ descriptor: Int32) throws(SystemError) {
    let end = RealTime.milliseconds() + Self.longest
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let error = SystemError.last
      guard error.code == EWOULDBLOCK || error.code == EINTR else { throw error }
      if hasRunOut.load(ordering: .relaxed) || RealTime.milliseconds() >= end {
        hasRunOut.store(true, ordering: .relaxed)
        throw SystemError(code: EWOULDBLOCK)
      }
      _ = poll(nil, 0, Self.pause)
    }
    hasRunOut.store(false, ordering: .relaxed)
  }
}
