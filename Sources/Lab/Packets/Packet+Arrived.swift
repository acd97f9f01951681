// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

extension Packet {
  /// The bytes that a kernel is given of a packet that has reached its host; nil if no header can express it.
  ///
  /// - Parameter carried: the packet as another kernel wrote it; nil if a device of the simulation made it.
  func arrivedBytes(carriedAs carried: CarriedPacket?) -> [UInt8]? {
    if let bytes = carried?.bytes(as: self) { return bytes }
    guard let fragment else { return try? encoded() }
    // The whole has the endpoints that it was sent with; of the pieces, only the first one has ports to compare.
    var whole = fragment.whole
    whole.source = Endpoint(source.address, fragment.offset == 0 ? source.port : whole.source.port)
    whole.destination = Endpoint(destination.address, fragment.offset == 0 ? destination.port : whole.destination.port)
    whole.timeToLive = timeToLive
    return (try? whole.encoded())?.piece(fragment)
  }
}

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
