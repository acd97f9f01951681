// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

extension [UInt8] {
  /// The piece of a whole packet's bytes, under a header of its own.
  func piece(_ fragment: Fragment) -> [UInt8] {
    guard let header = RawHeader(self) else { return self }
    let start = header.transportStart
    let from = Swift.min(start + fragment.offset, count)
    let data = self[from..<Swift.min(start + fragment.end, count)]
    var piece = Array(self[..<start])
    if header.version == 4 {
      piece.replace(at: 2, with: UInt16(truncatingIfNeeded: start + data.count))
      piece.replace(at: 4, with: UInt16(truncatingIfNeeded: fragment.identification))
      piece.replace(at: 6, with: UInt16(truncatingIfNeeded: fragment.offset / 8) | (fragment.isLast ? 0 : 0x2000))
      piece.sumIPv4Header(length: start)
    } else {
      piece[6] = RawHeader.ipv6FragmentHeader
      piece += [header.transport, 0]
      piece.appendNumber(UInt16(truncatingIfNeeded: fragment.offset) & 0xFFF8 | (fragment.isLast ? 0 : 1))
      piece.appendNumber(fragment.identification)
      piece.replace(at: 4, with: UInt16(truncatingIfNeeded: data.count + 8))
    }
    return piece + data
  }
}
