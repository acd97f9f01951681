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
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  private static let icmpv6: UInt8 = 58

  // TCP's flags (RFC 9293 §3.1).
  static let finish: UInt8 = 0x01
  static let push: UInt8 = 0x08
  static let acknowledgement: UInt8 = 0x10
  static let congestionWindowReduced: UInt8 = 0x80

  /// The place of the checksum in the transport's header, of those whose sum has a pseudo-header.
  var checksumOffset: Int? {
    switch transport {
    case Self.tcp: 16
    case Self.udp: 6
    case Self.icmpv6 where version == 6: 2
    default: nil
    }
  }

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
        identification: bytes.long(at: 44), offset: Int(word & 0xFFF8),
        isLast: word & 1 == 0)
    default: return nil
    }
  }
}

extension [UInt8] {
  /// Two bytes as a number in network order.
  func word(at place: Int) -> UInt16 { UInt16(self[place]) << 8 | UInt16(self[place + 1]) }

  /// Four bytes as a number in network order.
  func long(at place: Int) -> UInt32 { UInt32(word(at: place)) << 16 | UInt32(word(at: place + 2)) }
}
