// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waits for a file's lock as long as another shell may need it, but not for a lock that is never released.
final class LockPatience: Sendable {
  /// How long the first caller to find a file locked waits for it, in milliseconds.
  private static let longest = 1_000
  private static let pause: Int32 = 20

  /// Whether a wait was in vain, so that the next caller does not wait again.
  private let hasRunOut = Atomic(false)

  /// Locks a file.
  ///
  /// - Throws: `EWOULDBLOCK` if somebody else keeps it.
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
