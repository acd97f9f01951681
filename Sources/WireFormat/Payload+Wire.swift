// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Payloads as bytes.
///
/// Filler is zeros. A piece of video has RTP's header (RFC 3550 §5.1) with an extension (§5.3.1) for what the simulator
/// counts more finely than RTP does, then zeros. All else is text.
extension Payload {
  /// RTP's fixed header, its extension's, and three words of extension.
  private static let mediaHeaderLength = 28
  /// Version 2, an extension; and a dynamic payload type.
  private static let mediaStart: [UInt8] = [0x90, 96]
  /// The extension's name, "ns", and its length in words.
  private static let mediaExtension: [UInt8] = [0x6E, 0x73, 0, 3]

  func encode(into bytes: inout [UInt8]) {
    switch self {
    case .empty: break
    case .text(let text): bytes += text
    case .filler(let count): bytes += repeatElement(0, count: max(count, 0))
    case .media(let piece): Self.encode(piece, into: &bytes)
    case .quote(let quoted): quoted.encode(into: &bytes)
    case .fragment(let fragment): bytes += repeatElement(0, count: max(fragment.count, 0))
    }
  }

  private static func encode(_ piece: MediaPayload, into bytes: inout [UInt8]) {
    let end = bytes.count + Int(piece.length)
    bytes += mediaStart
    bytes.appendNumber(UInt16(truncatingIfNeeded: piece.sequence))
    bytes.appendNumber(clock(piece.sentAt))
    bytes.appendNumber(piece.stream)
    bytes += mediaExtension
    bytes.appendNumber(piece.sequence >> 16)
    bytes.appendNumber(UInt64(bitPattern: piece.sentAt.microseconds))
    if bytes.count > end { bytes.removeLast(bytes.count - end) }
    bytes += repeatElement(0, count: end - bytes.count)
  }

  /// RTP's clock for video: 90,000 ticks a second (RFC 3551 §5), modulo 2^32.
  private static func clock(_ time: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(bitPattern: time.microseconds) &* 9 / 100)
  }

  /// What `bytes` are, so that they are written as the same bytes again.
  init(decoding bytes: ArraySlice<UInt8>) {
    if bytes.isEmpty {
      self = .empty
    } else if let piece = Self.media(bytes) {
      self = .media(piece)
    } else if bytes.allSatisfy({ $0 == 0 }) {
      self = .filler(bytes.count)
    } else {
      self = .text(Array(bytes))
    }
  }

  private static func media(_ bytes: ArraySlice<UInt8>) -> MediaPayload? {
    guard bytes.count >= mediaHeaderLength, bytes.count <= UInt16.max, bytes.starts(with: mediaStart) else {
      return nil
    }
    func number(_ range: Range<Int>) -> UInt64 {
      bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound].reduce(0) {
        $0 << 8 | UInt64($1)
      }
    }
    let high = UInt32(truncatingIfNeeded: number(16..<20))
    let piece = MediaPayload(
      stream: UInt32(truncatingIfNeeded: number(8..<12)),
      sequence: high << 16 | UInt32(truncatingIfNeeded: number(2..<4)),
      sentAt: Instant(microseconds: Int64(bitPattern: number(20..<28))), length: UInt16(bytes.count))
    var again: [UInt8] = []
    encode(piece, into: &again)
    return again.elementsEqual(bytes) ? piece : nil
  }
}

extension [UInt8] {
  /// Appends a number in network order.
  package mutating func appendNumber(_ number: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Appends an address: 4 bytes or 16.
  package mutating func appendAddress(_ address: IPAddress) {
    if address.isIPv4 {
      appendNumber(address.ipv4Bits)
    } else {
      appendNumber(address.high)
      appendNumber(address.low)
    }
  }

  /// Puts a number in network order into two bytes that are there.
  package mutating func replace(at offset: Int, with number: UInt16) {
    self[offset] = UInt8(number >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: number)
  }
}
