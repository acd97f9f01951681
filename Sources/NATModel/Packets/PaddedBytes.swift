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

  /// - Parameter head: The bytes that are followed by zeros.
  /// - Returns: nil if `length` is not more than a head's, or too long for a datagram.
  init?(head: Slice<UnsafeRawBufferPointer>, length: Int) {
    guard length > Self.headCapacity, let length = UInt16(exactly: length) else { return nil }
    self.length = length
    first = head.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    second = head.dropFirst(8).reduce(0) { $0 << 8 | UInt32($1) }
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
