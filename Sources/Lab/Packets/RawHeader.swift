// SPDX-License-Identifier: GPL-3.0-or-later

import WireFormat

/// The lengths and places in the head of an IP packet's bytes, as far as carrying it needs them.
struct RawHeader {
  /// 4 or 6.
  let version: Int
  /// Where the part after the IP header begins; for a piece of an IPv6 packet, after the fragment header.
  let transportStart: Int
  let transport: UInt8
  /// The piece that it is: nil for a whole packet.
  let piece: Piece?

  struct Piece: Hashable {
    var identification: UInt32
    /// Bytes of the whole packet's transport part before these.
    var offset: Int
    var isLast: Bool
  }

  static let ipv6FragmentHeader: UInt8 = 44

  /// Nil if there is no IP header, or one that is longer than its packet.
  init?(_ bytes: [UInt8]) {
    switch bytes.first.map({ $0 >> 4 }) {
    case 4:
      guard bytes.count >= 20 else { return nil }
      let length = Int(bytes[0] & 15) * 4
      guard length >= 20, bytes.count >= length else { return nil }
      version = 4
      transportStart = length
      transport = bytes[9]
      let word = bytes.word(at: 6)
      let offset = Int(word & 0x1FFF) * 8
      let hasMore = word & 0x2000 != 0
      piece =
        offset > 0 || hasMore
        ? Piece(identification: UInt32(bytes.word(at: 4)), offset: offset, isLast: !hasMore) : nil
    case 6:
      guard bytes.count >= 40 else { return nil }
      version = 6
      guard bytes[6] == Self.ipv6FragmentHeader else {
        transportStart = 40
        transport = bytes[6]
        piece = nil
        return
      }
      guard bytes.count >= 48 else { return nil }
      transportStart = 48
      transport = bytes[40]
      let word = bytes.word(at: 42)
      piece = Piece(
        identification: UInt32(bytes.word(at: 44)) << 16 | UInt32(bytes.word(at: 46)), offset: Int(word & 0xFFF8),
        isLast: word & 1 == 0)
    default: return nil
    }
  }
}

extension [UInt8] {
  /// Two bytes as a number in network order.
  func word(at place: Int) -> UInt16 { UInt16(self[place]) << 8 | UInt16(self[place + 1]) }

  /// Puts the checksum of a 20-byte or longer IPv4 header into it.
  mutating func sumIPv4Header(length: Int) {
    replace(at: 10, with: 0)
    var checksum = InternetChecksum()
    checksum.add(self[0..<length])
    replace(at: 10, with: checksum.value)
  }
}
