// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The processor time of this process, including the system's work for it. The time of other programs
/// is not in it, so a long row gives the same figure on a busy machine.
enum ProcessorTime {
  /// Nanoseconds since the process began.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  /// The nanoseconds that `work` took.
  static func of(_ work: () throws -> Void) rethrows -> Double {
    let start = now
    try work()
    return now - start
  }
}
