// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What this process holds in memory.
enum ResidentMemory {
  /// Resident bytes, or nil where the system does not tell in a file.
  static var bytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}
