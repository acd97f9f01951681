// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The memory that this process uses.
enum ResidentMemory {
  /// Resident bytes, or nil if the system does not report them in a file.
  static var bytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}
