// SPDX-License-Identifier: GPL-3.0-or-later

/// Application bytes that begin with a few meaningful ones and continue with zeros, such as a media packet: plain data,
/// so that streams of millions of packets allocate nothing.
public struct PaddedBytes: Hashable, Sendable {
  /// The most bytes that can stand before the zeros: RTP's fixed header (RFC 3550 §5.1).
  public static let headCapacity = 12

  /// The first eight bytes in network order, and the four after them.
  private var first: UInt64 = 0
  private var second: UInt32 = 0
  /// Bytes, the zeros included.
  public let length: UInt16

  /// - Parameters:
  ///   - first: bytes 0 to 7 as one number in network order.
  ///   - second: bytes 8 to 11.
  ///   - length: at least ``headCapacity``, so that the whole head is there.
  public init(_ first: UInt64, _ second: UInt32, length: UInt16) {
    self.first = first
    self.second = second
    self.length = max(length, UInt16(Self.headCapacity))
  }

  /// Reads `bytes`; nil if they are not zero after the head, are all zero, or are shorter than a head.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count > Self.headCapacity, let length = UInt16(exactly: bytes.count),
      bytes.dropFirst(Self.headCapacity).allSatisfy({ $0 == 0 })
    else { return nil }
    self.length = length
    first = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    second = bytes.dropFirst(8).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The head in the form that ``init(_:_:length:)`` takes.
  public var head: (UInt64, UInt32) { (first, second) }

  /// All of them.
  public var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(length))
    for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: first >> (56 - 8 * place)) }
    for place in 0..<4 { bytes[8 + place] = UInt8(truncatingIfNeeded: second >> (24 - 8 * place)) }
    return bytes
  }
}
